import { isToken } from "../claims";
import type { Clock } from "../clock";
import { endpointOf, isPathJti, type Target } from "./endpoint";
import { type Failure, isSuccess } from "./judgement";
import { apiError } from "./messages";
import { beginOperation, type Call, type Failed, type Operation, perform, sendOnce } from "./operation";
import { isSendable, parseBody, saysErrors, tokenText } from "./reply";
import type { Reply } from "./transport";

export type { Target } from "./endpoint";

export interface MintRequest {
  /** `api-token`, `api-token-private` or `api-token-customer-impersonation`. */
  readonly family: string;
  /** Name of the OAuth scope that is needed, as BigCommerce's control panel shows it. */
  readonly oauthScope: string;
  /** The JSON body, `expires_at` included. */
  readonly body: Readonly<Record<string, unknown>>;
  /** For messages: RFC 3339, or `never`. */
  readonly expiresAt: string;
}

export interface RevokeRequest {
  readonly family: string;
  readonly oauthScope: string;
  readonly token: string;
  readonly jti?: string;
  readonly fingerprint: string;
  readonly expiresAt: string;
}

export interface Minted {
  readonly token: string;
}

export interface Client {
  /** Mints one token; rejects with an `ApiError` that says whether one may exist. */
  mint(target: Target, request: MintRequest): Promise<Minted>;
  /** Resolves once BigCommerce accepted the revocation, which takes up to about 60 s to hold. */
  revoke(target: Target, request: RevokeRequest): Promise<void>;
}

/** The one header DELETE serves all families: https://developer.bigcommerce.com/docs/storefront/graphql */
const REVOKE_FAMILY = "api-token";

/** `timeoutMs` is the deadline of one operation, over all its attempts and waits. */
export function createClient({ clock, timeoutMs }: { clock: Clock; timeoutMs: number }): Client {
  return {
    mint: (target, request) => mint(clock, timeoutMs, target, request),
    revoke: (target, request) => revoke(clock, timeoutMs, target, request),
  };
}

async function mint(clock: Clock, timeoutMs: number, target: Target, request: MintRequest): Promise<Minted> {
  const { family, oauthScope, body, expiresAt } = request;
  const endpoint = endpointOf(target, "POST", family);
  const operation = beginOperation(clock, timeoutMs);
  const result = await perform(operation, {
    target,
    endpoint,
    body: JSON.stringify(body),
    idempotent: false,
    secrets: [],
    accept: mintedToken,
  });
  if (result.ok) {
    return result.value;
  }
  const failure = await withoutStrayToken(operation, target, result);
  throw apiError({ target, endpoint, oauthScope, expiresAt, ...attemptsOf(result) }, failure);
}

function mintedToken({ status, body: text }: Reply): Minted | undefined {
  const body = parseBody(text);
  const token = tokenText(body);
  if (
    (status !== 200 && status !== 201) ||
    saysErrors(body) !== undefined ||
    token === undefined ||
    !isToken(token)
  ) {
    return undefined;
  }
  return { token };
}

/** A token that came in a reply which cannot be trusted is known here and nowhere else: it is revoked once. */
async function withoutStrayToken(
  operation: Operation,
  target: Target,
  { failure, reply }: Failed,
): Promise<Failure> {
  const token = reply !== undefined && isSuccess(reply.status) ? tokenText(parseBody(reply.body)) : undefined;
  if (token === undefined) {
    return failure;
  }
  const revoked = isSendable(token) && (await sendOnce(operation, headerRevoke(target, token))).ok;
  const what = revoked
    ? "BigCommerce accepted to revoke the token in it"
    : "the token in it could not be revoked";
  return { ...failure, outcome: revoked ? "REJECTED" : "UNKNOWN", what: `${failure.what}; ${what}` };
}

async function revoke(
  clock: Clock,
  timeoutMs: number,
  target: Target,
  request: RevokeRequest,
): Promise<void> {
  const { family, oauthScope, token, jti, fingerprint, expiresAt } = request;
  const operation = beginOperation(clock, timeoutMs);
  let call = isPathJti(jti) ? jtiRevoke(target, family, jti, token) : headerRevoke(target, token);
  let result = await perform(operation, call);
  if (!result.ok && call.endpoint.byJti && isRouteMissing(result.failure)) {
    call = headerRevoke(target, token);
    result = await perform(operation, call, result.attempts);
  }
  if (!result.ok) {
    const attempted = { target, endpoint: call.endpoint, oauthScope, expiresAt, fingerprint };
    throw apiError({ ...attempted, ...attemptsOf(result) }, result.failure);
  }
}

function jtiRevoke(target: Target, family: string, jti: string, token: string): Call<true> {
  return { ...revokeCall(target, token), endpoint: endpointOf(target, "DELETE", family, jti) };
}

function headerRevoke(target: Target, token: string): Call<true> {
  const endpoint = endpointOf(target, "DELETE", REVOKE_FAMILY);
  return { ...revokeCall(target, token), endpoint, headers: { "Sf-Api-Token": token } };
}

function revokeCall(target: Target, token: string): Omit<Call<true>, "endpoint"> {
  return { target, idempotent: true, secrets: [token], accept: acceptedRevoke };
}

/** 200, 202 or 204 with nothing or JSON in it: a proxy's login page is no revocation. */
function acceptedRevoke({ status, body: text }: Reply): true | undefined {
  const body = parseBody(text);
  const accepted =
    [200, 202, 204].includes(status) && body.kind !== "unreadable" && saysErrors(body) === undefined;
  return accepted ? true : undefined;
}

/** Stores without DELETE by jti answer so for the route itself. */
function isRouteMissing({ code, status }: Failure): boolean {
  return code === "not_found" || status === 405;
}

function attemptsOf({ attempts, stopped }: Failed): Pick<Failed, "attempts" | "stopped"> {
  return { attempts, ...(stopped === undefined ? {} : { stopped }) };
}
