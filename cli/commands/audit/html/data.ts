/** What the page's script draws; times are Unix seconds. */
export interface PageData {
  readonly now: number;
  /** From when to when everything that is drawn is. */
  readonly from: number;
  readonly to: number;
  /** The span that was asked for. */
  readonly span?: readonly [number, number];
  readonly lanes: readonly string[];
  readonly bars: readonly Bar[];
}

export type BarState = "live" | "leaving" | "revoked" | "unproven" | "expired";

/** A token. */
export interface Bar {
  /** What the events call it. */
  readonly token: string;
  /** The place of its resource in `lanes`. */
  readonly lane: number;
  readonly state: BarState;
  readonly from: number;
  readonly to: number;
  /** It never ends, as far as anybody knows. */
  readonly isOpen?: true;
  /** Until when it works if its revocation, which nothing proves, did not happen. */
  readonly maybeTo?: number;
  /** From when on an update rotates it. */
  readonly rotateAt?: number;
  /** In words, for a tooltip and a screen reader. */
  readonly title: string;
}

export const STATES: readonly { readonly state: BarState; readonly text: string }[] = [
  { state: "live", text: "in the state" },
  { state: "leaving", text: "replaced, and left to expire" },
  { state: "revoked", text: "revoked, as its store accepted or its list shows" },
  {
    state: "unproven",
    text: "ended by the rules or by a line of a log, unproven: dashed until when it works otherwise",
  },
  { state: "expired", text: "expired" },
];
