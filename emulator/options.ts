import type { Account } from "./entities";

/** 1: three POSTs and the header DELETE. 2: also lists, names, `jti` and DELETE by `jti`. */
export type Generation = 1 | 2;

export interface StoreOptions {
  /** Letters a-z and digits, at most 32. */
  readonly hash: string;
  readonly accounts: readonly Account[];
  /** The store's channels. Default `[1]`; channel 1 always exists. */
  readonly channels?: readonly number[];
}

export interface EmulatorOptions {
  readonly generation: Generation;
  /** At least one. Plain `/graphql` is the first one's. */
  readonly stores: readonly StoreOptions[];
  /**
   * Unix seconds. A number starts a clock that stands still until `clock.advance`; a function is asked each time.
   * Default: the real clock.
   */
  readonly now?: number | (() => number);
  /** Milliseconds before each request is worked on. Default 0. */
  readonly latencyMs?: number;
  /** What a store answers per window before 429. Default 150 requests per 30000 ms. */
  readonly quota?: { readonly requests: number; readonly windowMs: number };
  /** Milliseconds for which GraphQL still accepts a revoked token. Default 0; BigCommerce says about 60000. */
  readonly revocationDelayMs?: number;
  /** How many revoked tokens a store holds until they expire. Default 1000; BigCommerce's number is not published. */
  readonly revokedLimit?: number;
  /** How revoking an expired or already revoked token is answered; BigCommerce does not say. Default `"accepted"`. */
  readonly deadTokenRevocation?: "accepted" | "refused";
  /**
   * How GraphQL answers a storefront token without allowed origins on a request without an Origin header, which is a
   * server's. BigCommerce's pages disagree on it. Default `"accepted"`, which is a guess.
   */
  readonly storefrontServerToServer?: "accepted" | "refused";
  /** Port on 127.0.0.1. Default 0: any free one. */
  readonly port?: number;
}

export interface StoreSettings {
  readonly hash: string;
  /** The numeric id that tokens carry as `sid`. */
  readonly id: number;
  readonly accounts: readonly Account[];
  readonly channels: ReadonlySet<number>;
}

export type Settings = Required<Omit<EmulatorOptions, "now" | "stores">> & {
  readonly now: EmulatorOptions["now"];
  readonly stores: readonly StoreSettings[];
};

const FIRST_STORE_ID = 1_000_000_001;

/** Fills in the defaults; throws a TypeError for options that describe no possible store. */
export function withDefaults(options: EmulatorOptions): Settings {
  const { stores } = options;
  const generation: unknown = options.generation;
  // Callers in plain JavaScript are not held by the types.
  if (generation !== 1 && generation !== 2) throw new TypeError("generation must be 1 or 2.");
  if (!(stores.length > 0)) throw new TypeError("stores must name at least one store.");
  if (new Set(stores.map((store) => store.hash)).size < stores.length) {
    throw new TypeError("Two stores have the same hash.");
  }
  const quota = options.quota ?? { requests: 150, windowMs: 30_000 };
  atLeast("quota.requests", quota.requests, 1);
  atLeast("quota.windowMs", quota.windowMs, 1);
  return {
    generation,
    stores: stores.map(withStoreDefaults),
    now: options.now,
    quota,
    latencyMs: atLeast("latencyMs", options.latencyMs ?? 0, 0),
    revocationDelayMs: atLeast("revocationDelayMs", options.revocationDelayMs ?? 0, 0),
    revokedLimit: atLeast("revokedLimit", options.revokedLimit ?? 1000, 0),
    deadTokenRevocation: options.deadTokenRevocation ?? "accepted",
    storefrontServerToServer: options.storefrontServerToServer ?? "accepted",
    port: options.port ?? 0,
  };
}

function withStoreDefaults(store: StoreOptions, index: number): StoreSettings {
  if (!/^[a-z0-9]{1,32}$/.test(store.hash)) throw new TypeError(`stores[${index}].hash is not a store hash.`);
  if (new Set(store.accounts.map((account) => account.accessToken)).size < store.accounts.length) {
    throw new TypeError(`Two accounts of stores[${index}] have the same access token.`);
  }
  return {
    hash: store.hash,
    id: FIRST_STORE_ID + index,
    accounts: store.accounts,
    channels: new Set([1, ...(store.channels ?? [])]),
  };
}

function atLeast(name: string, value: number, minimum: number): number {
  if (!(value >= minimum)) throw new TypeError(`${name} must be a number of at least ${minimum}.`);
  return value;
}
