import { formatTime, worksUntil } from "../../../provider/domain/expiry";
import type { Outcome } from "./outcomes";
import type { Plan, Planned } from "./plan";
import { isOpen, type Reason, type What } from "./reasons";

const DONE: Readonly<Record<What, string>> = {
  mint: "minted",
  adopt: "adopted",
  rotate: "rotated",
  replace: "replaced",
  remove: "removed",
  pending: "pending from an earlier update",
};

/** The texts of a resource. A text that does not apply is empty. */
export function textsOf({ what, reasons, until, outcomes }: Planned) {
  const why = what === "pending" ? ["an earlier update could not revoke it"] : reasons.map(reasonText);
  return {
    does: isOpen(reasons) ? `may be ${DONE[what]}` : what,
    why: why.join("; "),
    fresh: until === undefined ? "" : until === "unknown" ? "expiration known in the update" : worksUntil(until), // prettier-ignore
    old: outcomes.map(outcomeText),
  };
}

/** The summary of a plan. */
export function sumText({ tokens, recorded }: Plan): string {
  const open = tokens.filter(({ reasons }) => isOpen(reasons));
  const counts = [
    ...Object.entries(DONE).map(([what, done]) => ({
      count: tokens.filter((token) => token.what === what && !open.includes(token)).length,
      done,
    })),
    { count: open.length, done: "may be replaced (only the update knows an input)" },
  ]
    .filter(({ count }) => count > 0)
    .map(({ count, done }) => `${count} ${done}`);
  const sum = counts.length === 0 ? "no token is minted, rotated, replaced or removed" : counts.join(", ");
  const record = recorded === 0 ? "" : ` ${recorded} updated in the state only: no rotation, no request.`;
  return `An update now: ${sum}.${record}`;
}

function reasonText(reason: Reason): string {
  switch (reason.kind) {
    case "due":
      return reason.since === undefined ? "due" : `due since ${formatTime(reason.since)}`;
    case "stricter":
      return `lifetime ${reason.from} → ${reason.to}: the token expires too late for it`;
    case "changed":
      return `${reason.input} ${reason.from} → ${reason.to ?? "(known in the update)"}`;
    case "gone":
      return "gone, as a refresh found";
    case "adopted":
      return "another token is adopted";
    case "deleted first":
      return "a dependency is deleted first";
    case "forced":
      return "forced (--replace, taint, replacementTrigger or replaceWith)";
  }
}

function outcomeText({ fingerprint, isPrevious, end, expiry, isFirst, adoptedBy = "" }: Outcome): string {
  const which = isPrevious ? `${fingerprint} (previous token)` : fingerprint;
  const texts = {
    revoked: isFirst ? "revoked before the new token is minted" : "revoked at the end of the update",
    "left to expire": worksUntil(expiry),
    gone: "is gone: nothing is sent",
    expired: expiry === "never" ? "expired" : `expired at ${formatTime(expiry)}`,
    adopted: `is adopted by ${adoptedBy} and ${worksUntil(expiry)}`,
    unknown: `may be revoked: only the update can tell (${worksUntil(expiry)})`,
  };
  return `${which} ${texts[end]}`;
}
