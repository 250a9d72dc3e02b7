import type { Expiry } from "../../../../provider/domain/expiry";
import { whenText } from "../../../render/time";
import { type Assessment, assess } from "../../../tokens/condition";
import type { HeldToken } from "../../../tokens/held-token";
import { type AuditEvent, deadFrom, isExpired, isReported, type TokenHistory } from "../model";
import { endText } from "../rows";
import type { Selection } from "../selection";
import { isUnproven } from "./bars";

/** What somebody, or the next update, has to do. */
export interface Concern {
  readonly word: string;
  /** "bad" if it does not go away by itself. */
  readonly tone: "bad" | "warn";
  readonly token?: Pick<HeldToken, "resource"> & Partial<HeldToken>;
  readonly text: string;
}

const CALM: ReadonlySet<Assessment["condition"]> = new Set(["ok", "never expires", "left to expire"]);
const ROTATES = "the next `pulumi up` rotates it";

/** As of now, whichever time range was asked for. The worst first. */
export function concernsOf(selection: Selection): readonly Concern[] {
  const { held, interrupted, histories, now } = selection;
  const assessments = held
    .flatMap((token) => assess(token, now) ?? [])
    .filter(({ condition }) => !CALM.has(condition));
  const left = histories.filter((history) => mayBeValid(history, now));
  const concerns = [
    ...assessments.map((assessment) => conditionConcern(assessment, now)),
    ...interrupted.map((resource) => ({ ...LOST, token: { resource } })),
    ...left.filter(({ end }) => isLoose(end)).map((history) => leftConcern(history, now)),
    ...lastFailures(selection, [...assessments, ...left]),
    ...unprovenConcern(left.filter(({ end }) => !isLoose(end)), now), // prettier-ignore
  ];
  return [...concerns.filter(({ tone }) => tone === "bad"), ...concerns.filter(({ tone }) => tone !== "bad")];
}

function conditionConcern({ token, condition, isOverdue, note = ROTATES }: Assessment, now: number): Concern {
  const isDue = condition === "due";
  const word = isDue && token.isGone ? "missing" : isOverdue ? "overdue" : condition;
  const { expiry } = token;
  const works = expiry === undefined || isExpired(token, now) ? "" : expiry === "never" ? " It never expires." : ` It expires ${whenText(expiry, now)}.`; // prettier-ignore
  const since = typeof expiry === "number" && isExpired(token, now) ? ` It expired ${whenText(expiry, now)}.` : ""; // prettier-ignore
  const isBad = !isDue || isOverdue || token.isGone || token.isProtected;
  const text = sentence(note.startsWith(`${word}: `) ? note.slice(word.length + 2) : note);
  return { word, tone: isBad ? "bad" : "warn", token, text: `${text}${since}${token.isGone ? "" : works}` }; // prettier-ignore
}

const LOST: Concern = {
  word: "interrupted",
  tone: "bad",
  text: "An update was interrupted while it minted a token, which may be valid and is in no state. `orphans` looks for it.",
};

/** True if the token is in no state, and its revocation is not proven or was refused. */
function mayBeValid(history: TokenHistory, now: number): boolean {
  const { end } = history;
  if (!end || !(isUnproven(end) || end.how === "refused")) return false;
  const until = deadFrom(history);
  return until === undefined || until === "never" || until > now;
}

/** True if not even the provider's rules say that it was revoked. */
function isLoose(end: TokenHistory["end"]): boolean {
  return end !== undefined && !isReported(end) && (end.how === "refused" || end.how === "drifted");
}

function leftConcern(history: TokenHistory, now: number): Concern {
  const text = `${sentence(endText(history, now))} ${untilText(deadFrom(history), now)} \`orphans\` finds it if the store lists it.`;
  return { word: "may be valid", tone: "bad", token: history.token, text };
}

/** Most revocations happen, and only their proof is missing: together they are one concern. */
function unprovenConcern(left: readonly TokenHistory[], now: number): readonly Concern[] {
  const [first, ...others] = left;
  if (!first) return [];
  const resources = new Set(left.map(({ token }) => token.urn)).size;
  const last = left.map((history) => deadFrom(history) ?? "never").reduce((a, b) => (a === "never" || b === "never" ? "never" : Math.max(a, b))); // prettier-ignore
  const concern = { word: "no proof", tone: "warn" } as const;
  const where = "Proof is in what `pulumi up` prints, for `audit --events`; `orphans` finds what the store still lists as valid."; // prettier-ignore
  if (others.length === 0) {
    const text = `It was to be revoked, but nothing here proves it. ${untilText(last, now)} ${where}`;
    return [{ ...concern, token: first.token, text }];
  }
  const which = `${left.length} tokens of ${resources === 1 ? "1 resource" : `${resources} resources`}`;
  const text = `${which} were to be revoked, but nothing here proves it. ${untilText(last, now, "the last of them")} ${where}`;
  return [{ ...concern, text }];
}

/** Until when the token is valid unless it was revoked. */
function untilText(until: Expiry | undefined, now: number, which = "it"): string {
  if (until === undefined) return "The state keeps its expiration secret.";
  return until === "never" ? `Without a revocation ${which} never expires.` : `Without a revocation ${which} is valid until ${whenText(until, now)}.`; // prettier-ignore
}

/** The failures of the last update, except of tokens that are listed already. */
function lastFailures(
  { events, interrupted, to }: Selection,
  others: readonly Pick<Assessment, "token">[],
): readonly Concern[] {
  const listed = new Set(others.map(({ token }) => token.urn));
  const isLast = ({ update }: AuditEvent) => update !== undefined && (update.endedAt ?? update.startedAt) === to; // prettier-ignore
  const isListed = ({ token, detail }: AuditEvent) =>
    token ? listed.has(token.urn) : interrupted.some((resource) => detail.startsWith(`${resource}: `));
  return events
    .filter((event) => event.what === "failed" && isLast(event) && !isListed(event))
    .map(({ token, detail, update }) => ({
      ...{ word: "failed", tone: "bad" as const, text: `Update #${update?.number ?? ""}: ${detail}` },
      ...(token && { token }),
    }));
}

function sentence(text: string): string {
  const [first = "", ...rest] = text;
  return `${first.toUpperCase()}${rest.join("")}${text.endsWith(".") ? "" : "."}`;
}
