import type { Account } from "./entities";

/**
 * The version of BigCommerce's token API. 1: POST for three kinds of token, and DELETE with the token in a header.
 * 2: also lists, names, `jti`, and DELETE by `jti`.
 */
export type Generation = 1 | 2;

/** A store of the emulator. */
export interface StoreOptions {
  /**
   * The store hash: 1 to 32 lower-case letters and digits. Unique among the stores. No default.
   *
   * @throws TypeError for any other text.
   */
  readonly hash: string;
  /**
   * The store's API accounts. No two of them have the same `accessToken`. No default.
   *
   * @throws TypeError for two accounts with one `accessToken`.
   */
  readonly accounts: readonly Account[];
  /** The ids of the store's channels. Channel 1 always exists. Default: `[1]`. */
  readonly channels?: readonly number[];
}

/** The options of `startEmulator`. */
export interface EmulatorOptions {
  /**
   * The version of the token API. No default.
   *
   * @throws TypeError for anything but 1 and 2.
   */
  readonly generation: Generation;
  /**
   * At least one store. `/graphql` without a storefront's Host header is channel 1 of the first store. No default.
   *
   * @throws TypeError for an empty list, and for two stores with one hash.
   */
  readonly stores: readonly StoreOptions[];
  /**
   * The time in Unix seconds. A number: the clock stands still and is moved by `clock.advance`. A function: it is called
   * for each reading. Default: the real clock.
   */
  readonly now?: number | (() => number);
  /**
   * How long each request waits before it is processed, in milliseconds, 0 or more. Default: 0.
   *
   * @throws TypeError for less.
   */
  readonly latencyMs?: number;
  /**
   * Each store answers this many requests per window, then 429. Both 1 or more. Default: 150 per 30000 ms.
   *
   * @throws TypeError for less.
   */
  readonly quota?: { readonly requests: number; readonly windowMs: number };
  /**
   * How long GraphQL still accepts a revoked token, in milliseconds, 0 or more. Default: 0. BigCommerce: about 60000.
   *
   * @throws TypeError for less.
   */
  readonly revocationDelayMs?: number;
  /**
   * How many revoked and not yet expired tokens a store can have; a further revocation is refused with 422.
   * 0 or more. Default: 1000, which is a guess.
   *
   * @throws TypeError for less.
   */
  readonly revokedLimit?: number;
  /** The answer to the revocation of an expired or already revoked token. Default: `"accepted"`, which is a guess. */
  readonly deadTokenRevocation?: "accepted" | "refused";
  /**
   * GraphQL's answer to a storefront token without allowed origins, if the request has no Origin header: a request of a
   * server has none. BigCommerce's pages contradict each other. Default: `"accepted"`, which is a guess.
   */
  readonly storefrontServerToServer?: "accepted" | "refused";
  /**
   * The port on 127.0.0.1: 0 to 65535. Default: 0, which is any free port.
   *
   * @throws RangeError for any other number; Error with the code `EADDRINUSE` if another process uses the port.
   */
  readonly port?: number;
}

export interface StoreSettings {
  readonly hash: string;
  /** The numeric id in the claim `sid`. */
  readonly id: number;
  readonly accounts: readonly Account[];
  readonly channels: ReadonlySet<number>;
}

export type Settings = Required<Omit<EmulatorOptions, "now" | "stores">> & {
  readonly now: EmulatorOptions["now"];
  readonly stores: readonly StoreSettings[];
};

const FIRST_STORE_ID = 1_000_000_001;

/** Fills in the defaults. Throws a TypeError for invalid options. */
export function withDefaults({
  generation,
  stores,
  now,
  quota = { requests: 150, windowMs: 30_000 },
  latencyMs = 0,
  revocationDelayMs = 0,
  revokedLimit = 1000,
  deadTokenRevocation = "accepted",
  storefrontServerToServer = "accepted",
  port = 0,
}: EmulatorOptions): Settings {
  // A caller in plain JavaScript has no type checks.
  if (![1, 2].includes(generation)) throw new TypeError("generation must be 1 or 2.");
  if (!(stores.length > 0)) throw new TypeError("stores must name at least one store.");
  if (new Set(stores.map((store) => store.hash)).size < stores.length) {
    throw new TypeError("Two stores have the same hash.");
  }
  atLeast("quota.requests", quota.requests, 1);
  atLeast("quota.windowMs", quota.windowMs, 1);
  atLeast("latencyMs", latencyMs, 0);
  atLeast("revocationDelayMs", revocationDelayMs, 0);
  atLeast("revokedLimit", revokedLimit, 0);
  return {
    ...{ generation, stores: stores.map(withStoreDefaults), now, quota, latencyMs, port },
    ...{ revocationDelayMs, revokedLimit, deadTokenRevocation, storefrontServerToServer },
  };
}

function withStoreDefaults({ hash, accounts, channels = [] }: StoreOptions, index: number): StoreSettings {
  if (!/^[a-z0-9]{1,32}$/.test(hash)) throw new TypeError(`stores[${index}].hash is not a store hash.`);
  if (new Set(accounts.map(({ accessToken }) => accessToken)).size < accounts.length) {
    throw new TypeError(`Two accounts of stores[${index}] have the same access token.`);
  }
  return { hash, id: FIRST_STORE_ID + index, accounts, channels: new Set([1, ...channels]) };
}

function atLeast(name: string, value: number, minimum: number): void {
  if (!(value >= minimum)) throw new TypeError(`${name} must be a number of at least ${minimum}.`);
}
