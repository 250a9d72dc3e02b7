import { formatTime, worksUntil } from "../../../provider/domain/expiry";
import type { Ended } from "./outcomes";
import type { What } from "./model";
import type { Plan, Planned } from "./plan";
import type { Reason } from "./reasons";

/** The texts for one resource of a plan. A text that does not apply is empty. */
export interface Worded {
  readonly resource: string;
  readonly kind: string;
  readonly what: string;
  readonly why: string;
  readonly fresh: string;
  readonly old: readonly string[];
}

const WHAT: Readonly<Record<What, string>> = {
  mint: "mint",
  adopt: "adopt",
  rotate: "rotate",
  replace: "replace",
  remove: "remove",
  pending: "pending",
};
const DONE: readonly (readonly [What, string])[] = [
  ["mint", "minted"],
  ["adopt", "adopted"],
  ["rotate", "rotated"],
  ["replace", "replaced"],
  ["remove", "removed"],
  ["pending", "pending from an earlier update"],
];

export function worded({ resource, kind, what, reasons, until, ends }: Planned): Worded {
  const why = what === "pending" ? ["an earlier update could not revoke it"] : reasons.map(reasonText);
  return {
    ...{ resource, kind },
    what: WHAT[what],
    why: why.join("; "),
    fresh:
      until === undefined ? "" : until === "unknown" ? "expiration known in the update" : worksUntil(until),
    old: ends.map(endText),
  };
}

/** The summary of a plan. */
export function sumText({ tokens, recorded }: Plan): string {
  const counts = DONE.map(
    ([what, word]) => [tokens.filter((token) => token.what === what).length, word] as const,
  )
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${count} ${word}`);
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
      return "forced (--replace, taint or replacementTrigger)";
  }
}

function endText({ fingerprint, isPredecessor, end, expiry, isFirst }: Ended): string {
  const which = isPredecessor ? `${fingerprint} (previous token)` : fingerprint;
  const words = {
    revoked: isFirst ? "revoked before the new token is minted" : "revoked at the end of the update",
    "left to expire": worksUntil(expiry),
    gone: "is gone: nothing is sent",
    expired: expiry === "never" ? "expired" : `expired at ${formatTime(expiry)}`,
    unknown: `revoked or left to expire: only the update can tell (${worksUntil(expiry)})`,
  };
  return `${which} ${words[end]}`;
}
