import { formatTime, worksUntil } from "../../../provider/domain/expiry";
import type { Ended } from "./outcomes";
import type { What } from "./model";
import type { Plan, Planned } from "./plan";
import type { Reason } from "./reasons";

/** One line of a plan, in words; what does not apply is empty. */
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
  pending: "end",
};
const DONE: readonly (readonly [What, string])[] = [
  ["mint", "minted"],
  ["adopt", "adopted"],
  ["rotate", "rotated"],
  ["replace", "replaced"],
  ["remove", "removed"],
  ["pending", "ended that waited for it"],
];

export function worded({ resource, kind, what, reasons, until, ends }: Planned): Worded {
  const why = what === "pending" ? ["an earlier update could not end it"] : reasons.map(reasonText);
  return {
    ...{ resource, kind },
    what: WHAT[what],
    why: why.join("; "),
    fresh:
      until === undefined ? "" : until === "unknown" ? "its end is known in the update" : worksUntil(until),
    old: ends.map(endText),
  };
}

/** What a plan comes to, in one sentence or two. */
export function sumText({ tokens, recorded }: Plan): string {
  const counts = DONE.map(
    ([what, word]) => [tokens.filter((token) => token.what === what).length, word] as const,
  )
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${count} ${word}`);
  const sum = counts.length === 0 ? "no token is minted, rotated, replaced or removed" : counts.join(", ");
  const record = recorded === 0 ? "" : ` ${recorded} recorded anew in place: no rotation, no request.`;
  return `An update now: ${sum}.${record}`;
}

function reasonText(reason: Reason): string {
  switch (reason.kind) {
    case "due":
      return reason.since === undefined ? "due" : `due since ${formatTime(reason.since)}`;
    case "stricter":
      return `lifetime ${reason.from} → ${reason.to}: it would outlive that`;
    case "changed":
      return `${reason.input} ${reason.from} → ${reason.to ?? "(known in the update)"}`;
    case "gone":
      return "gone, as a refresh saw";
    case "adopted":
      return "another token is adopted";
    case "deleted first":
      return "a dependency is deleted first";
    case "forced":
      return "forced (--replace, taint or replacementTrigger)";
  }
}

function endText({ fingerprint, isPredecessor, end, expiry, isFirst }: Ended): string {
  const which = isPredecessor ? `${fingerprint} (its predecessor)` : fingerprint;
  const words = {
    revoked: isFirst ? "revoked before the new token is minted" : "revoked at the end of the update",
    "left to expire": worksUntil(expiry),
    gone: "is gone: nothing is sent",
    expired: expiry === "never" ? "expired" : `expired at ${formatTime(expiry)}`,
    unknown: `revoked or left to expire: only the update can tell (${worksUntil(expiry)})`,
  };
  return `${which} ${words[end]}`;
}
