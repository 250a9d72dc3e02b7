import { defined } from "../../../provider/defined";
import { earlier, type Expiry, isPast } from "../../../provider/domain/expiry";
import type { Update } from "../../pulumi/updates";
import type { HeldToken } from "../../tokens/held-token";

/** `ended`: it left the state and by the rules was to be revoked, but there is no proof of the revocation. */
export type What =
  | "minted"
  /** Created by hand, and taken over. */
  | "adopted"
  | "rotated"
  | "replaced"
  | "revoked"
  | "ended"
  | "left to expire"
  | "expired"
  | "failed"
  | "drifted";

/** `confirmed` or `accepted` by the store, `reported` by a line of a log, or `inferred` from the state. */
export type Evidence = "confirmed" | "accepted" | "reported" | "inferred";

/** An input, with its old and new value. */
export interface Change {
  readonly input: string;
  readonly from: string;
  readonly to: string;
}

/** An event of a token, or of a whole update if `token` is absent. */
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
  /** When the token expires. Only set if it is important for the event. */
  readonly until?: Expiry;
  readonly detail: string;
}

type Subject = Pick<
  HeldToken,
  "stack" | "project" | "urn" | "resource" | "kind" | "fingerprint" | "id" | "storeHash"
>;

export type Ended = "revoked" | "ended" | "left to expire" | "expired" | "drifted" | "refused";

/** How and when a token was revoked, expired or lost, from states and logs. */
export interface End {
  readonly how: Ended;
  /** Unix seconds. */
  readonly time: number;
  readonly evidence: Evidence;
  /** The number of the update. */
  readonly update?: number;
}

/** The history of a token. */
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
  /** The name of the stack, from its states. */
  readonly stack?: string;
  /** The number of updates. Absent for two exports. */
  readonly updates?: number;
  /** Unix seconds: the latest time that has certainly passed. A history may be ahead of the clock. */
  readonly asOf: number;
  /** Unix seconds: the start of the first update, and the end of the last one. */
  readonly from?: number;
  readonly to?: number;
  /** In the order of time. */
  readonly events: readonly AuditEvent[];
  readonly histories: readonly TokenHistory[];
  /** The tokens in the last state, previous ones included. */
  readonly held: readonly HeldToken[];
  /** The resources whose token an interrupted update may have minted, by the last state. */
  readonly interrupted: readonly string[];
}

/** When a token was certainly no longer valid. A revocation that is inferred or reported is no proof, nor is a drop. */
export function deadFrom({ token, end }: TokenHistory): Expiry | undefined {
  if (!end || isReported(end) || (end.how !== "revoked" && !isGone(end))) return token.expiry;
  return earlier(end.time, token.expiry ?? "never");
}

/** True if a refresh found the token gone: the store's list proves it. */
export function isGone(end: End): boolean {
  return end.how === "drifted" && end.evidence === "confirmed";
}

/** True if the only evidence is a line of a log: a resource or the program can print such a line too. */
export function isReported({ evidence }: Pick<End, "evidence">): boolean {
  return evidence === "reported";
}

/** True if the evidence is an answer of the store. */
export function isOfStore({ evidence }: Pick<End, "evidence">): boolean {
  return evidence === "confirmed" || evidence === "accepted";
}

export function subjectOf({ stack, project, urn, resource, kind, ...token }: HeldToken): Subject {
  const { fingerprint, id, storeHash } = token;
  return { stack, project, urn, resource, kind, ...defined({ fingerprint, id, storeHash }) };
}

/** True if the token has expired. An expiration that the state keeps secret never comes. */
export function isExpired({ expiry = "never" }: Pick<HeldToken, "expiry">, time: number): boolean {
  return isPast(expiry, time);
}

/** For an event between two updates, if the history lacks an update. */
export const ELSEWHERE = "in an update that is not in this history";

/** Seconds by which the clocks of the store and of the update's machine may differ. */
export const SLACK_S = 300;

/** True if a token was issued before an update began. */
export function precedes({ issuedAt = Infinity }: HeldToken, { startedAt = -Infinity }: Update): boolean {
  return issuedAt < startedAt - SLACK_S;
}
