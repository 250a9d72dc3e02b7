import { KINDS } from "../../../provider/domain/kinds";
import { formatExpiry, formatTime } from "../../../provider/domain/expiry";
import { labelHashes } from "../../../provider/domain/label";
import { deadlineText, type Restrictions, type TokenFacts } from "../../tokens/token-facts";
import type { TokenPlace, TokenSearch } from "../../tokens/find-token";
import { assess } from "../../tokens/condition";
import { type HeldToken, isLive } from "../../tokens/held-token";
import type { Update } from "../../pulumi/updates";
import { type NextStep, nextStepLines, nextSteps, stepLines, stepsForUnheld } from "../../tokens/next-steps";
import type { Line } from "../../render/line";
import { minuteText, timeText, whenText } from "../../render/time";

const LABEL_WIDTH = 14;

const ROLES: Readonly<Record<HeldToken["role"], string>> = {
  current: "the current token",
  predecessor: "the previous token",
  "pending delete": "a pending delete",
  "pending replacement": "a pending replacement",
};

/** What is known of a token. It never includes the token. */
interface Inspection extends Restrictions {
  readonly facts: TokenFacts;
  /** True if the token itself is at hand. */
  readonly isGiven: boolean;
  readonly search: TokenSearch;
  /** Unix seconds. */
  readonly now: number;
}

/** For people. */
export function inspectText(inspection: Inspection): readonly Line[] {
  const { facts, isGiven, search, now, deadlines, limits } = inspection;
  const { kind, jti = "none", channelIds, issuedAt, expiry, fingerprint } = facts;
  const held = search.found[0]?.token;
  const apiAccount = facts.apiAccount ?? held?.apiAccount ?? "unknown";
  const isForBrowsers = kind === undefined || KINDS[kind].rights.includes("allowedCorsOrigins");
  const line = (label: string, ...texts: readonly string[]) =>
    texts.map((text) => `${label.padEnd(LABEL_WIDTH)}${text}`);
  return [
    ...line("kind", kindText(facts, held)),
    ...line("fingerprint", fingerprint),
    ...line("jti", jti),
    ...line("store", storeText(facts, held)),
    ...line("API account", facts.apiAccount === "BC" ? "BigCommerce itself" : apiAccount),
    ...line("channels", channelIds?.join(", ") ?? "unknown"),
    ...line("origins", ...(isForBrowsers ? [originsText(facts)] : [])),
    ...line("scopes", ...(held?.scopes ? [held.scopes.join(", ")] : [])),
    ...line("issued", issuedAt === undefined ? "unknown" : whenText(issuedAt, now)),
    ...line("expires", expiry === undefined ? "unknown" : whenText(expiry, now)),
    ...search.found.flatMap((found) => [
      ...line("held by", foundText(found, now)),
      ...line("urn", found.token.urn),
      ...line("label", ...labelText(found.token)),
    ]),
    ...line("held by", ...(search.found.length > 0 ? [] : [notFoundText(search)])),
    ...line("not searched", ...search.problems),
    ...line("limit", ...limits),
    ...line("ends", ...deadlines.map(deadlineText)),
    "",
    `Read from ${isGiven ? "the token and the state" : "the state"}. Whether BigCommerce still accepts the token, only BigCommerce can tell.`,
    "",
    "If the token leaked:",
    ...nextLines(inspection),
  ];
}

function nextLines(inspection: Inspection): readonly Line[] {
  const holders = inspection.search.found.filter(isHolder);
  return holders.length > 0
    ? nextStepLines(holders, { now: inspection.now, isRevoked: false })
    : stepLines(unheldSteps(inspection));
}

/** False if only a history holds it. */
function isHolder({ updates }: TokenPlace): boolean {
  return updates === undefined;
}

function unheldSteps({ facts, search, now }: Inspection): readonly NextStep[] {
  return stepsForUnheld(search.found[0]?.token.storeHash, facts.expiry, now);
}

