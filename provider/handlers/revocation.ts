import type { Targets } from "../bigcommerce/client";
import { ApiError } from "../bigcommerce/errors";
import { isGenuine } from "../bigcommerce/graphql";
import { readClaims } from "../domain/claims";
import { previousVariableOf } from "../settings/credentials";
import type { Cause } from "../domain/plan-delete";
import { TokensError } from "../errors";
import { type Effect, notice } from "../notice-formats";
import type { Expiry } from "../domain/expiry";
import { ask } from "./ask";
import type { Context } from "./context";
import { revokeRequest } from "./requests";

/** A token of a deleted resource: its own, or the previous one that its state still records. */
export interface TokenToRevoke {
  readonly id: string;
  readonly label: string;
  readonly token: string;
  readonly fingerprint: string;
  readonly expiry: Expiry;
  readonly storeHash: string;
  readonly channelIds: readonly number[];
  readonly allowedCorsOrigins?: readonly string[];
  readonly apiUrl?: string;
  readonly apiAccount?: string;
  readonly listName?: string;
  readonly cause: Cause | "predecessor";
  /** False for an adopted token that GraphQL never accepted: its `jti` may be another token's. */
  readonly hasOwnJti: boolean;
}

/** Refusals of BigCommerce that another attempt will not change. */
const DEFINITE = new Set(["jti_not_found", "jwt_invalid", "other_account", "revocation_limit"]);

export const WAY_OUT = "Or set BIGCOMMERCE_ON_DELETE=letExpire for one run, which leaves the token as it is.";

/** Resolves to true if the token is revoked or expired, to false if BigCommerce refuses for good and the state may drop it. */
export async function revoke(
  context: Context,
  targets: Targets,
  token: TokenToRevoke,
  say: (effect: Effect) => void,
): Promise<boolean> {
  const { label, fingerprint, expiry, apiAccount: account } = token;
  try {
    const isByJti = readClaims(token.token).jti !== undefined;
    const isOwn = token.hasOwnJti || (isByJti && isGenuine(await ask(context, targets[0], token)));
    const [present, previous] = targets;
    const presentAccount = context.record.minterOf(token.storeHash) ?? account;
    // If the present API account did not mint the token, the credential of the previous one is tried first.
    const isMinterFirst = previous !== undefined && account !== undefined && presentAccount !== account;
    const ordered: Targets = isMinterFirst ? [previous, present] : targets;
    const request = revokeRequest(context, token, isOwn);
    const revoked = await context.client.revoke(ordered, request, { isMinterFirst });
    if (revoked.kind === "revoked") {
      context.notices.say(notice("revoked_before", { label, fingerprint, by: revoked.says }));
    } else {
      say(revoked.kind === "expired" ? "expired" : "revoke_accepted");
    }
    return true;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const droppable = token.cause === "replaced" && token.expiry !== "never";
    if (!DEFINITE.has(error.code) || !(droppable || token.cause === "predecessor")) {
      throw kept(token, targets, error);
    }
    // An id that may be another token's is not named: a person would revoke that token by it.
    const id = token.hasOwnJti ? token.id : undefined;
    const facts = { label, fingerprint, expiry, reason: error.message, id, account };
    context.notices.say(notice("revocation_refused", facts));
    return false;
  }
}

function kept(token: TokenToRevoke, targets: Targets, error: ApiError): TokensError {
  const what = error.failure.outcome === "UNKNOWN" ? "may not have been revoked" : "was not revoked";
  return new TokensError(
    error.code,
    `token ${token.fingerprint} of ${token.label} ${what} and stays in the state: ` +
      `${error.message} ${remedy(token, targets, error)} ${WAY_OUT}`,
  );
}

/** What to do next. */
function remedy(token: TokenToRevoke, targets: Targets, { code }: ApiError): string {
  if (code === "revocation_limit" || !DEFINITE.has(code)) return "The next run tries again.";
  const sources = targets.map(({ credentialSource }) => credentialSource).join(" and ");
  const variable = previousVariableOf(token.storeHash);
  return `Set the credential of ${minterOf(token)} as ${variable} and run again; in use: ${sources}.`;
}

function minterOf({ apiAccount }: TokenToRevoke): string {
  return `the API account that minted it${apiAccount === undefined ? "" : `, ${apiAccount}`}`;
}
