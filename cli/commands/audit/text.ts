import { formatTime } from "../../../provider/domain/expiry";
import { type AuditEvent, type Change, type Evidence, isGone, isReported, type TokenHistory } from "./model";

/** What each evidence means, where a reader may not know. */
export const EVIDENCE: Readonly<Record<Evidence, string>> = {
  confirmed: "the store's own answer proves it",
  accepted: "the store accepted it",
  reported: "a line of a log says so, which anything in the update can print",
  inferred: "concluded from the state; the store was not heard",
};

/** `channelIds [1] -> [1, 2]`. */
export function changeText({ input, from, to }: Change): string {
  return `${input} ${from} -> ${to}`;
}

/** Changes first: they are what one looks for. */
export function storyOf({ changes, detail }: AuditEvent): string {
  return [...changes.map(changeText), detail].join("; ");
}

export function whoseText({ token }: AuditEvent): string {
  return token?.resource ?? "(the update)";
}

/** `Ann`, `Ann fd41011`, `fd41011+` where files had changed since that commit. */
export function authorText({ update }: AuditEvent): string {
  const { user, commit, isDirty } = update ?? {};
  const at = commit === undefined ? undefined : `${commit.slice(0, 7)}${isDirty ? "+" : ""}`;
  return [user, at].filter((part) => part !== undefined).join(" ");
}

/** How a token ended, as far as anything tells. */
export function endText({ token, end }: TokenHistory, now: number): string {
  const { expiry } = token;
  const isOver = typeof expiry === "number" && expiry <= now;
  if (!end) return isOver ? "expired" : "in the state";
  const told = `(${end.evidence})`;
  switch (end.how) {
    case "ended":
      return `its revocation was due at ${formatTime(end.time)} ${told}`;
    case "revoked":
      return `revoked at ${formatTime(end.time)} ${told}`;
    case "drifted":
      return `${isGone(end) ? "seen to be gone" : isReported(end) ? "said to be gone" : "left the state"} at ${formatTime(end.time)} ${told}`;
    case "refused":
      return isOver ? `expired; its revocation was refused ${told}` : `its revocation was refused ${told}`;
    case "left to expire":
      return isOver ? "expired" : `left to expire ${told}`;
    default:
      return "expired";
  }
}

/** Its rights in a few words. */
export function rightsText({ channelIds, scopes, allowedCorsOrigins }: TokenHistory["token"]): string {
  return [
    ...(channelIds ? [`channels ${channelIds.join(", ")}`] : []),
    ...(scopes ? [scopes.join(", ")] : []),
    ...(allowedCorsOrigins ? [allowedCorsOrigins.join(", ")] : []),
  ].join("; ");
}
