import { createRedactor } from "../../provider/bigcommerce/redact";
import type { KindName } from "../../provider/kinds";
import { type Expiry, readExpiry } from "../../provider/schedule";
import { asObject } from "./export";
import { kindOf } from "./tokens";
import { readSeconds } from "./updates";

/** What the provider said of a token while it worked. */
export interface Notice {
  readonly effect: Said;
  readonly label: string;
  readonly fingerprint: string;
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

const EFFECT =
  /bigcommerce-tokens: (minted|adopted|revoke accepted|left to expire|expired) (\S+) ([0-9a-f]{16}) (never|\d{4}-\S+Z)\s*$/;
const REVOKED = /bigcommerce-tokens: warning: token ([0-9a-f]{16}) of (\S+) was revoked before this run, says ([^\n]+?)\s*$/; // prettier-ignore
const REFUSED =
  /bigcommerce-tokens: warning: token ([0-9a-f]{16}) of (\S+) was not revoked and may work until ([^\s:]+(?::\d\d){0,2}Z?)/;
const GONE =
  /bigcommerce-tokens: warning: (\S+): token ([0-9a-f]{16}) (was revoked outside of this stack|is no longer in the [^\n]*); the next /;

/** The event log of an update, what `pulumi up --json` prints, or its plain output; all else in it is skipped. */
export async function readEventLog(lines: AsyncIterable<string>): Promise<EventLog> {
  const notices = new Map<string, Notice>();
  const failures = new Map<string, Failure>();
  const redact = createRedactor([]);
  for await (const line of lines) {
    if (!isOfProvider(line)) continue;
    const { text, time, urn, isError } = entryOf(line);
    const at = time === undefined ? {} : { time };
    for (const notice of text.split("\n").map(noticeOf)) {
      const key = `${notice?.effect ?? ""} ${notice?.fingerprint ?? ""}`;
      const known = notices.get(key);
      // Plain output says everything twice: as it happens, and at the end. Which log came first says nothing.
      if (notice && (!known || (time ?? Infinity) < (known.time ?? Infinity))) {
        notices.set(key, { ...notice, ...at });
      }
    }
    const kind = isError && urn !== undefined ? kindOf(typeOf(urn)) : undefined;
    if (!kind || urn === undefined) continue;
    const message = redact(text);
    failures.set(`${urn} ${time ?? ""} ${message}`, { urn, kind, message, ...at });
  }
  return { notices: [...notices.values()], failures: [...failures.values()] };
}

/** Whether a line holds something that the provider said, or an error of one of its tokens. */
export function isOfProvider(line: string): boolean {
  const isError = line.includes('"severity":"error"') && line.includes("dynamic/bigcommerce:");
  return isError || line.includes("bigcommerce-tokens: ");
}

function noticeOf(text: string): Notice | undefined {
  const [, effect, label = "", fingerprint = "", expiresAt = ""] = EFFECT.exec(text) ?? [];
  if (effect !== undefined) {
    return { effect: effect as Said, label, fingerprint, expiry: readExpiry(expiresAt) };
  }
  const revoked = REVOKED.exec(text);
  if (revoked) {
    const [, print = "", of = "", by = ""] = revoked;
    return { effect: "revoked before", fingerprint: print, label: of, by };
  }
  const gone = GONE.exec(text);
  if (gone) {
    const [, of = "", print = "", how = ""] = gone;
    return { effect: "gone", fingerprint: print, label: of, by: how };
  }
  const [, print, of = "", until = ""] = REFUSED.exec(text) ?? [];
  return print === undefined
    ? undefined
    : { effect: "refused", fingerprint: print, label: of, expiry: readExpiry(until) };
}

interface Entry {
  readonly text: string;
  readonly time?: number;
  readonly urn?: string;
  readonly isError?: boolean;
}

/** A line of JSON told what its event says; any other line is told as it is. */
function entryOf(line: string): Entry {
  if (!line.startsWith("{")) return { text: line };
  let event;
  try {
    event = asObject(JSON.parse(line));
  } catch {
    return { text: line };
  }
  const diagnostic = asObject(event?.["diagnosticEvent"]);
  const { message, urn, severity } = diagnostic ?? {};
  const time = readSeconds(event?.["timestamp"]);
  return {
    text: typeof message === "string" ? message : "",
    ...(time !== undefined && { time }),
    ...(typeof urn === "string" && { urn }),
    isError: severity === "error",
  };
}

/** A child's type is led by those of its parents. */
function typeOf(urn: string): string {
  return urn.split("::")[2]?.split("$").at(-1) ?? "";
}
