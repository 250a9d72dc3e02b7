import type { Targets } from "../bigcommerce/client";
import { ApiError } from "../bigcommerce/errors";
import { isGenuine } from "../bigcommerce/graphql";
import { readClaims } from "../domain/claims";
import { previousVariableOf } from "../settings/credentials";
import type { Cause } from "../domain/plan-delete";
import { TokensError } from "../errors";
import { type Effect, notice } from "../notice-formats";
import type { Expiry } from "../domain/expiry";
import type { TokenState } from "../domain/state";
import { ask } from "./ask";
import type { Context } from "./context";
import { revokeRequest } from "./requests";

type Recorded = "fingerprint" | "storeHash" | "channelIds" | "allowedCorsOrigins" | "apiUrl" | "apiAccount";

/** A token of a deleted resource: its own, or the previous one that its state still records. */
export interface TokenToRevoke extends Pick<TokenState, "label" | "token" | Recorded> {
  readonly id: string;
  readonly expiry: Expiry;
  readonly cause: Cause | "previous";
  /** False for an adopted token that GraphQL never accepted: its `jti` may be another token's. */
  readonly hasOwnJti: boolean;
}

/** Refusals of BigCommerce that another attempt will not change. */
const DEFINITE = new Set(["jti_not_found", "jwt_invalid", "other_account", "revocation_limit"]);

export const WAY_OUT = "Or set BIGCOMMERCE_ON_DELETE=letExpire for one run, which leaves the token as it is.";

/** True if the token is revoked or expired. False if BigCommerce refuses for good and the state may drop the token. */
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
    if (!DEFINITE.has(error.code) || !(droppable || token.cause === "previous")) {
      throw kept(token, targets, error);
    }
    // A person would revoke another token by an id that is not this token's own.
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
function remedy({ storeHash, apiAccount }: TokenToRevoke, targets: Targets, { code }: ApiError): string {
  if (code === "revocation_limit" || !DEFINITE.has(code)) return "The next run tries again.";
  const sources = targets.map(({ credentialSource }) => credentialSource).join(" and ");
  const minter = apiAccount === undefined ? "" : `API account ${apiAccount} minted it. `;
  return `${minter}The variable is ${previousVariableOf(storeHash)}; in use: ${sources}.`;
}
