import { DAY } from "../domain/expiry";
import { askGraphql, type Bearer } from "./graphql";
import type { Failure } from "./classify";
import { type ListedToken, readTokenListPage } from "./token-list-page";
import type { Operation } from "./operation";

/** A token that BigCommerce refused to revoke, perhaps because it is dead. */
export interface RefusedToken extends Bearer {
  readonly family: string;
  readonly jti?: string;
  /** RFC 3339, or `never`: the effective expiry. */
  readonly expiresAt: string;
}

/** That a token is dead, and who says so. */
export interface Proof {
  readonly kind: "revoked" | "expired";
  readonly by: string;
}

/** Answers that speak of the credential or of the moment, and not of the token. */
const INCONCLUSIVE: ReadonlySet<number> = new Set([401, 403, 408, 429, 499]);

/** The list shows the newest first; further back than this is asked of GraphQL alone. */
const MAX_PAGES = 10;

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
    const read = await readTokenListPage(operation, family, page, { attempts: 2 });
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
