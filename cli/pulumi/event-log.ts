import { createRedactor } from "../../provider/bigcommerce/redact";
import type { KindName } from "../../provider/domain/kinds";
import { type Expiry, readExpiry } from "../../provider/domain/expiry";
import { createForm } from "./event-log-form";
import { asObject } from "./json";
import { kindOf } from "./urn";
import { readSeconds } from "./updates";

/** What a log says that the provider said of a token. */
export interface Notice {
  readonly effect: Said;
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

export type Said =
  | "minted"
  | "adopted"
  | "revoke accepted"
  | "left to expire"
  | "expired"
  | "revoked before"
  | "refused"
  /** A refresh saw that it was revoked elsewhere, or is missing from the store's list. */
  | "gone";

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

const PREFIX = "bigcommerce-tokens: ";

/** Each expression begins at the prefix, so that its work grows with the length of a line and not with its square. */
const EFFECT =
  /^(minted|adopted|revoke accepted|left to expire|expired) (\S{1,200}) ([0-9a-f]{16}) (never|\d{4}-\S{1,30}Z)$/;
const REVOKED = /^warning: token ([0-9a-f]{16}) of (\S{1,200}) was revoked before this run, says (.{1,200})$/;
const REFUSED =
  /^warning: token ([0-9a-f]{16}) of (\S{1,200}) was not revoked and may work until (never|\d{4}-[^\s:]{1,20}(?::\d\d){0,2}Z?)/;
const GONE =
  /^warning: (\S{1,200}): token ([0-9a-f]{16}) (was revoked outside of this stack|is no longer in the .{1,300}); the next /;

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
  const told = readSaid(line.slice(at + PREFIX.length).trimEnd());
  return told && { ...told, isFromProcess: isFromProcess && at === 0 };
}

function readSaid(said: string): Omit<Notice, "isFromProcess"> | undefined {
  const [, effect, label = "", fingerprint = "", expiresAt = ""] = EFFECT.exec(said) ?? [];
  if (effect !== undefined) {
    return { effect: effect as Said, label, fingerprint, expiry: readExpiry(expiresAt) };
  }
  const revoked = REVOKED.exec(said);
  if (revoked) {
    const [, print = "", of = "", by = ""] = revoked;
    return { effect: "revoked before", fingerprint: print, label: of, by };
  }
  const gone = GONE.exec(said);
  if (gone) {
    const [, of = "", print = "", how = ""] = gone;
    return { effect: "gone", fingerprint: print, label: of, by: how };
  }
  const [, print, of = "", until = ""] = REFUSED.exec(said) ?? [];
  return print === undefined
    ? undefined
    : { effect: "refused", fingerprint: print, label: of, expiry: readExpiry(until) };
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
