import type { TokenHistory, Report } from "./model";
import { type Alive, aliveBetween, eventsIn } from "./span";

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
  const events = eventsIn(report.events, since, until);
  const histories: readonly TokenHistory[] =
    since === undefined && until === undefined
      ? report.histories
      : aliveBetween(report.histories, since ?? -Infinity, until ?? Infinity).map(({ history }) => history);
  return { ...base, events, histories };
}
