/** The data that the page's script draws. Times are Unix seconds. */
export interface PageData {
  readonly now: number;
  /** The time range of the chart. */
  readonly from: number;
  readonly to: number;
  /** The time range of `--live-between`. */
  readonly span?: readonly [number, number];
  readonly lanes: readonly string[];
  readonly bars: readonly Bar[];
}

export type BarState = "live" | "leaving" | "revoked" | "unproven" | "expired";

/** A token in the chart. */
export interface Bar {
  /** Its fingerprint, or its id, as in the table of events. */
  readonly token: string;
  /** The index of its resource in `lanes`. */
  readonly lane: number;
  readonly state: BarState;
  /** When it was issued. */
  readonly from: number;
  /** When it expired or was revoked. */
  readonly to: number;
  /** Set if the token has no known expiration or revocation. */
  readonly isOpen?: true;
  /** If its revocation is not proven: the time until which the token is valid without it. */
  readonly maybeTo?: number;
  /** When the token becomes due. */
  readonly rotateAt?: number;
  /** The text for the tooltip and for screen readers. */
  readonly title: string;
}

export const STATES: readonly { readonly state: BarState; readonly text: string }[] = [
  { state: "live", text: "in the state" },
  { state: "leaving", text: "replaced, valid until it expires" },
  { state: "revoked", text: "revoked: the store accepted it, or its token list shows it" },
  {
    state: "unproven",
    text: "revoked by the rules or by a line of a log, unproven: dashed while it may be valid",
  },
  { state: "expired", text: "expired" },
];
