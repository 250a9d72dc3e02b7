import { earlier, type Expiry } from "../../../../provider/domain/expiry";
import { defined } from "../../../../provider/defined";
import { minuteText } from "../../../render/time";
import type { HeldToken } from "../../../tokens/held-token";
import { deadFrom, type End, isExpired, isGone, isReported, type TokenHistory } from "../model";
import { endText, rightsText } from "../rows";

type BarState = "live" | "leaving" | "revoked" | "unproven" | "expired";

/** The life of a token in the chart. Times are Unix seconds. */
export interface Bar {
  readonly state: BarState;
  /** When it was issued. Absent if no state tells. */
  readonly from?: number;
  /** When it expired or was revoked. "never" if neither is known. */
  readonly to: Expiry;
  /** Until when the token is valid if its revocation, which is not proven, did not happen. */
  readonly maybeTo?: Expiry;
  /** Of a token in the state: from when on an update rotates it. */
  readonly dueFrom?: number;
  /** For the tooltip and for screen readers. The first is its fingerprint, or its id. */
  readonly facts: readonly string[];
  readonly rights: string;
}

export function barOf(history: TokenHistory, now: number): Bar {
  const { token, end } = history;
  const works = deadFrom(history) ?? "never";
  const to = end && isUnproven(end) ? earlier(end.time, works) : works;
  const { issuedAt: from, rotateAt } = token;
  const isDue = !end && rotateAt !== undefined && earlier(rotateAt, to) !== to;
  return {
    ...{ state: stateOf(history, now), to, facts: factsOf(history, now), rights: rightsText(token) },
    ...defined({ from, maybeTo: works === to ? undefined : works, dueFrom: isDue ? rotateAt : undefined }),
  };
}

function stateOf({ token, end }: TokenHistory, now: number): BarState {
  if (end && !isReported(end) && (end.how === "revoked" || isGone(end))) return "revoked";
  if (end && isUnproven(end)) return "unproven";
  if (isExpired(token, now)) return "expired";
  return end ? "leaving" : "live";
}

/** True if the token may have been valid until it expired, because its revocation is not proven. */
export function isUnproven(end: End): boolean {
  if (end.how === "drifted") return !isGone(end);
  return end.how === "ended" || (isReported(end) && end.how === "revoked");
}

function factsOf(history: TokenHistory, now: number): readonly string[] {
  const { fingerprint, id, issuedAt, rotateAt } = history.token;
  const { adoptedIn, end } = history;
  return [
    fingerprint ?? id ?? "",
    ...(issuedAt === undefined ? [] : [`issued ${minuteText(issuedAt)}`]),
    ...(adoptedIn === undefined ? [] : [`adopted in update ${adoptedIn}`]),
    ...(rotateAt === undefined || end ? [] : [`due from ${minuteText(rotateAt)}`]),
    expirationText(history.token, now),
    ...[endText(history, now)].filter((text) => text !== "expired"),
  ];
}

/** Such as `expires 2027-01-31 00:00`. */
export function expirationText(token: HeldToken, now: number): string {
  const { expiry, isDamaged } = token;
  if (isDamaged) return "its expiration cannot be read";
  if (expiry === undefined) return "its expiration is secret";
  if (expiry === "never") return "never expires";
  return `${isExpired(token, now) ? "expired" : "expires"} ${minuteText(expiry)}`;
}
