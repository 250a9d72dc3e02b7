import { z } from "zod";

import { apiOrigin, DEFAULT_API_URL } from "../bigcommerce/endpoint";
import { STORE_HASH } from "../domain/store-address";
import {
  type Credential,
  firstCredential,
  firstValue,
  previousVariableOf,
  configSource,
  variableOf,
} from "./credentials";
import { TokensError } from "../errors";
import { mergeStores, type KnownStores, storesOfSource, storesOfVariables } from "./known-stores";
import type { OnDelete } from "../domain/state";

/** Environment variables. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The stack's configuration as Pulumi passes it to the provider: secrets are decrypted. */
export interface StackConfig {
  get(key: string): string | undefined;
}

/**
 * Each call reads environment and configuration anew. An invalid value throws a TokensError that names its source, and
 * only in the call that needs the value.
 */
export interface Settings {
  /** The hash of the store for tokens without `storeHash`. Throws if none is set. */
  defaultStore(): string;
  /** Every store that configuration or environment name, the default store included. Never throws. */
  stores(): KnownStores;
  /** The credential of the store's current API account. Undefined if none is set. */
  credential(storeHash: string): Credential | undefined;
  /** The credential of the store's previous API account, for the revocation of its tokens. Undefined if none is set. */
  previousCredential(storeHash: string): Credential | undefined;
  /** The origin of the API, without a trailing slash. */
  apiUrl(storeHash: string): string;
  /** `BIGCOMMERCE_ON_DELETE`: overrides in this run what happens to replaced, removed and destroyed tokens. */
  onDeleteOverride(): OnDelete | undefined;
  /** True for `BIGCOMMERCE_ON_UNKNOWN=mint`: this run may repeat a mint whose outcome is unknown. */
  mintsAgain(): boolean;
  /** The time limit of one operation, in milliseconds. */
  timeoutMs(): number;
}

const DEFAULT_TIMEOUT_S = 60;
const MAX_TIMEOUT_S = 3600;

const STORES = z.record(
  z.string().regex(STORE_HASH),
  z.strictObject({
    accessToken: z.string().optional(),
    previousAccessToken: z.string().optional(),
    apiUrl: z.string().optional(),
  }),
);

