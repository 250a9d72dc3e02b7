import type { Expiry } from "../../../provider/domain/expiry";
import { type AuditEvent, deadFrom, isReported, type TokenHistory } from "./model";

/** The events from one time to another, both included; what has no time is always told. */
export function eventsIn(
  events: readonly AuditEvent[],
  since = -Infinity,
  until = Infinity,
): readonly AuditEvent[] {
  return events.filter(({ time }) => time === undefined || (time >= since && time <= until));
}

/** A token that may have been accepted at some time of a span. */
export interface Alive {
  readonly history: TokenHistory;
  /** From when and until when at the latest. */
  readonly from?: number;
  readonly until?: Expiry;
  /** False where by the rules, or a line of a log, it had been ended before, and only the proof is missing. */
  readonly isSure: boolean;
}

/** Everything that may have been alive between two times, both included, in the order of their issue. */
export function aliveBetween(histories: readonly TokenHistory[], a: number, b: number): readonly Alive[] {
  return histories
    .flatMap((history) => {
      const { issuedAt } = history.token;
      const until = deadFrom(history);
      if ((issuedAt ?? -Infinity) > b || (typeof until === "number" && until <= a)) return [];
      const { end } = history;
      const isUnproven = end && (end.how === "ended" || (isReported(end) && end.how !== "left to expire"));
      const isSure = !isUnproven || end.time > a;
      return [
        {
          ...{ history, isSure },
          ...(issuedAt !== undefined && { from: issuedAt }),
          ...(until !== undefined && { until }),
        },
      ];
    })
    .sort((x, y) => (x.from ?? 0) - (y.from ?? 0));
}