/** For programs. */
export function inspectJson(inspection: Inspection): unknown {
  const { facts, search, now, deadlines, limits } = inspection;
  const { found, searched, problems } = search;
  const holders = found.filter(isHolder);
  return {
    version: 1,
    at: formatTime(now),
    ...facts,
    issuedAt: timeText(facts.issuedAt),
    expiry: undefined,
    expiresAt: facts.expiry && formatExpiry(facts.expiry),
    limits,
    endings: deadlines.map(({ at, what }) => ({ at: timeText(at), what })),
    heldBy: found.map((place) => ({
      ...placeJson(place, now),
      ...(isHolder(place) && { next: nextSteps(place, { now, isRevoked: false }, holders) }),
    })),
    next: holders.length > 0 ? undefined : unheldSteps(inspection),
    searched,
    problems,
  };
}

function placeJson({ from, token, updates }: TokenPlace, now: number) {
  return {
    ...{ stack: from, project: token.project, resource: token.resource, urn: token.urn, role: token.role },
    ...{ label: token.label, storeHash: token.storeHash, scopes: token.scopes },
    state: updates ? "history" : conditionOf(token, now),
    adopted: token.isAdopted || undefined,
    gone: token.isGone || undefined,
    updates: updates && [updates.first, updates.last].map(updateJson),
  };
}

function kindText({ kind, tokenType }: TokenFacts, held: HeldToken | undefined): string {
  if (kind === undefined) return `unknown${tokenType === undefined ? "" : ` (token_type ${tokenType})`}`;
  // BigCommerce publishes no number for private tokens.
  return held || kind !== "private" ? kind : "private (token_type 3, by exclusion)";
}

function storeText({ storeId }: TokenFacts, held: HeldToken | undefined): string {
  const hash = held?.storeHash;
  const id = storeId === undefined ? "unknown" : `id ${storeId}`;
  return hash === undefined ? id : `${hash} (${id})`;
}

function originsText({ allowedCorsOrigins }: TokenFacts): string {
  if (!allowedCorsOrigins) return "unknown";
  return allowedCorsOrigins.length === 0 ? "none" : allowedCorsOrigins.join(", ");
}

/** A label without a hash says no more than the URN does. */
function labelText({ label = "", urn }: HeldToken): readonly string[] {
  const hashes = labelHashes(label, urn.split("::")[2]?.includes("$") === true);
  return hashes === undefined ? [] : [`${label} (${hashes})`];
}

function foundText({ from, token, updates }: TokenPlace, now: number): string {
  const what = `${token.role === "predecessor" ? "previous token of " : ""}${token.resource} (${token.kind}), stack ${from}`;
  if (updates) {
    const { first, last } = updates;
    const when =
      first.number === last.number
        ? `in the state of ${updateText(first)}`
        : `in its states from ${updateText(first)} to ${updateText(last)}`;
    return `${what}, formerly: ${when}, as ${ROLES[token.role]}`;
  }
  const more = `${token.isGone ? "; a refresh saw that it is gone" : ""}${token.isAdopted ? "; adopted, not minted" : ""}`;
  return `${what}: ${conditionOf(token, now)}${more}`;
}

/** A previous token that is not live was to be revoked, or has expired. So was a token that was deleted first. */
function conditionOf(token: HeldToken, now: number): string {
  const assessment = assess(token, now);
  if (assessment) return assessment.condition;
  return isLive({ ...token, fate: "letExpire" }, now) ? "its revocation was asked for" : "expired";
}

function notFoundText({ searched }: TokenSearch): string {
  return searched.length === 0 ? "unknown" : `none of these: ${searched.join(", ")}`;
}

function updateText({ number, startedAt, user, message }: Update): string {
  const time = startedAt === undefined ? undefined : minuteText(startedAt);
  const known = [time, user, message?.split("\n")[0]].filter((detail) => detail !== undefined);
  return `update ${number}${known.length === 0 ? "" : ` (${known.join(", ")})`}`;
}

function updateJson({ number, kind, result, startedAt, user, commit, message }: Update): unknown {
  return { number, kind, result, at: timeText(startedAt), user, commit, message };
}
