import { defined } from "../../../../provider/defined";
import { DAY } from "../../../../provider/domain/expiry";
import type { HeldToken } from "../../../tokens/held-token";
import type { TokenHistory } from "../model";
import type { Selection } from "../selection";
import { barOf, expirationText } from "./bars";
import { layOut, type Layout, type Range } from "./lane";

/** One resource with its tokens. */
export interface Lane extends Layout {
  readonly resource: string;
  readonly kind: string;
  readonly store?: string;
  /** Of the latest token. */
  readonly rights: string;
  /** What the state holds: until when its token is valid. */
  readonly now: string;
}

export interface Chart {
  readonly range: Range;
  readonly now: number;
  /** The time range of `--live-between`. */
  readonly asked?: Range;
  readonly lanes: readonly Lane[];
  /** The number of tokens that are drawn, and that there are. */
  readonly drawn: number;
  readonly all: number;
}

/** A browser draws this many bars without delay. */
const MAX_BARS = 2_000;
/** Room before the first and after the last bar, as a fraction of the time range. */
const MARGIN = 0.02;
/** A token that expires later does not make all others small. Its bar goes on beyond the chart. */
const MAX_FUTURE_S = 400 * DAY;

/** The tokens in one lane for each resource, in the order of the resources' names. */
export function chartOf({ histories, held, now, question: { liveBetween } }: Selection): Chart {
  const shown = [...histories].sort((a, b) => issued(a) - issued(b)).slice(-MAX_BARS);
  const range = rangeOf(shown, now);
  const lanes = new Map<string, TokenHistory[]>();
  for (const history of shown) {
    const { urn } = history.token;
    const lane = lanes.get(urn);
    if (lane) lane.push(history);
    else lanes.set(urn, [history]);
  }
  const own = held.filter(({ role }) => role !== "predecessor");
  // The current token of a resource comes last.
  const latest = [
    ...own.filter(({ role }) => role !== "current"),
    ...own.filter(({ role }) => role === "current"),
  ];
  const current = new Map(latest.map((token) => [token.urn, token]));
  return {
    ...{ range, now, drawn: shown.length, all: histories.length },
    ...defined({ asked: liveBetween }),
    lanes: [...lanes]
      .sort(([a], [b]) => byName.compare(nameOf(a), nameOf(b)) || (a < b ? -1 : 1))
      .map(([urn, tokens]) => laneOf(tokens, current.get(urn), range, now)),
  };
}

function laneOf(
  histories: readonly TokenHistory[],
  current: HeldToken | undefined,
  range: Range,
  now: number,
): Lane {
  // prettier-ignore
  const { resource = "", kind = "", storeHash } = current ?? histories.at(-1)?.token ?? {};
  const bars = histories.map((history) => barOf(history, now));
  return {
    ...{ resource, kind, now: nowText(current, now), rights: bars.at(-1)?.rights ?? "" },
    ...layOut(bars, range),
    ...defined({ store: storeHash }),
  };
}

function nowText(token: HeldToken | undefined, now: number): string {
  if (!token) return "not in the state";
  if (token.role !== "current") return token.role;
  if (token.isGone) return "missing";
  return expirationText(token, now);
}

function rangeOf(histories: readonly TokenHistory[], now: number): Range {
  const times = histories.flatMap(({ token, end }) => [token.issuedAt, token.expiry, end?.time]);
  const known = [...times, now].filter((time) => typeof time === "number");
  const first = known.reduce((a, b) => Math.min(a, b));
  const last = known.reduce((a, b) => Math.max(a, b));
  const to = Math.min(last, now + Math.max(now - first, MAX_FUTURE_S));
  const room = Math.max(DAY, (to - first) * MARGIN);
  return { from: first - room, to: to + room };
}

function issued({ token }: TokenHistory): number {
  return token.issuedAt ?? 0;
}

/** `service-2` before `service-10`. */
const byName = new Intl.Collator("en", { numeric: true });

function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}
