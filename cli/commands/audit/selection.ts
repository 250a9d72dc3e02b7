import { defined } from "../../../provider/defined";
import type { Expiry } from "../../../provider/domain/expiry";
import { deadFrom, isReported, type Report, type TokenHistory } from "./model";

/** The time range of the options, in Unix seconds. */
export interface Question {
  readonly since?: number;
  readonly until?: number;
  readonly liveBetween?: { readonly from: number; readonly to: number };
}

/** The part of a report in the time range. */
export interface Selection extends Report {
  /** The time of the clock. Later if the history is ahead of the clock. */
  readonly now: number;
  readonly question: Question;
  readonly alive?: readonly Alive[];
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

export function select(report: Report, question: Question, now: number): Selection {
  const { since, until, liveBetween } = question;
  const base = { ...report, now: Math.max(now, report.asOf), question };
  if (liveBetween) {
    const alive = aliveBetween(report.histories, liveBetween.from, liveBetween.to);
    const named = new Set(alive.map(({ history }) => history.key));
    const events = report.events.filter(
      ({ token }) => token && named.has(token.fingerprint ?? token.id ?? ""),
    );
    return { ...base, alive, events, histories: alive.map(({ history }) => history) };
  }
  if (since === undefined && until === undefined) return base;
  const [from, to] = [since ?? -Infinity, until ?? Infinity];
  return {
    ...base,
    // Events without a time are always included.
    events: report.events.filter(({ time }) => time === undefined || (time >= from && time <= to)),
    histories: aliveBetween(report.histories, from, to).map(({ history }) => history),
  };
}

/** The tokens that may have been valid between two times, both included, in the order of their issue. */
function aliveBetween(histories: readonly TokenHistory[], a: number, b: number): readonly Alive[] {
  return histories
    .flatMap((history) => {
      const { end, token } = history;
      const { issuedAt: from } = token;
      const until = deadFrom(history);
      if ((from ?? -Infinity) > b || (typeof until === "number" && until <= a)) return [];
      const isUnproven = end && (end.how === "ended" || (isReported(end) && end.how !== "left to expire"));
      return [{ history, isSure: !isUnproven || end.time > a, ...defined({ from, until }) }];
    })
    .sort((x, y) => (x.from ?? 0) - (y.from ?? 0));
}
