import { defined } from "../../provider/defined";
import { TokensError } from "../../provider/errors";
import { fullStackName } from "../pulumi/stacks";
import { exportState } from "../pulumi/states";
import { type HeldToken, tokensOf } from "../tokens/held-token";
import type { System } from "../system";
import type { RevocationTarget } from "./revoker";
import { requireSameToken } from "../tokens/holding-stack";
import { createTokenValues, type TokenValues } from "../tokens/token-values";

/** A token to revoke, and the resource that holds it, if that is known. */
export interface IncidentToken {
  readonly target: RevocationTarget;
  readonly apiAccount?: string;
  readonly held?: HeldToken;
  /** True if its value came on standard input: it is then revoked whatever a state says. */
  readonly isGiven: boolean;
  /** The stacks whose configuration may have the credential, in this order. Undefined: no stack is selected. */
  readonly stacks: readonly [string | undefined, ...(string | undefined)[]];
  /** The stack that holds it, if that may not be the selected one. */
  readonly otherStack?: string;
}

/** The token with that fingerprint in the stack's state. It may be a previous token. */
export async function heldToken(
  system: System,
  {
    fingerprint,
    store,
    stack: named,
  }: { readonly fingerprint: string; readonly store: string | undefined; readonly stack: string | undefined },
): Promise<IncidentToken> {
  if (!/^[0-9a-f]{16}$/.test(fingerprint)) {
    throw new TokensError("usage", "--fingerprint takes 16 hex digits, as `status` shows them");
  }
  // Fixed by its full name: another stack may be selected meanwhile.
  const stack = await fullStackName(system, named);
  const tokens = tokensOf((await exportState(system, stack)).deployment);
  const held = tokens.find((token) => token.fingerprint === fingerprint);
  if (!held) {
    throw new TokensError(
      "token_not_held",
      `the state of ${stack} holds no token ${fingerprint}: give --stack, or the token itself on standard input`,
    );
  }
  requireStore(held, store);
  if (!held.hasOwnJti) requireSameToken(tokens, stack, { ...held, fingerprint });
  const target = revocationTargetOf(held, createTokenValues(system, stack));
  return {
    ...{ target, held, isGiven: false, stacks: [stack] },
    ...defined({ apiAccount: held.apiAccount, otherStack: named && stack }),
  };
}

/** Refuses a store that contradicts the state. */
export function requireStore({ fingerprint = "", storeHash }: HeldToken, given: string | undefined): void {
  if (given === undefined || storeHash === given) return;
  throw new TokensError(
    "usage",
    `token ${fingerprint} belongs to store ${storeHash ?? "[secret]"}, not to ${given}`,
  );
}

/** The token to revoke as the state describes it. */
export function revocationTargetOf(held: HeldToken, values: TokenValues): RevocationTarget {
  const { storeHash, fingerprint, expiry = "never", channelIds = [1] } = held;
  if (storeHash === undefined || fingerprint === undefined) {
    throw new TokensError(
      "state_secret",
      `${held.resource}: the state keeps the store or the fingerprint of its token secret, so that it cannot be revoked from here`,
    );
  }
  const { apiUrl, kind, jti, hasOwnJti, allowedCorsOrigins } = held;
  const value = () => values.of(fingerprint);
  const known = { storeHash, name: fingerprint, kind, hasOwnJti, expiry, channelIds, value };
  return { ...known, ...defined({ apiUrl, jti, allowedCorsOrigins }) };
}
