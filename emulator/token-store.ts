import { createHash } from "node:crypto";

import type { Account, IssuedToken, Writable } from "./entities";
import type { Settings } from "./options";
import type { Instant, TestClock } from "./test-clock";

/** Every minted token, and which of them are expired, revoked or forgotten. */
export type TokenStore = ReturnType<typeof createTokenStore>;

export function createTokenStore(settings: Settings, clock: TestClock) {
  const issued: IssuedToken[] = [];
  const revocations = new Map<IssuedToken, Instant>();
  const forgotten = new Set<IssuedToken>();
  const isExpired = (token: IssuedToken): boolean =>
    token.expiresAt !== undefined && clock.now() >= token.expiresAt;

  const revoke = (token: IssuedToken): void => {
    if (token.revokedAt !== undefined) return;
    (token as Writable<IssuedToken>).revokedAt = clock.now();
    revocations.set(token, clock.instant());
  };
  const known = () => issued.filter((token) => !forgotten.has(token));

  return {
    issued,
    add(token: Omit<IssuedToken, "fingerprint" | "revokedAt">) {
      const fingerprint = createHash("sha256").update(token.token).digest("hex").slice(0, 16);
      issued.push({ ...token, fingerprint });
    },
    find: (token: string) => known().find((candidate) => candidate.token === token),
    isExpired,
    /** True if the token was revoked at least `revocationDelayMs` ago. */
    isRefusedByGraphql(token: IssuedToken) {
      const since = revocations.get(token);
      return since !== undefined && clock.elapsedMs(since) >= settings.revocationDelayMs;
    },
    /** Does nothing if the token is already revoked. */
    revoke,
    /** Revokes the token and hides it from lists and revocations. */
    forget: (token: IssuedToken) => {
      if (!issued.includes(token)) throw new TypeError("forget() takes an object of `issued`, not a copy.");
      revoke(token);
      forgotten.add(token);
    },
    /** False if the store already has `revokedLimit` revoked tokens. */
    hasRoomToRevoke(storeHash: string) {
      // Guess: a store can have 1000 revoked tokens.
      const held = known().filter(
        (token) => token.storeHash === storeHash && token.revokedAt !== undefined && !isExpired(token),
      );
      return held.length < settings.revokedLimit;
    },
    /** The tokens that this API account minted in this store. It can list and revoke no others. */
    ownedBy: (storeHash: string, account: Account) =>
      known().filter((token) => token.storeHash === storeHash && token.clientId === account.clientId),
    reset() {
      issued.length = 0;
      revocations.clear();
      forgotten.clear();
    },
  };
}
