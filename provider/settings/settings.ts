import * as z from "zod";

import { apiOrigin, DEFAULT_API_URL } from "../bigcommerce/endpoint";
import { STORE_HASH, storeHashProblem } from "../domain/store-address";
import {
  configSource,
  credentialRemedy,
  firstCredential,
  firstValue,
  previousVariableOf,
  variableOf,
} from "./credentials";
import { TokensError } from "../errors";
import { knownStores } from "./known-stores";
import type { StackConfig } from "./stack-config";

/** Environment variables. */
export type Environment = Readonly<Record<string, string | undefined>>;

const DEFAULT_TIMEOUT_S = 60;
const MAX_TIMEOUT_S = 3600;

const STORE = z.strictObject({
  accessToken: z.string().optional(),
  previousAccessToken: z.string().optional(),
  apiUrl: z.string().optional(),
});
const STORES = z.record(z.string().regex(STORE_HASH), STORE);

export type Settings = ReturnType<typeof createSettings>;

/**
 * `sourceOf` names a key of the configuration in messages. Each call reads environment and configuration anew. An invalid value throws a TokensError that names its source, and
 * only in the call that needs the value.
 */
export function createSettings(environment: Environment, config: StackConfig, sourceOf = configSource) {
  const env = (name: string) => environment[name] || undefined;
  const configured = (key: string) => config.get(`bigcommerce:${key}`) || undefined;

  function storesInConfig(): z.output<typeof STORES> {
    const text = configured("stores");
    if (text === undefined) return {};
    const parsed = STORES.safeParse(parseJson(text));
    if (parsed.success) return parsed.data;
    throw new TokensError(
      "config_invalid",
      `${sourceOf("stores")} is malformed: it must map store hashes to ` +
        "{ accessToken, previousAccessToken, apiUrl }; set it like this: " +
        "`pulumi config set --secret --path bigcommerce:stores.abc123.accessToken`",
    );
  }

  const hashInConfig = () => requireHash(configured("storeHash"), "configuration bigcommerce:storeHash");
  const hashInEnv = () =>
    requireHash(env("BIGCOMMERCE_STORE_HASH"), "environment variable BIGCOMMERCE_STORE_HASH");
  const defaults = () => ({ fromConfig: hashInConfig(), fromEnv: hashInEnv() });

  const inEnv = (name: string) => [`environment variable ${name}`, () => env(name)] as const;
  const inStore = (storeHash: string, field: keyof z.output<typeof STORE>) => {
    const read = () => {
      const stores = storesInConfig();
      return Object.hasOwn(stores, storeHash) ? stores[storeHash]?.[field] : undefined;
    };
    return [sourceOf(`stores.${storeHash}.${field}`), read] as const;
  };

  /** The configuration's credential for its default store. */
  const inDefault = (storeHash: string, key: "accessToken" | "previousAccessToken") => {
    const read = () => {
      const value = config.get(`bigcommerce:${key}`);
      return value !== undefined && defaults().fromConfig === storeHash ? value : undefined;
    };
    return [sourceOf(key), read] as const;
  };

  /** An environment variable that has two values. */
  function choice<T extends string>(name: string, ...values: readonly [T, T]): T | undefined {
    const text = env(name);
    const value = values.find((each) => each === text);
    if (value !== undefined || text === undefined) return value;
    throw new TokensError(
      "setting_invalid",
      `environment variable ${name} must be ${values.join(" or ")}, or unset`,
    );
  }

  return {
    /** Every store that configuration or environment name, the default store included. Never throws. */
    stores: () =>
      knownStores(environment, [
        () => [hashInConfig()],
        () => [hashInEnv()],
        () => Object.keys(storesInConfig()),
      ]),

    /** The hash of the store for tokens without `storeHash`. Throws if none is set. */
    defaultStore(): string {
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

    /** The credential of the store's current API account. Undefined if none is set. */
    credential(storeHash: string) {
      const [source, inVariable] = inEnv("BIGCOMMERCE_ACCESS_TOKEN");
      const forDefault = () => {
        const { fromConfig, fromEnv } = defaults();
        return (fromConfig ?? fromEnv ?? storeHash) === storeHash ? inVariable() : undefined;
      };
      return firstCredential([
        inEnv(variableOf(storeHash)),
        inStore(storeHash, "accessToken"),
        inDefault(storeHash, "accessToken"),
        [source, forDefault],
      ]);
    },

    /** How to give a store a credential that has none. */
    credentialRemedy: (storeHash: string) => credentialRemedy(storeHash, defaults().fromConfig === storeHash),

    /** The credential of the store's previous API account, for the revocation of its tokens. Undefined if none is set. */
    previousCredential: (storeHash: string) =>
      firstCredential([
        inEnv(previousVariableOf(storeHash)),
        inStore(storeHash, "previousAccessToken"),
        inDefault(storeHash, "previousAccessToken"),
      ]),

    /** The origin of the API, without a trailing slash. */
    apiUrl(storeHash: string): string {
      const [source, read] = inStore(storeHash, "apiUrl");
      const found = firstValue([
        inEnv("BIGCOMMERCE_API_URL"),
        [source, () => read() || undefined],
        [sourceOf("apiUrl"), () => configured("apiUrl")],
      ]);
      const origin = found ? apiOrigin(found.value) : DEFAULT_API_URL;
      if (origin !== undefined) return origin;
      throw new TokensError(
        "api_url_invalid",
        `${found?.source ?? ""} is not an API host: give https://host[:port] without a path, user or query (plain http ` +
          "only to loopback)",
      );
    },

    /** `BIGCOMMERCE_ON_DELETE`: overrides in this run what happens to replaced, removed and destroyed tokens. */
    onDeleteOverride: () => choice("BIGCOMMERCE_ON_DELETE", "revoke", "letExpire"),

    /** True for `BIGCOMMERCE_ON_UNKNOWN=mint`: this run may repeat a mint whose outcome is unknown. */
    mintsAgain: () => choice("BIGCOMMERCE_ON_UNKNOWN", "fail", "mint") === "mint",

    /** The time limit of one operation, in milliseconds. */
    timeoutMs(): number {
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
  const problem = hash === undefined ? undefined : storeHashProblem(hash);
  if (problem === undefined) return hash;
  throw new TokensError("store_invalid", `${source} is not ${problem}`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
