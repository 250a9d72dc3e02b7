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
  const { held, interrupted, now } = selection;
  const assessments = held
    .flatMap((token) => assess(token, now) ?? [])
    .filter(({ condition }) => !CALM.has(condition));
  const left = leftBehind(selection).filter(({ end }) => isLoose(end));
  const concerns = [
    ...assessments.map((assessment) => conditionConcern(assessment, now)),
    ...interrupted.map((resource) => ({ ...LOST, token: { resource } })),
    ...left.map((history) => leftConcern(history, now)),
    ...lastFailures(selection, [...assessments, ...left]),
  ];
  return [...concerns.filter(({ tone }) => tone === "bad"), ...concerns.filter(({ tone }) => tone !== "bad")];
}

function conditionConcern(
  { token, condition, isOverdue, settledBy, note = ROTATES }: Assessment,
  now: number,
): Concern {
  const isDue = condition === "due";
  const word = isDue && token.isGone ? "missing" : isOverdue ? "overdue" : condition;
  const { expiry, isDamaged } = token;
  const works = expiry === undefined || isDamaged || isExpired(token, now) ? "" : expiry === "never" ? " It never expires." : ` It expires ${whenText(expiry, now)}.`; // prettier-ignore
  const since = typeof expiry === "number" && isExpired(token, now) ? ` It expired ${whenText(expiry, now)}.` : ""; // prettier-ignore
  const isBad = !isDue || isOverdue || token.isGone || settledBy === "person";
  const text = sentence(note.startsWith(`${word}: `) ? note.slice(word.length + 2) : note);
  return { word, tone: isBad ? "bad" : "warn", token, text: `${text}${since}${token.isGone ? "" : works}` }; // prettier-ignore
}

const LOST: Concern = {
  word: "interrupted",
  tone: "bad",
  text: "An update was interrupted while it minted a token, which may be valid and is in no state. `orphans` looks for it.",
};

/** The tokens that may be valid and are in no state, because their revocation is not proven or was refused. */
function leftBehind({ histories, now }: Selection): readonly TokenHistory[] {
  return histories.filter((history) => {
    const { end } = history;
    const until = deadFrom(history) ?? "never";
    return end && (isUnproven(end) || end.how === "refused") && (until === "never" || until > now);
  });
}

/** True if not even the provider's rules say that it was revoked. */
function isLoose(end: TokenHistory["end"]): boolean {
  return end !== undefined && !isReported(end) && (end.how === "refused" || end.how === "drifted");
}

function leftConcern(history: TokenHistory, now: number): Concern {
  const text = `${sentence(endText(history, now))} ${untilText(deadFrom(history), now)} \`orphans\` finds it if the store lists it.`;
  return { word: "may be valid", tone: "bad", token: history.token, text };
}

/** Most revocations happen, and only their proof is missing: that is no alarm, but is told. */
export function remarkOn(selection: Selection): string | undefined {
  const left = leftBehind(selection).filter(({ end }) => !isLoose(end));
  if (left.length === 0) return undefined;
  const reported = left.filter(({ end }) => end && isReported(end));
  const inferred = left.filter(({ end }) => !end || !isReported(end));
  const last = left.map((history) => deadFrom(history) ?? "never").reduce((a, b) => (a === "never" || b === "never" ? "never" : Math.max(a, b))); // prettier-ignore
  return [
    ...(reported.length > 0 ? [`${countText(reported)} revoked, as a line of a log says, which is no proof.`] : []), // prettier-ignore
    ...(inferred.length > 0 ? [`${countText(inferred)} to be revoked, but nothing here proves it: give \`audit --events\` what \`pulumi up\` printed.`] : []), // prettier-ignore
    untilText(last, selection.now, left.length === 1 ? "it" : "the last of them"),
    "`orphans` finds what the store still lists as valid.",
  ].join(" ");
}

function countText(histories: readonly TokenHistory[]): string {
  const resources = new Set(histories.map(({ token }) => token.urn)).size;
  const [first] = histories;
  if (histories.length === 1) return `Token ${plain(first?.token.fingerprint ?? first?.token.id ?? "")} of ${plain(first?.token.resource ?? "")} was`; // prettier-ignore
  return `${histories.length} tokens of ${resources === 1 ? "1 resource" : `${resources} resources`} were`;
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
      ...{ word: "failed", tone: "bad" as const, text: `Update #${update?.number ?? ""}: ${plain(detail)}` },
      ...(token && { token }),
    }));
}

/** A text from outside has no commands: its backticks are quotes. */
function plain(text: string): string {
  return text.replaceAll("`", "'");
}

function sentence(text: string): string {
  const [first = "", ...rest] = text;
  return `${first.toUpperCase()}${rest.join("")}${text.endsWith(".") ? "" : "."}`;
}
