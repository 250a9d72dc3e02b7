import { formatExpiry } from "../../../provider/domain/expiry";
import { previousVariableOf } from "../../../provider/settings/credentials";
import type { Tone } from "../../render/table";
import { FAILURES } from "../../tokens/condition";
import type { Finding } from "./compare-live";
import type { Row } from "./report";

/** What the table calls the state of a token: its condition, unless the store's list knows better. */
type ShownState = Row["condition"] | "gone" | "revoked" | "in doubt";

const BY_LIST: Readonly<Partial<Record<Finding, ShownState>>> = {
  revoked: "revoked",
  "revoked outside": "revoked",
  gone: "gone",
  expired: "expired",
};

const TONES: Readonly<Record<ShownState, Tone>> = {
  ok: "good",
  due: "warn",
  expired: "bad",
  gone: "bad",
  revoked: "bad",
  "in doubt": "bad",
  "never expires": "quiet",
  "left to expire": "quiet",
  "pending delete": "bad",
  "interrupted replacement": "bad",
  unproven: "bad",
  unreadable: "bad",
};

export function shownState({ token, condition, finding, isContradicted }: Row): ShownState {
  const byList = finding && BY_LIST[finding];
  if (isContradicted) return (!token.isGone && byList) || "in doubt";
  if (condition === "left to expire") return byList ?? condition;
  return token.isGone && condition === "due" ? "gone" : condition;
}

export function toneOf(row: Row): Tone {
  if (row.settledBy === "person") return "bad";
  // A previous token that works no more is no loss.
  return row.settledBy === undefined && row.token.role === "predecessor" ? "quiet" : TONES[shownState(row)];
}

/** What is open about a token, and what to do. Undefined if nothing is open. */
export function openText(row: Row): string | undefined {
  const { token, settledBy, note, finding, isContradicted } = row;
  if (settledBy === undefined) return undefined;
  if (isContradicted && finding) return contradictionText(row, finding);
  if (note !== undefined) return note;
  return token.isTainted
    ? "tainted: the next `pulumi up` replaces it"
    : "due: the next `pulumi up` rotates it";
}

function contradictionText({ token, revocation }: Row, finding: Finding): string {
  const { storeHash = "", apiAccount = "(unknown)", expiry = "never", isProtected } = token;
  const next = isProtected ? FAILURES.protected : "`pulumi up --refresh` mints a new one";
  const variable = previousVariableOf(storeHash);
  switch (finding) {
    case "live":
      return (
        "the state says that it is gone, but the store's list shows it as valid, and no update revokes it. " +
        `To revoke it now: ${revocation ?? "revoke"}`
      );
    case "revoked outside":
      return `revoked outside of this stack, as the store's list shows; ${next}`;
    case "gone":
      return `missing from the list of API account ${apiAccount}, which minted it; ${next}`;
    case "expired":
      return `the store's list shows it as expired, and the state says ${formatExpiry(expiry)}`;
    case "another account's":
      return `API account ${apiAccount} minted it, and its list was not read: give its credential as ${variable}`;
    default:
      return `not in the store's list: it was revoked, or the list is not that of the API account that minted it (${variable})`;
  }
}
