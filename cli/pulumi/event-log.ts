import * as z from "zod";

import { createRedactor } from "../../provider/bigcommerce/redact";
import { defined } from "../../provider/defined";
import { type KindName, kindOf } from "../../provider/domain/kinds";
import { UNKNOWN_ORGANIZATION } from "../../provider/domain/label";
import type { Expiry } from "../../provider/domain/expiry";
import { type Effect, parseNotice, PREFIX, WARNING } from "../../provider/notice-formats";
import { asObject, FILLED_TEXT, type Properties, TEXT } from "./json";
import { readSeconds } from "./updates";

/** A notice of the provider on a token, as a log holds it. */
export interface Notice {
  readonly effect: TokenCode;
  readonly label: string;
  readonly fingerprint: string;
  /** False if a program or a resource can print the same: any line of a plain log, a diagnostic of a resource. */
  readonly isFromProcess: boolean;
  readonly expiry?: Expiry;
  /** Unix seconds, if the log tells. */
  readonly time?: number;
  /** What proved that it was revoked before; how a token is gone. */
  readonly by?: string;
}

/** The codes of notices on what became of a token. `gone`: a refresh saw it revoked, or missing from the store's list. */
type TokenCode = Effect | "revoked_before" | "revocation_refused" | "gone";

/** True if the notice tells that the token is no longer in use, not that its use begins. */
export function isEnding({ effect }: Notice): boolean {
  return effect !== "minted" && effect !== "adopted";
}

/** A failed operation on a token resource. */
export interface Failure {
  readonly urn: string;
  readonly kind: KindName;
  readonly message: string;
  readonly time?: number;
}

export interface EventLog {
  readonly notices: readonly Notice[];
  readonly failures: readonly Failure[];
}

/** No event of the provider is as long: its errors quote no more than a part of a response. */
const MAX_LINE = 64 * 1024;
/** The severity of lines that the provider's process, or the program, writes to standard error. */
const STANDARD_ERROR = "info#err";

const EVENT = z
  .object({
    timestamp: z.unknown().optional().transform(readSeconds),
    diagnosticEvent: z
      .object({ message: TEXT, urn: FILLED_TEXT, severity: TEXT })
      .optional()
      .catch(undefined),
  })
  .transform(({ timestamp: time, diagnosticEvent }) => ({ ...diagnosticEvent, time }));

/** Reads the logs of updates: event logs, as `pulumi up --json` prints them too, and plain output. */
export async function readEventLogs(logs: Iterable<AsyncIterable<string>>): Promise<EventLog> {
  const notices = new Map<string, Notice>();
  const failures = new Map<string, Failure>();
  for (const lines of logs) {
    const log = await readEventLog(lines);
    for (const notice of log.notices) addNotice(notices, notice);
    for (const failure of log.failures) failures.set(keyOf(failure), failure);
  }
  return { notices: [...notices.values()], failures: [...failures.values()] };
}

/** A program can print a line of JSON into a plain log, so that JSON counts only in a log that has nothing else. */
async function readEventLog(lines: AsyncIterable<string>): Promise<EventLog> {
  const notices = new Map<string, Notice>();
  const failures = new Map<string, Failure>();
  const redact = createRedactor([]);
  const check = createEventLogCheck();
  for await (const line of lines) {
    const isOurs = isOfProvider(line);
    const event = isOurs || check.isEventLog() ? parseLine(line) : undefined;
    check.add(line, event);
    if (!isOurs) continue;
    // A line that is no JSON stands for itself.
    const entry: z.output<typeof EVENT> = event ? EVENT.parse(event) : { message: line, time: undefined };
    const { message = "", urn, severity, time } = entry;
    // Messages of `pulumi.log` may have no URN either, but have another severity.
    const isFromProcess = urn === undefined && severity === STANDARD_ERROR;
    for (const part of message.split("\n")) {
      const notice = noticeIn(part, isFromProcess);
      if (notice) addNotice(notices, { ...notice, ...defined({ time }) });
    }
    const kind = severity === "error" && urn !== undefined ? kindOf(typeOf(urn)) : undefined;
    if (!kind || urn === undefined) continue;
    const failure = { urn, kind, message: redact(message), ...defined({ time }) };
    failures.set(keyOf(failure), failure);
  }
  const log = { notices: [...notices.values()], failures: [...failures.values()] };
  if (check.isEventLog()) return log;
  return {
    notices: log.notices.map(({ time: _, ...notice }) => ({ ...notice, isFromProcess: false })),
    failures: log.failures.map(({ time: _, ...failure }) => failure),
  };
}

