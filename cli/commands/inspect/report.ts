import { KINDS } from "../../../provider/domain/kinds";
import { formatExpiry, formatTime } from "../../../provider/domain/expiry";
import { deadlineText, type Restrictions, type TokenFacts } from "../../tokens/token-facts";
import type { TokenPlace, TokenSearch } from "../../tokens/find-token";
import { assess } from "../../tokens/condition";
import { type HeldToken, isLive } from "../../tokens/held-token";
import type { Update } from "../../pulumi/updates";
import { expiryText, minuteText, relative } from "../../render/time";

const LABEL_WIDTH = 14;

/** The facts for people. They never include the token. */
export function inspectText(
  facts: TokenFacts,
  { deadlines, limits }: Restrictions,
  search: TokenSearch,
  now: number,
): readonly string[] {
  const held = search.found[0]?.token;
  const { kind } = facts;
  const lines: [label: string, text: string][] = [
    ["kind", kindText(facts, held)],
    ["fingerprint", facts.fingerprint],
    ["jti", facts.jti ?? "none"],
    ["store", storeText(facts, held)],
    [
      "API account",
      facts.apiAccount === "BC" ? "BigCommerce itself" : (facts.apiAccount ?? held?.apiAccount ?? "unknown"),
    ],
    ["channels", facts.channelIds?.join(", ") ?? "unknown"],
    ...(kind === undefined || KINDS[kind].rights.includes("allowedCorsOrigins")
      ? ([["origins", originsText(facts)]] as [string, string][])
      : []),
    ...(held?.scopes ? ([["scopes", held.scopes.join(", ")]] as [string, string][]) : []),
    [
      "issued",
      facts.issuedAt === undefined
        ? "unknown"
        : `${minuteText(facts.issuedAt)} (${relative(facts.issuedAt, now)})`,
    ],
    ["expires", expiryText(facts.expiry, now)],
    ...search.found.map((found): [string, string] => ["held by", foundText(found, now)]),
    ...(search.found.length === 0 ? ([["held by", notFoundText(search)]] as [string, string][]) : []),
    ...search.problems.map((problem): [string, string] => ["not searched", problem]),
    ...limits.map((limit): [string, string] => ["limit", limit]),
    ...deadlines.map((deadline): [string, string] => ["ends", deadlineText(deadline)]),
  ];
  return [
    ...lines.map(([label, value]) => `${label.padEnd(LABEL_WIDTH)}${value}`),
    "",
    "Read from the token and the state. Whether BigCommerce still accepts the token, only BigCommerce can tell.",
  ];
}

/** The facts for programs. */
export function inspectJson(
  facts: TokenFacts,
  { deadlines, limits }: Restrictions,
  { found, searched, problems }: TokenSearch,
  now: number,
): unknown {
  return {
    version: 1,
    at: formatTime(now),
    ...facts,
    issuedAt: facts.issuedAt === undefined ? undefined : formatTime(facts.issuedAt),
    expiry: undefined,
    expiresAt: formatExpiry(facts.expiry),
    limits,
    endings: deadlines.map(({ at, what }) => ({ at: at === undefined ? undefined : formatTime(at), what })),
    heldBy: found.map(({ from, token, updates }) => ({
      ...{ stack: from, project: token.project, resource: token.resource, urn: token.urn, role: token.role },
      ...{ label: token.label, storeHash: token.storeHash, scopes: token.scopes },
      state: updates ? "history" : conditionOf(token, now),
      ...(token.isAdopted && { adopted: true }),
      ...(token.isGone && { gone: true }),
      updates: updates && [updates.first, updates.last].map(updateJson),
    })),
    searched,
    problems,
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

function foundText({ from, token, updates }: TokenPlace, now: number): string {
  const what = `${token.role === "predecessor" ? "previous token of " : ""}${token.resource} (${token.kind}), stack ${from}`;
  if (updates) {
    const { first, last } = updates;
    const when =
      first.number === last.number
        ? `in the state of ${updateText(first)}`
        : `in its states from ${updateText(first)} to ${updateText(last)}`;
    return `${what}, formerly: ${when}, as ${roleText(token)}`;
  }
  const more = `${token.isGone ? "; a refresh saw that it is gone" : ""}${token.isAdopted ? "; adopted, not minted" : ""}`;
  return `${what}: ${conditionOf(token, now)}${more}`;
}

function roleText({ role }: HeldToken): string {
  switch (role) {
    case "current":
      return "the current token";
    case "predecessor":
      return "the previous token";
    case "pending delete":
      return "a pending delete";
    case "pending replacement":
      return "a pending replacement";
  }
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
  const details = [
    startedAt === undefined ? undefined : minuteText(startedAt),
    user,
    message?.split("\n")[0],
  ];
  const known = details.filter((detail) => detail !== undefined);
  return `update ${number}${known.length === 0 ? "" : ` (${known.join(", ")})`}`;
}

function updateJson(update: Update): unknown {
  const { number, kind, result, startedAt, user, commit, message } = update;
  return {
    number,
    kind,
    result,
    at: startedAt === undefined ? undefined : formatTime(startedAt),
    user,
    commit,
    message,
  };
}
