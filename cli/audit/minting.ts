import { formatTime } from "../../provider/schedule";
import type { HeldToken } from "../state/tokens";
import type { Update } from "../state/updates";
import { changesBetween, rightsBetween } from "./changes";
import { worksUntilOf } from "./ending";
import { type AuditEvent, isPast, subjectOf, type What } from "./model";
import { keyOf, type Snapshot } from "./snapshot";

interface Entering {
  readonly token: HeldToken;
  readonly before: Snapshot;
  readonly after: Snapshot;
  readonly update: Update;
  readonly asOf: number;
  /** Whether the history begins with this update. */
  readonly isFirst: boolean;
}

/** Between the clocks of the store and of whoever ran the update. */
const SLACK_S = 300;

/** How a token came that the state names for the first time. That it was minted, the store's own answer in it proves. */
export function mintingOf({ token, before, after, update, asOf, isFirst }: Entering): AuditEvent {
  const detail = worksUntilOf(token.expiry);
  const told = {
    evidence: "confirmed",
    token: subjectOf(token),
    time: token.issuedAt ?? asOf,
    changes: [],
    ...(token.expiry !== undefined && { until: token.expiry }),
  } as const;
  if (token.role === "predecessor" || isEarlier(token, update)) {
    const run = isFirst ? "before this history begins" : "in a run that this history does not have";
    return { ...told, what: "minted", detail: `${run}; ${detail}` };
  }
  const old = before.tokens.get(before.current.get(token.urn) ?? "");
  if (!old) return { ...told, update, what: "minted", detail };
  const isByChange = after.fates.get(keyOf(old))?.by === keyOf(token) || isPast(old, asOf);
  const { what, why } = replacementOf(old, token, isByChange);
  const changes = changesBetween(old, token);
  const tellsEnd = changes.some(({ input }) => input === "expiresAt");
  const story = tellsEnd ? why : `${why}; ${detail}`;
  return { ...told, update, what, changes, predecessor: keyOf(old), detail: story };
}

/** A rotation changes nothing but the end, and only while a lifetime asks for it. */
function replacementOf(old: HeldToken, token: HeldToken, isByChange: boolean): { what: What; why: string } {
  if (!isByChange) return { what: "replaced", why: "forced, as by `--replace` or `state taint`" };
  const rights = rightsBetween(old, token).length > 0;
  if (rights) return { what: "replaced", why: "its rights changed" };
  if (token.lifetime === undefined || old.lifetime === undefined) {
    return { what: "replaced", why: "its end changed" };
  }
  if (old.lifetime !== token.lifetime) return { what: "rotated", why: "due by its new lifetime" };
  return {
    what: "rotated",
    why: old.rotateAt === undefined ? "due" : `due since ${formatTime(old.rotateAt)}`,
  };
}

function isEarlier({ issuedAt }: HeldToken, { startedAt }: Update): boolean {
  return issuedAt !== undefined && startedAt !== undefined && issuedAt < startedAt - SLACK_S;
}