/** Keeps the earliest of equal notices: plain output prints each twice, and logs may be given in any order. */
function addNotice(notices: Map<string, Notice>, notice: Notice): void {
  const key = `${notice.effect} ${notice.fingerprint} ${notice.label} ${notice.isFromProcess}`;
  const known = notices.get(key);
  if (!known || (notice.time ?? Infinity) < (known.time ?? Infinity)) notices.set(key, notice);
}

function keyOf({ urn, time, message }: Failure): string {
  return `${urn} ${time ?? ""} ${message}`;
}

/** True if a line may hold a notice of the provider, or an error of one of its resources. */
export function isOfProvider(line: string): boolean {
  if (line.length > MAX_LINE) return false;
  const isError = line.includes('"severity":"error"') && line.includes("bigcommerce:");
  return isError || line.includes(PREFIX);
}

/** The provider's own lines begin with the prefix. In a plain log, Pulumi prints the resource's row before it. */
export function noticeIn(line: string, isFromProcess: boolean): Notice | undefined {
  const at = line.indexOf(PREFIX);
  if (at < 0) return undefined;
  const notice = tokenNoticeIn(line.slice(at + PREFIX.length).trimEnd());
  // What the plugin writes to standard error, the engine hides.
  const isOfPlugin = notice?.label.startsWith(`${UNKNOWN_ORGANIZATION}/`);
  return notice && { ...notice, isFromProcess: isFromProcess && at === 0 && !isOfPlugin };
}

function tokenNoticeIn(line: string): Omit<Notice, "isFromProcess"> | undefined {
  // The plugin's messages have their severity beside the text.
  const notice = parseNotice(line) ?? parseNotice(`${WARNING}${line}`);
  if (!notice) return undefined;
  const { code: effect, resource: label, facts } = notice;
  switch (effect) {
    case "minted":
    case "adopted":
    case "revoke_accepted":
    case "left_to_expire":
    case "expired":
    case "revocation_refused":
      return { effect, label, fingerprint: facts.fingerprint, expiry: facts.expiry };
    case "revoked_before":
      return { effect, label, fingerprint: facts.fingerprint, by: facts.by };
    case "gone":
      return { effect, label, fingerprint: facts.fingerprint, by: facts.how };
    default:
      return undefined;
  }
}

/**
 * Tells an event log from plain output, line by line. An event log has events alone. Its last line may be cut, if the run
 * was killed. Plain output begins with Pulumi's own words, so that no plain log is an event log but for its last line.
 */
function createEventLogCheck() {
  let events = 0;
  let isPlain = false;
  let isCut = false;
  return {
    /** `event`: what the line is as JSON. */
    add(line: string, event: Properties | undefined): void {
      if (isPlain || line.trim() === "") return;
      if (!isCut && event && isEvent(event)) events += 1;
      else if (!isCut && events > 0 && line.startsWith("{") && !event) isCut = true;
      else isPlain = true;
    },
    /** True if no line so far speaks against it. */
    isEventLog: () => !isPlain,
  };
}

/** A line of a log as JSON; undefined for a line of plain output, and for one that was cut. */
function parseLine(line: string): Properties | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    return asObject(JSON.parse(line));
  } catch {
    return undefined;
  }
}

/** The engine numbers and dates every event, and names it by one key. */
function isEvent(event: Properties): boolean {
  return (
    typeof event["sequence"] === "number" &&
    typeof event["timestamp"] === "number" &&
    Object.keys(event).some((key) => key.endsWith("Event") && asObject(event[key]) !== undefined)
  );
}

/** In the URN of a child, the types of its parents lead its own. */
function typeOf(urn: string): string {
  return urn.split("::")[2]?.split("$").at(-1) ?? "";
}
