import { defined } from "../../../provider/defined";
import { formatTime } from "../../../provider/domain/expiry";
import { TokensError } from "../../../provider/errors";
import type { EventLog } from "../../pulumi/event-log";
import type { Deployment } from "../../pulumi/export";
import { partsOf } from "../../../provider/domain/urn";
import { tokensOf } from "../../tokens/held-token";
import type { End, Report } from "./model";
import { keyOf } from "./snapshot";
import { createTimeline } from "./timeline";

/** What happened between two states of a stack. Two exports do not show in which update. */
export function diffReport(before: Deployment, after: Deployment, log: EventLog, now: number): Report {
  requireOneStack(before, after);
  const [first, second] = [timeOf(before).endedAt, timeOf(after).endedAt];
  if (first !== undefined && second !== undefined && first > second) {
    throw new TokensError(
      "usage",
      `audit diff takes the earlier export first: these are of ${formatTime(first)} and ${formatTime(second)}`,
    );
  }
  const timeline = createTimeline(log);
  timeline.step({ update: { ...NAMELESS, ...timeOf(before) }, deployment: before }, true);
  timeline.step({ update: { ...NAMELESS, ...timeOf(after) }, deployment: after });
  const { events, histories, updates: _, ...report } = timeline.finish(now);
  return {
    ...report,
    events: events.map(({ update: __, ...event }) => event),
    histories: histories.map(({ key, token, end }) => ({
      key,
      token,
      ...defined({ end: end && nameless(end) }),
    })),
  };
}

/** Throws if two exports share neither a stack nor a token. A renamed stack still has the same tokens. */
function requireOneStack(before: Deployment, after: Deployment): void {
  const [from, to] = [stacksOf(before), stacksOf(after)];
  const isEmpty = from.size === 0 || to.size === 0;
  if (isEmpty || sharesAny(from, to) || sharesAny(keysOf(before), keysOf(after))) return;
  throw new TokensError(
    "usage",
    `audit diff compares two exports of one stack: these are of ${[...from].join(", ")} and ${[...to].join(", ")}`,
  );
}

function stacksOf({ resources }: Deployment): ReadonlySet<string> {
  const parts = resources.map(({ urn }) => partsOf(urn)).filter(({ project }) => project !== "");
  return new Set(parts.map(({ project, stack }) => `${project}/${stack}`));
}

function keysOf(deployment: Deployment): ReadonlySet<string> {
  return new Set(tokensOf(deployment).map(keyOf));
}

function sharesAny(some: ReadonlySet<string>, others: ReadonlySet<string>): boolean {
  return [...some].some((each) => others.has(each));
}

const NAMELESS = { number: 0, kind: "unknown", result: "unknown" };

function nameless({ update: _, ...end }: End): End {
  return end;
}

function timeOf({ time }: Deployment): { readonly endedAt?: number } {
  const ms = Date.parse(time ?? "");
  return Number.isFinite(ms) ? { endedAt: Math.floor(ms / 1_000) } : {};
}
