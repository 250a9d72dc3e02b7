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

const MINTED: Replacement = { what: "minted" };

interface Replacement {
  readonly what: What;
  readonly why?: string;
}

/** How a token came that the state names for the first time. That it was minted, the store's own answer in it proves. */
export function mintingOf({ token, before, after, update, asOf, isFirst }: Entering): AuditEvent {
  const isEarlier = token.role === "predecessor" || precedes(token, update);
  const run = isFirst ? "before this history begins" : "in a run that this history does not have";
  const old = token.role === "current" && before.tokens.get(before.current.get(token.urn) ?? "");
  const isByChange = old && (after.successors.has(keyOf(token)) || isPast(old, asOf));
  const { what, why } = old ? replacementOf(old, token, isByChange === true) : MINTED;
  const changes = old ? changesBetween(old, token) : [];
  const tellsEnd = changes.some(({ input }) => input === "expiresAt");
  const story = [isEarlier ? run : undefined, why, tellsEnd ? undefined : worksUntilOf(token.expiry)];
  return {
    ...{ what, evidence: "confirmed", token: subjectOf(token), time: token.issuedAt ?? asOf, changes },
    ...(token.expiry !== undefined && { until: token.expiry }),
    ...(!isEarlier && { update }),
    ...(old && { predecessor: keyOf(old) }),
    detail: story.filter((part) => part !== undefined).join("; "),
  };
}

/** A rotation changes nothing but the end, and only while a lifetime asks for it. */
function replacementOf(old: HeldToken, token: HeldToken, isByChange: boolean): Replacement {
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

function precedes({ issuedAt }: HeldToken, { startedAt }: Update): boolean {
  return issuedAt !== undefined && startedAt !== undefined && issuedAt < startedAt - SLACK_S;
}
