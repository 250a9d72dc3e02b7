import { createHash } from "node:crypto";

import type { Account, IssuedToken, Writable } from "./entities";
import type { Settings } from "./options";
import type { Instant, TestClock } from "./test-clock";

/** Every minted token, and which of them are expired, revoked or forgotten. */
export interface TokenStore {
  readonly issued: readonly IssuedToken[];
  add(token: Omit<IssuedToken, "fingerprint" | "revokedAt">): IssuedToken;
  find(token: string): IssuedToken | undefined;
  isExpired(token: IssuedToken): boolean;
  /** True if the token was revoked at least `revocationDelayMs` ago. */
  isRefusedByGraphql(token: IssuedToken): boolean;
  /** Does nothing if the token is already revoked. */
  revoke(token: IssuedToken): void;
  /** Revokes the token and hides it from lists and revocations. */
  forget(token: IssuedToken): void;
  /** False if the store already has `revokedLimit` revoked tokens. */
  hasRoomToRevoke(storeHash: string): boolean;
  /** The tokens that this API account minted in this store. It can list and revoke no others. */
  ownedBy(storeHash: string, account: Account): readonly IssuedToken[];
  reset(): void;
}

export function createTokenStore(settings: Settings, clock: TestClock): TokenStore {
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
    add(token) {
      const added = { ...token, fingerprint: fingerprint(token.token) };
      issued.push(added);
      return added;
    },
    find: (token) => known().find((candidate) => candidate.token === token),
    isExpired,
    isRefusedByGraphql(token) {
      const since = revocations.get(token);
      return since !== undefined && clock.elapsedMs(since) >= settings.revocationDelayMs;
    },
    revoke,
    forget(token) {
      if (!issued.includes(token)) throw new TypeError("forget() takes an object of `issued`, not a copy.");
      revoke(token);
      forgotten.add(token);
    },
    hasRoomToRevoke(storeHash) {
      // Guess: a store can have 1000 revoked tokens.
      const held = known().filter(
        (token) => token.storeHash === storeHash && token.revokedAt !== undefined && !isExpired(token),
      );
      return held.length < settings.revokedLimit;
    },
    ownedBy: (storeHash, account) =>
      known().filter((token) => token.storeHash === storeHash && token.clientId === account.clientId),
    reset() {
      issued.length = 0;
      revocations.clear();
      forgotten.clear();
    },
  };
}

function fingerprint(token: string): string {
  return createHash("sha256").update(token).digest("hex").slice(0, 16);
}
