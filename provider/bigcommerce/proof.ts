import { DAY } from "../schedule";
import { graphqlEndpoint } from "./endpoint";
import type { Failure } from "./judgement";
import { type ListedToken, readList } from "./list";
import { type Operation, perform } from "./operation";
import { parseBody, problemTexts } from "./reply";
import type { Reply } from "./transport";

/** A token that BigCommerce refused to revoke, perhaps because it is dead. */
export interface RefusedToken {
  readonly family: string;
  readonly token: string;
  readonly jti?: string;
  /** RFC 3339, or `never`: the effective expiry. */
  readonly expiresAt: string;
  /** Ascending, at least one. */
  readonly channelIds: readonly number[];
  readonly allowedCorsOrigins?: readonly string[];
}

/** That a token is dead, and who says so. */
export interface Proof {
  readonly kind: "revoked" | "expired";
  readonly by: string;
}

/** Answers that speak of the credential or of the moment, and not of the token. */
const INCONCLUSIVE: ReadonlySet<number> = new Set([401, 403, 408, 429, 499]);

/** A channel without a site answers nothing of use; so many are asked. */
export const MAX_CHANNELS = 3;

/** The list shows the newest first; further back than this is asked of GraphQL alone. */
const MAX_PAGES = 10;

/** The cheapest question to GraphQL: the answer is thrown away. */
export const QUERY = JSON.stringify({ query: "{ site { settings { storeName } } }" });

/**
 * "Every auth failure is HTTP 401"; these two texts mean a dead token.
 * https://docs.bigcommerce.com/docs/rest-authentication/tokens
 */
const DEAD: readonly { readonly text: RegExp; readonly kind: Proof["kind"] }[] = [
  { text: /(^|\.\s)unknown jwt token\.?$/i, kind: "revoked" },
  { text: /(^|\.\s)jwt is expired\.?$/i, kind: "expired" },
];

/** A refusal alone proves nothing: a wrong store hash or another account's credential gets the same answers. */
export async function proofOfEnd(
  operation: Operation,
  token: RefusedToken,
  { status = 0, serverTimeMs }: Failure,
): Promise<Proof | undefined> {
  if (status < 400 || status > 499 || INCONCLUSIVE.has(status)) return undefined;
  // Without the server's own time the local clock counts, which may be wrong by some hours.
  const now = serverTimeMs ?? operation.clock.now() - DAY * 1_000;
  if (token.expiresAt !== "never" && now >= Date.parse(token.expiresAt)) {
    return { kind: "expired", by: "its expiry" };
  }
  if (status !== 404 && status !== 422) return undefined;
  return (await proofOfList(operation, token)) ?? (await proofOfGraphql(operation, token));
}

async function proofOfList(operation: Operation, { family, jti }: RefusedToken): Promise<Proof | undefined> {
  for (let page = 1; jti !== undefined && page <= MAX_PAGES; page += 1) {
    const read = await readList(operation, family, page, { attempts: 2 });
    if (!read.ok) return undefined;
    const row = read.value.tokens.find((token) => token.jti === jti);
    if (row) return listedEnd(row);
    if (read.value.isLast) return undefined;
  }
  return undefined;
}

function listedEnd({ isRevoked, isExpired }: ListedToken): Proof | undefined {
  const by = "the store's list";
  if (isRevoked) return { kind: "revoked", by };
  return isExpired ? { kind: "expired", by } : undefined;
}

async function proofOfGraphql(operation: Operation, token: RefusedToken): Promise<Proof | undefined> {
  const said = await askGraphql(operation, token);
  return said === "revoked" || said === "expired" ? { kind: said, by: "the store's GraphQL API" } : undefined;
}

/** What GraphQL says of a token. */
export type Word = Proof["kind"] | "works";

/** Asks as the token's own user would, without the credential; nothing where no answer tells. */
export async function askGraphql(
  operation: Operation,
  {
    token,
    channelIds,
    allowedCorsOrigins = [],
  }: Pick<RefusedToken, "token" | "channelIds" | "allowedCorsOrigins">,
): Promise<Word | undefined> {
  const [origin] = allowedCorsOrigins;
  for (const channelId of channelIds.slice(0, MAX_CHANNELS)) {
    const endpoint = graphqlEndpoint(operation.target, channelId);
    if (!endpoint) return undefined;
    const asked = await perform(operation, {
      endpoint,
      headers: { Authorization: `Bearer ${token}`, ...(origin !== undefined && { Origin: origin }) },
      body: QUERY,
      unpaced: true,
      idempotent: true,
      attempts: 2,
      secrets: [token],
      accept: wordOf,
    });
    if (asked.ok) return asked.value === "unclear" ? undefined : asked.value;
  }
  return undefined;
}

/** Nothing where it is not GraphQL that answers. */
function wordOf({ status, body }: Reply): Word | "unclear" | undefined {
  if (status !== 401) return status === 200 ? "works" : undefined;
  const texts = problemTexts(parseBody(body));
  return texts.map(endIn).find((kind) => kind !== undefined) ?? "unclear";
}

/** Whether one of GraphQL's messages says that the token is dead. */
export function endIn(message: string): Proof["kind"] | undefined {
  return DEAD.find(({ text }) => text.test(message.trim()))?.kind;
}
