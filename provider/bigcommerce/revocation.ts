import { DAY, type Expiry } from "../domain/expiry";
import { TokensError } from "../errors";
import type { Failure } from "./classify";
import type { Connection } from "./connection";
import { endpointOf, isPathJti, type Target } from "./endpoint";
import { apiError } from "./error-messages";
import { ApiError } from "./errors";
import { askGraphql, type Bearer } from "./graphql";
import { authorised, beginOperation, type Call, type Operation, perform, type Result } from "./operation";
import { parseBody, saysErrors } from "./reply";
import { MAX_ATTEMPTS } from "./retry";
import { conditionOf, readTokenListPage } from "./token-list-page";
import type { Reply } from "./transport";

/** `token` may be a function: it is called only if the `jti` is not enough. Undefined if the text is not known. */
export interface RevokeRequest extends Bearer<string | (() => Promise<string>) | undefined> {
  readonly family: string;
  readonly oauthScope: string;
  /** How messages name the token. */
  readonly fingerprint: string;
  readonly expiry: Expiry;
  /** Only if it is known to be this token's own: another text can claim the same `jti`. */
  readonly jti?: string;
}

export interface RevokeOptions {
  /** The deadline for each credential, milliseconds. */
  readonly timeoutMs: number;
  /** True if the API account of the first credential is known to have minted the token. Default: false. */
  readonly isMinterFirst?: boolean;
  /** `person` tries everything, because a person waits for the answer. Default: `update`. */
  readonly effort?: keyof typeof EFFORTS;
}

/** A token that is revoked or expired, and what proves it. */
export interface Revoked {
  /** `accepted`: BigCommerce accepted this revocation. The others: the token was revoked or expired before. */
  readonly kind: "accepted" | "revoked" | "expired";
  readonly says: "BigCommerce" | "its expiry" | "the store's list" | "the store's GraphQL API";
  /** What named the token in the last request to revoke it. */
  readonly by: "jti" | "value";
  /** Where that request's credential came from. */
  readonly credentialSource: string;
}

type Proof = Pick<Revoked, "says"> & { readonly kind: "revoked" | "expired" };

/** The last request to revoke. */
type Tried = Result<true> & { readonly call: Call<true>; readonly by: Revoked["by"] };

/** How many pages of the store's list are searched for the token, and the attempts for each page. */
const EFFORTS = {
  update: { pages: 10, attempts: 2 },
  person: { pages: 400, attempts: 3 },
} as const;

/** DELETE with the token in a header serves all families: https://developer.bigcommerce.com/docs/storefront/graphql */
const REVOKE_FAMILY = "api-token";

/** The error codes that BigCommerce returns if another API account minted the token. */
const FOREIGN: ReadonlySet<string> = new Set(["other_account", "jti_not_found"]);

/** These statuses concern the credential or the moment, not the token. */
const INCONCLUSIVE: ReadonlySet<number> = new Set([401, 403, 408, 429, 499]);

/** Revokes a token with the first credential that can: only the API account that minted a token can revoke it. */
export async function revoke(
  connections: readonly [Connection, ...Connection[]],
  request: RevokeRequest,
  options: RevokeOptions,
): Promise<Revoked> {
  let refusal: unknown;
  for (const connection of connections) {
    try {
      return await revokeWith(connection, request, options);
    } catch (error) {
      // Only the answer to the account that minted the token counts.
      refusal = options.isMinterFirst ? (refusal ?? error) : error;
      const isForeign = error instanceof ApiError && (options.isMinterFirst || FOREIGN.has(error.code));
      if (!isForeign) break;
    }
  }
  throw refusal;
}

/** Revokes by `jti` if it is known. A refusal alone proves nothing: a wrong store hash gets the same answers. */
async function revokeWith(
  connection: Connection,
  request: RevokeRequest,
  { timeoutMs, effort = "update" }: RevokeOptions,
): Promise<Revoked> {
  const { target } = connection;
  const { family, jti, fingerprint, oauthScope, expiry } = request;
  const operation = beginOperation(connection, timeoutMs);
  let token = typeof request.token === "string" ? request.token : undefined;
  let tried: Tried | undefined;
  if (isPathJti(jti)) {
    const call = jtiRevoke(target, family, jti, token === undefined ? [] : [token]);
    tried = { ...(await perform(operation, call)), call, by: "jti" };
  }
  // For a person the list is read first, because reading the token's text may need a passphrase.
  const isListFirst = effort === "person" && isOpen(tried);
  const begin = () => beginOperation(connection, timeoutMs);
  let proof = isListFirst ? await proofOfList(begin, request, EFFORTS.person) : undefined;
  if (!tried || (!proof && triesText(tried, request, effort))) {
    token ??= await textOf(request);
    const call = headerRevoke(target, token);
    const result = await perform(operation, call, tried?.ok === false ? tried : undefined);
    tried = { ...result, call, by: "value" };
  }
  const told = { by: tried.by, credentialSource: target.credentialSource };
  if (tried.ok) return { kind: "accepted", says: "BigCommerce", ...told };
  const { call, failure } = tried;
  proof ??= await proofOfEnd(operation, { ...request, token }, failure, isListFirst);
  // If an earlier attempt may have been accepted, that attempt revoked the token.
  const isOurs = proof?.kind === "revoked" && failure.outcome === "UNKNOWN";
  if (proof) return { ...(isOurs ? { kind: "accepted", says: "BigCommerce" } : proof), ...told };
  throw apiError({ target, endpoint: call.endpoint, oauthScope, expiry, fingerprint }, tried);
}

