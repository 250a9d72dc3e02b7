import type { Expiry } from "../../../provider/domain/expiry";
import type { HeldToken } from "../../tokens/held-token";
import type { Update } from "../../pulumi/updates";

/** `ended`: it left the state, and by the rules its revocation was asked for; nothing at hand proves more. */
export type What =
  | "minted"
  /** Made by hand, and taken over. */
  | "adopted"
  | "rotated"
  | "replaced"
  | "revoked"
  | "ended"
  | "left to expire"
  | "expired"
  | "failed"
  | "drifted";

/** `confirmed` by the store, `accepted` by it, `reported` by a line of a log, or `inferred` from the state. */
export type Evidence = "confirmed" | "accepted" | "reported" | "inferred";

/** An input, and what it was before and after. */
export interface Change {
  readonly input: string;
  readonly from: string;
  readonly to: string;
}

/** One thing that happened; of a token, or of a whole update where `token` is absent. */
export interface AuditEvent {
  readonly what: What;
  readonly evidence: Evidence;
  /** Unix seconds. */
  readonly time?: number;
  readonly update?: Update;
  readonly token?: Subject;
  /** The fingerprint of the token that it replaced. */
  readonly predecessor?: string;
  readonly changes: readonly Change[];
  /** Until when the token works, where that is what one wants to know. */
  readonly until?: Expiry;
  readonly detail: string;
}

export type Subject = Pick<
  HeldToken,
  "stack" | "project" | "urn" | "resource" | "kind" | "fingerprint" | "id" | "storeHash"
>;

export type Ended = "revoked" | "ended" | "left to expire" | "expired" | "drifted" | "refused";

/** How the state and the provider's lines leave a token. */
export interface End {
  readonly how: Ended;
  /** Unix seconds. */
  readonly time: number;
  readonly evidence: Evidence;
  /** The number of the update. */
  readonly update?: number;
}

/** A token from its mint to its end. */
export interface TokenHistory {
  readonly key: string;
  readonly token: HeldToken;
  /** The number of the update that minted it. */
  readonly mintedIn?: number;
  /** The number of the update that adopted it. */
  readonly adoptedIn?: number;
  readonly end?: End;
}

export interface Report {
  /** Of the stack, as its states say it. */
  readonly stack?: string;
  /** Absent between two exports. */
  readonly updates?: number;
  /** The latest time that is certain to have come, Unix seconds; a history may be ahead of the clock. */
  readonly asOf: number;
  /** When the first update began and the last one ended, Unix seconds. */
  readonly from?: number;
  readonly to?: number;
  /** In the order in which they happened. */
  readonly events: readonly AuditEvent[];
  readonly histories: readonly TokenHistory[];
}

/** From when on a token is surely dead: a revocation that is inferred or reported proves nothing, and neither does a drop. */
export function deadFrom({ token, end }: TokenHistory): Expiry | undefined {
  if (!end || isReported(end) || (end.how !== "revoked" && !isGone(end))) return token.expiry;
  return typeof token.expiry === "number" ? Math.min(end.time, token.expiry) : end.time;
}

/** Whether a refresh saw it gone: the store's list proves it. */
export function isGone(end: End): boolean {
  return end.how === "drifted" && end.evidence === "confirmed";
}

/** Whether only a line of a log says so, which a resource or the program can print as well. */
export function isReported({ evidence }: Pick<End, "evidence">): boolean {
  return evidence === "reported";
}

/** Whether the store's own answer stands behind it. */
export function isOfStore({ evidence }: Pick<End, "evidence">): boolean {
  return evidence === "confirmed" || evidence === "accepted";
}

export function subjectOf({ stack, project, urn, resource, kind, ...token }: HeldToken): Subject {
  const { fingerprint, id, storeHash } = token;
  return {
    ...{ stack, project, urn, resource, kind },
    ...(fingerprint !== undefined && { fingerprint }),
    ...(id !== undefined && { id }),
    ...(storeHash !== undefined && { storeHash }),
  };
}

export function isPast({ expiry }: Pick<HeldToken, "expiry">, time: number): boolean {
  return typeof expiry === "number" && expiry <= time;
}

/** Of what stands between two updates of a history from which one is missing. */
export const ELSEWHERE = "in a run that this history does not have";

/** Between the clocks of the store and of whoever ran the update. */
export const SLACK_S = 300;

/** Whether a token was issued before an update began. */
export function precedes({ issuedAt }: HeldToken, { startedAt }: Update): boolean {
  return issuedAt !== undefined && startedAt !== undefined && issuedAt < startedAt - SLACK_S;
}
