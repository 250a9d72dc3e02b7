import type { Expiry } from "../../../provider/domain/expiry";
import { type AuditEvent, deadFrom, isReported, type TokenHistory } from "./model";

/** The events between two times, both included. Events without a time are always included. */
export function eventsIn(
  events: readonly AuditEvent[],
  since = -Infinity,
  until = Infinity,
): readonly AuditEvent[] {
  return events.filter(({ time }) => time === undefined || (time >= since && time <= until));
}

/** A token that may have been valid at some time of the time range. */
export interface Alive {
  readonly history: TokenHistory;
  /** When it was issued. */
  readonly from?: number;
  /** Until when it can have been valid. */
  readonly until?: Expiry;
  /** False if it was revoked before by the rules or by a line of a log, and only the proof is missing. */
  readonly isSure: boolean;
}

/** The tokens that may have been valid between two times, both included, in the order of their issue. */
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
