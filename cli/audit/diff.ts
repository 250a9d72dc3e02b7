import type { EventLog } from "../state/events";
import type { Deployment } from "../state/export";
import type { Report } from "./model";
import { createTrail } from "./trail";

/** What happened between two states of a stack; in which updates, two exports cannot tell. */
export function diffReport(before: Deployment, after: Deployment, log: EventLog, now: number): Report {
  const trail = createTrail(log);
  trail.step({ update: { ...NAMELESS, ...timeOf(before) }, deployment: before }, true);
  trail.step({ update: { ...NAMELESS, ...timeOf(after) }, deployment: after });
  const { events, lives, ...report } = trail.finish(now);
  return {
    ...report,
    events: events.map(({ update: _, ...event }) => event),
    lives: lives.map(({ mintedIn: _, ...life }) => life),
  };
}

const NAMELESS = { number: 0, kind: "unknown", result: "unknown" };

function timeOf({ time }: Deployment): { readonly endedAt?: number } {
  const ms = Date.parse(time ?? "");
  return Number.isFinite(ms) ? { endedAt: Math.floor(ms / 1_000) } : {};
}
