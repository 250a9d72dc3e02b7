import { createRedactor } from "../../provider/bigcommerce/redact";
import type { KindName } from "../../provider/domain/kinds";
import type { Expiry } from "../../provider/domain/expiry";
import { type Effect, parseNotice, PREFIX } from "../../provider/notice-formats";
import { createForm } from "./event-log-form";
import { asObject } from "./json";
import { kindOf } from "./urn";
import { readSeconds } from "./updates";

/** What a log says that the provider said of a token. */
export interface Notice {
  readonly effect: TokenCode;
  readonly label: string;
  readonly fingerprint: string;
  /** False if a resource's own output can read the same: any line of a plain log, a diagnostic of a resource. */
  readonly isFromProcess: boolean;
  readonly expiry?: Expiry;
  /** Unix seconds, where the log says so. */
  readonly time?: number;
  /** Who proved that it was revoked before; of one that is gone, how. */
  readonly by?: string;
}

/** The codes of notices on what became of a token. `gone`: a refresh saw it revoked, or missing from the store's list. */
export type TokenCode = Effect | "revoked_before" | "revocation_refused" | "gone";

/** Whether it tells of an end, not of a beginning. */
export function isEnding({ effect }: Notice): boolean {
  return effect !== "minted" && effect !== "adopted";
}

/** An operation on a token that failed. */
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

/** Longer than any event of the provider's, whose errors quote no more than a part of an answer. */
const MAX_LINE = 64 * 1024;
/** The severity of what a provider's process, or the program, writes to standard error. */
const STANDARD_ERROR = "info#err";

/** The logs of updates, each an event log, as `pulumi up --json` prints it as well, or plain output. */
export async function readEventLogs(logs: Iterable<AsyncIterable<string>>): Promise<EventLog> {
  const notices = new Map<string, Notice>();
  const failures = new Map<string, Failure>();
  for (const log of logs) {
    const told = await readEventLog(log);
    for (const notice of told.notices) note(notices, notice);
    for (const failure of told.failures) failures.set(keyOf(failure), failure);
  }
  return { notices: [...notices.values()], failures: [...failures.values()] };
}

/** A program can print a line of JSON into a plain log: what one says counts only in a log of nothing else. */
async function readEventLog(lines: AsyncIterable<string>): Promise<EventLog> {
  const notices = new Map<string, Notice>();
  const failures = new Map<string, Failure>();
  const redact = createRedactor([]);
  const form = createForm();
  for await (const line of lines) {
    form.see(line);
    if (!isOfProvider(line)) continue;
    const { text, time, urn, isError, isFromProcess } = entryOf(line);
    const at = time === undefined ? {} : { time };
    for (const part of text.split("\n")) {
      const told = noticeIn(part, isFromProcess);
      if (told) note(notices, { ...told, ...at });
    }
    const kind = isError && urn !== undefined ? kindOf(typeOf(urn)) : undefined;
    if (!kind || urn === undefined) continue;
    const failure = { urn, kind, message: redact(text), ...at };
    failures.set(keyOf(failure), failure);
  }
  const told = { notices: [...notices.values()], failures: [...failures.values()] };
  if (form.isEventLog()) return told;
  return {
    notices: told.notices.map(({ time: _, ...notice }) => ({ ...notice, isFromProcess: false })),
    failures: told.failures.map(({ time: _, ...failure }) => failure),
  };
}

/** Plain output says everything twice: as it happens, and at the end. Which log came first says nothing. */
function note(notices: Map<string, Notice>, told: Notice): void {
  const key = `${told.effect} ${told.fingerprint} ${told.label} ${told.isFromProcess}`;
  const known = notices.get(key);
  if (!known || (told.time ?? Infinity) < (known.time ?? Infinity)) notices.set(key, told);
}

function keyOf({ urn, time, message }: Failure): string {
  return `${urn} ${time ?? ""} ${message}`;
}

/** Whether a line holds something that the provider may have said, or an error of one of its tokens. */
export function isOfProvider(line: string): boolean {
  if (line.length > MAX_LINE) return false;
  const isError = line.includes('"severity":"error"') && line.includes("dynamic/bigcommerce:");
  return isError || line.includes(PREFIX);
}

/** The provider's own lines begin with the prefix; before it, a plain log has the row and the time that Pulumi prints. */
export function noticeIn(line: string, isFromProcess: boolean): Notice | undefined {
  const at = line.indexOf(PREFIX);
  if (at < 0) return undefined;
  const told = ofToken(line.slice(at + PREFIX.length).trimEnd());
  return told && { ...told, isFromProcess: isFromProcess && at === 0 };
}

function ofToken(line: string): Omit<Notice, "isFromProcess"> | undefined {
  const notice = parseNotice(line);
  switch (notice?.code) {
    case "minted":
    case "adopted":
    case "revoke_accepted":
    case "left_to_expire":
    case "expired":
    case "revocation_refused": {
      const { fingerprint, expiry } = notice.facts;
      return { effect: notice.code, label: notice.resource, fingerprint, expiry };
    }
    case "revoked_before": {
      const { fingerprint, by } = notice.facts;
      return { effect: notice.code, label: notice.resource, fingerprint, by };
    }
    case "gone": {
      const { fingerprint, how } = notice.facts;
      return { effect: notice.code, label: notice.resource, fingerprint, by: how };
    }
    default:
      return undefined;
  }
}

interface Entry {
  readonly text: string;
  readonly isFromProcess: boolean;
  readonly time?: number;
  readonly urn?: string;
  readonly isError?: boolean;
}

/** A line of JSON told what its event says; any other line is told as it is. */
function entryOf(line: string): Entry {
  const plain = { text: line, isFromProcess: false };
  if (!line.startsWith("{")) return plain;
  let event;
  try {
    event = asObject(JSON.parse(line));
  } catch {
    return plain;
  }
  const diagnostic = asObject(event?.["diagnosticEvent"]);
  const { message, urn, severity } = diagnostic ?? {};
  const time = readSeconds(event?.["timestamp"]);
  const isOfResource = typeof urn === "string" && urn !== "";
  return {
    text: typeof message === "string" ? message : "",
    // Messages of `pulumi.log` have no URN either unless they name a resource, but another severity.
    isFromProcess: !isOfResource && severity === STANDARD_ERROR,
    ...(time !== undefined && { time }),
    ...(isOfResource && { urn }),
    isError: severity === "error",
  };
}

/** A child's type is led by those of its parents. */
function typeOf(urn: string): string {
  return urn.split("::")[2]?.split("$").at(-1) ?? "";
}