export function createSettings(environment: Environment, config: StackConfig): Settings {
  const env = (name: string) => environment[name] || undefined;
  const configured = (key: string) => config.get(`bigcommerce:${key}`) || undefined;

  function stores(): z.infer<typeof STORES> {
    const text = configured("stores");
    if (text === undefined) return {};
    const parsed = STORES.safeParse(parseJson(text));
    if (parsed.success) return parsed.data;
    throw new TokensError(
      "config_invalid",
      `${configSource("bigcommerce:stores")} is malformed: it must map store hashes to ` +
        "{ accessToken, previousAccessToken, apiUrl }; set it like this: " +
        "`pulumi config set --secret --path bigcommerce:stores.abc123.accessToken`",
    );
  }

  function store(storeHash: string): z.infer<typeof STORES>[string] {
    const all = stores();
    return (Object.hasOwn(all, storeHash) ? all[storeHash] : undefined) ?? {};
  }

  const hashInConfig = () => requireHash(configured("storeHash"), "configuration bigcommerce:storeHash");
  const hashInEnv = () =>
    requireHash(env("BIGCOMMERCE_STORE_HASH"), "environment variable BIGCOMMERCE_STORE_HASH");

  const defaults = () => ({ fromConfig: hashInConfig(), fromEnv: hashInEnv() });

  return {
    stores: () =>
      mergeStores([
        ...[() => [hashInConfig()], () => [hashInEnv()], () => Object.keys(stores())].map(storesOfSource),
        storesOfVariables(environment),
      ]),

    defaultStore() {
      const { fromConfig, fromEnv } = defaults();
      if (fromConfig && fromEnv && fromConfig !== fromEnv) {
        throw new TokensError(
          "store_ambiguous",
          `two default stores: configuration bigcommerce:storeHash is ${fromConfig} and environment variable ` +
            `BIGCOMMERCE_STORE_HASH is ${fromEnv}; unset one, or give the token its own storeHash`,
        );
      }
      const hash = fromConfig ?? fromEnv;
      if (hash) return hash;
      throw new TokensError(
        "store_missing",
        "storeHash: no store; give the token a storeHash, run `pulumi config set bigcommerce:storeHash <hash>`, " +
          "or set BIGCOMMERCE_STORE_HASH",
      );
    },

    credential(storeHash) {
      const own = variableOf(storeHash);
      return firstCredential([
        [`environment variable ${own}`, () => env(own)],
        [configSource(`bigcommerce:stores.${storeHash}.accessToken`), () => store(storeHash).accessToken],
        [
          configSource("bigcommerce:accessToken"),
          () => (defaults().fromConfig === storeHash ? config.get("bigcommerce:accessToken") : undefined),
        ],
        [
          "environment variable BIGCOMMERCE_ACCESS_TOKEN",
          () => {
            const { fromConfig, fromEnv } = defaults();
            return (fromConfig ?? fromEnv ?? storeHash) === storeHash
              ? env("BIGCOMMERCE_ACCESS_TOKEN")
              : undefined;
          },
        ],
      ]);
    },

    previousCredential(storeHash) {
      const own = previousVariableOf(storeHash);
      const key = `bigcommerce:stores.${storeHash}.previousAccessToken`;
      return firstCredential([
        [`environment variable ${own}`, () => env(own)],
        [configSource(key), () => store(storeHash).previousAccessToken],
      ]);
    },

    apiUrl(storeHash) {
      const found = firstValue([
        ["environment variable BIGCOMMERCE_API_URL", () => env("BIGCOMMERCE_API_URL")],
        [configSource(`bigcommerce:stores.${storeHash}.apiUrl`), () => store(storeHash).apiUrl || undefined],
        [configSource("bigcommerce:apiUrl"), () => configured("apiUrl")],
      ]);
      const origin = found ? apiOrigin(found.value) : DEFAULT_API_URL;
      if (origin !== undefined) return origin;
      throw new TokensError(
        "api_url_invalid",
        `${found?.source ?? ""} is not an API host: give https://host[:port] without a path, user or query (plain http ` +
          "only to loopback)",
      );
    },

    onDeleteOverride() {
      const value = env("BIGCOMMERCE_ON_DELETE");
      if (value === undefined || value === "revoke" || value === "letExpire") return value;
      throw new TokensError(
        "setting_invalid",
        "environment variable BIGCOMMERCE_ON_DELETE must be revoke or letExpire, or unset",
      );
    },

    mintsAgain() {
      const value = env("BIGCOMMERCE_ON_UNKNOWN");
      if (value === undefined || value === "fail" || value === "mint") return value === "mint";
      throw new TokensError(
        "setting_invalid",
        "environment variable BIGCOMMERCE_ON_UNKNOWN must be fail or mint, or unset",
      );
    },

    timeoutMs() {
      const text = env("BIGCOMMERCE_TIMEOUT_S") ?? String(DEFAULT_TIMEOUT_S);
      const seconds = /^\d{1,4}$/.test(text) ? Number(text) : 0;
      if (seconds >= 1 && seconds <= MAX_TIMEOUT_S) return seconds * 1000;
      throw new TokensError(
        "setting_invalid",
        `environment variable BIGCOMMERCE_TIMEOUT_S must be a whole number of seconds from 1 to ${MAX_TIMEOUT_S}`,
      );
    },
  };
}

function requireHash(hash: string | undefined, source: string): string | undefined {
  if (hash === undefined || STORE_HASH.test(hash)) return hash;
  throw new TokensError(
    "store_invalid",
    `${source} is not a store hash: 1 to 32 lower-case letters and digits, as in api.bigcommerce.com/stores/{hash}`,
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
