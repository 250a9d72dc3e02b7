import { TokensError } from "../../provider/errors";
import { cleanToken } from "../inspect/clean";
import { factsOf } from "../inspect/facts";
import { readText } from "../read-text";
import { readStacks } from "../state/source";
import { type HeldToken, tokensOf } from "../state/tokens";
import type { World } from "../world";
import type { Doomed } from "./end";
import { createValues, type Values } from "./values";

/** A token to be revoked, and what holds it, as far as that is known. */
export interface Target {
  readonly doomed: Doomed;
  readonly apiAccount?: string;
  readonly held?: HeldToken;
}

/** The token from standard input: its own claims say the rest, unverified. */
export async function givenToken(world: World, store: string | undefined): Promise<Target> {
  if (store === undefined) {
    throw new TokensError(
      "usage",
      "say in which store: --store HASH (or --fingerprint, of a token in the state)",
    );
  }
  if (world.input.isTty) {
    throw new TokensError(
      "usage",
      'give the token on standard input, where no screen or history keeps it: printf %s "$TOKEN" | ... revoke --store HASH',
    );
  }
  const token = cleanToken(await readText(world, "-"));
  const { fingerprint, kind, jti, apiAccount, channelIds = [1], allowedCorsOrigins, expiry } = factsOf(token);
  return {
    doomed: {
      ...{ storeHash: store, name: fingerprint, hasOwnJti: false, expiry, channelIds },
      ...(kind && { kind }),
      ...(jti !== undefined && { jti }),
      ...(allowedCorsOrigins && { allowedCorsOrigins }),
      value: () => Promise.resolve(token),
    },
    ...(apiAccount !== undefined && { apiAccount }),
  };
}

/** The token of that fingerprint in the stack's state, a predecessor included. */
export async function heldToken(
  world: World,
  {
    fingerprint,
    store,
    stack,
  }: { readonly fingerprint: string; readonly store: string | undefined; readonly stack: string | undefined },
): Promise<Target> {
  if (!/^[0-9a-f]{16}$/.test(fingerprint)) {
    throw new TokensError("usage", "--fingerprint takes 16 hex digits, as `status` shows them");
  }
  const [state] = await readStacks(world, { stack });
  const held = state && tokensOf(state.deployment).find((token) => token.fingerprint === fingerprint);
  if (!held) {
    throw new TokensError(
      "not_held",
      `the state of ${state?.name ?? "the stack"} holds no token ${fingerprint}: give --stack, or the token itself on standard input`,
    );
  }
  if (store !== undefined && held.storeHash !== store) {
    throw new TokensError(
      "usage",
      `token ${fingerprint} belongs to store ${held.storeHash ?? "[secret]"}, not to ${store}`,
    );
  }
  const doomed = doomedOf(held, createValues(world, stack));
  return { doomed, held, ...(held.apiAccount !== undefined && { apiAccount: held.apiAccount }) };
}

/** What a state tells of a token that is to be revoked. */
export function doomedOf(held: HeldToken, values: Values): Doomed {
  const {
    storeHash,
    fingerprint,
    apiUrl,
    kind,
    jti,
    hasOwnJti,
    expiry = "never",
    channelIds = [1],
    allowedCorsOrigins,
  } = held;
  if (storeHash === undefined || fingerprint === undefined) {
    throw new TokensError(
      "hidden",
      `${held.resource}: the state keeps the store or the fingerprint of its token secret, so that it cannot be revoked from here`,
    );
  }
  return {
    ...{ storeHash, name: fingerprint, kind, hasOwnJti, expiry, channelIds },
    ...(apiUrl !== undefined && { apiUrl }),
    ...(jti !== undefined && { jti }),
    ...(allowedCorsOrigins && { allowedCorsOrigins }),
    value: () => values.of(fingerprint),
  };
}
