import { endpointOf, isPathJti, type Target } from "./endpoint";
import type { Failure } from "./classify";
import { apiError } from "./error-messages";
import { authorised, type Call, type Operation, perform } from "./operation";
import { type Proof, proofOfEnd, type RefusedToken } from "./proof";
import { parseBody, saysErrors } from "./reply";
import { MAX_ATTEMPTS } from "./retry";
import type { Reply } from "./transport";

export interface RevokeRequest extends RefusedToken {
  readonly oauthScope: string;
  readonly fingerprint: string;
}

/** How a token ended: BigCommerce accepted to revoke it, or it is proven to have been dead before. */
export type Revoked = { readonly kind: "accepted" } | Proof;

/** The one header DELETE serves all families: https://developer.bigcommerce.com/docs/storefront/graphql */
const REVOKE_FAMILY = "api-token";

/** By jti where the token has one. What is refused with 404 or 422 is done only where it can be proven. */
export async function revoke(operation: Operation, request: RevokeRequest): Promise<Revoked> {
  const { target } = operation;
  const { family, oauthScope, token, jti, fingerprint, expiresAt } = request;
  let call = isPathJti(jti) ? jtiRevoke(target, family, jti, [token]) : headerRevoke(target, token);
  let result = await perform(operation, call);
  if (!result.ok && call.endpoint.byJti && isRouteMissing(result.failure) && result.attempts < MAX_ATTEMPTS) {
    const { attempts, failure } = result;
    call = headerRevoke(target, token);
    result = await perform(operation, call, attempts, failure.outcome === "UNKNOWN");
  }
  if (result.ok) return { kind: "accepted" };
  const { failure, attempts, stopped } = result;
  const proof = await proofOfEnd(operation, request, failure);
  // Where an earlier attempt may have been accepted, that one was it.
  if (proof) return proof.kind === "revoked" && failure.outcome === "UNKNOWN" ? { kind: "accepted" } : proof;
  const attempted = { target, endpoint: call.endpoint, oauthScope, expiresAt, fingerprint, attempts };
  throw apiError({ ...attempted, ...(stopped !== undefined && { stopped }) }, failure);
}

export function jtiRevoke(
  target: Target,
  family: string,
  jti: string,
  secrets: readonly string[] = [],
): Call<true> {
  return { ...revokeCall(target), secrets, endpoint: endpointOf(target, "DELETE", family, jti) };
}

export function headerRevoke(target: Target, token: string): Call<true> {
  const call = revokeCall(target);
  const endpoint = endpointOf(target, "DELETE", REVOKE_FAMILY);
  return { ...call, secrets: [token], endpoint, headers: { ...call.headers, "Sf-Api-Token": token } };
}

function revokeCall(target: Target): Omit<Call<true>, "endpoint" | "secrets"> {
  return { headers: authorised(target), idempotent: true, accept: acceptedRevoke };
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