/** True if a request with the token's text may succeed or tell more, after the one with its `jti` failed. */
function triesText(tried: Tried, { token }: RevokeRequest, effort: keyof typeof EFFORTS): boolean {
  if (tried.ok || token === undefined || tried.attempts >= MAX_ATTEMPTS) return false;
  const { code, status } = tried.failure;
  if (effort === "person") return isOpen(tried) && code !== "revocation_limit";
  // Stores without DELETE by jti answer this for the route itself.
  return code === "not_found" || status === 405;
}

/** True if the refusal leaves open whether the token is revoked or expired. */
function isOpen(tried: Tried | undefined): boolean {
  return tried?.ok === false && [404, 405, 422].includes(tried.failure.status ?? 0);
}

async function textOf({ token, fingerprint }: RevokeRequest): Promise<string> {
  const text = typeof token === "function" ? await token() : token;
  if (text !== undefined) return text;
  const why = "its id fits into no URL, and its value is not known";
  throw new TokensError("token_unreadable", `token ${fingerprint} cannot be revoked: ${why}`);
}

async function proofOfEnd(
  operation: Operation,
  { token, ...request }: RevokeRequest & { readonly token: string | undefined },
  { status = 0, serverTimeMs }: Failure,
  isListRead: boolean,
): Promise<Proof | undefined> {
  if (status < 400 || status > 499 || INCONCLUSIVE.has(status)) return undefined;
  // Without the server's time the local clock decides, which may be wrong by some hours.
  const now = serverTimeMs ?? operation.clock.now() - DAY * 1_000;
  if (request.expiry !== "never" && now >= request.expiry * 1_000) {
    return { kind: "expired", says: "its expiry" };
  }
  if (status !== 404 && status !== 422) return undefined;
  const listed = isListRead ? undefined : await proofOfList(() => operation, request, EFFORTS.update);
  if (listed || token === undefined) return listed;
  const answer = await askGraphql(operation, { ...request, token });
  const isDead = answer === "revoked" || answer === "expired";
  return isDead ? { kind: answer, says: "the store's GraphQL API" } : undefined;
}

/** The list shows the newest tokens first. */
async function proofOfList(
  begin: () => Operation,
  { family, jti }: Pick<RevokeRequest, "family" | "jti">,
  { pages, attempts }: (typeof EFFORTS)[keyof typeof EFFORTS],
): Promise<Proof | undefined> {
  for (let page = 1; jti !== undefined && page <= pages; page += 1) {
    const read = await readTokenListPage(begin(), family, page, { attempts });
    const row = read.ok ? read.value.tokens.find((token) => token.jti === jti) : undefined;
    const kind = row && conditionOf(row);
    if (kind === "revoked" || kind === "expired") return { kind, says: "the store's list" };
    if (row || !read.ok || read.value.isLast) return undefined;
  }
  return undefined;
}

export function jtiRevoke(target: Target, family: string, jti: string, secrets: string[] = []): Call<true> {
  const endpoint = endpointOf(target, "DELETE", family, jti);
  return { endpoint, headers: authorised(target), secrets, idempotent: true, accept: acceptedRevoke };
}

export function headerRevoke(target: Target, token: string): Call<true> {
  const endpoint = endpointOf(target, "DELETE", REVOKE_FAMILY);
  const headers = { ...authorised(target), "Sf-Api-Token": token };
  return { endpoint, headers, secrets: [token], idempotent: true, accept: acceptedRevoke };
}

/** 200, 202 or 204 with an empty body or JSON: a proxy's login page is no revocation. */
function acceptedRevoke({ status, body: text }: Reply): true | undefined {
  const body = parseBody(text);
  if (body.kind === "unreadable" || saysErrors(body) !== undefined) return undefined;
  return [200, 202, 204].includes(status) ? true : undefined;
}
