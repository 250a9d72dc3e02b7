import { formatTime } from "../../../provider/domain/expiry";
import { type AuditEvent, type Change, type Evidence, isGone, isReported, type TokenHistory } from "./model";

/** The meaning of each evidence. */
export const EVIDENCE: Readonly<Record<Evidence, string>> = {
  confirmed: "the store's own answer proves it",
  accepted: "the store accepted it",
  reported: "a line of a log says so, which any program in the update can print",
  inferred: "concluded from the state, without an answer of the store",
};

/** Such as `channelIds [1] -> [1, 2]`. */
export function changeText({ input, from, to }: Change): string {
  return `${input} ${from} -> ${to}`;
}

/** Changes come first, because they are the most important. */
export function storyOf({ changes, detail }: AuditEvent): string {
  return [...changes.map(changeText), detail].join("; ");
}

export function whoseText({ token }: AuditEvent): string {
  return token?.resource ?? "(the update)";
}

/** Such as `Ann`, `Ann fd41011`, or `fd41011+` if files were changed since that commit. */
export function authorText({ update }: AuditEvent): string {
  const { user, commit, isDirty } = update ?? {};
  const at = commit === undefined ? undefined : `${commit.slice(0, 7)}${isDirty ? "+" : ""}`;
  return [user, at].filter((part) => part !== undefined).join(" ");
}

/** How and when a token was revoked, expired or lost. */
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

/** The rights of a token, in short. */
export function rightsText({ channelIds, scopes, allowedCorsOrigins }: TokenHistory["token"]): string {
  return [
    ...(channelIds ? [`channels ${channelIds.join(", ")}`] : []),
    ...(scopes ? [scopes.join(", ")] : []),
    ...(allowedCorsOrigins ? [allowedCorsOrigins.join(", ")] : []),
  ].join("; ");
}
