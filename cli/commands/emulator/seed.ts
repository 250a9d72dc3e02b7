import * as z from "zod";

import type { Emulator, EmulatorOptions, Generation, IssuedToken, StoreOptions } from "../../../emulator";
import { authorised } from "../../../provider/bigcommerce/operation";
import { endpointOf } from "../../../provider/bigcommerce/endpoint";
import { defined } from "../../../provider/defined";
import { TokensError } from "../../../provider/errors";
import { VISIBLE_ASCII } from "../../../provider/domain/store-address";
import { KINDS, type KindName } from "../../../provider/domain/kinds";
import { parseJson } from "../../pulumi/json";

const SCOPES = ["store_storefront_api", "store_storefront_api_customer_impersonation"] as const;

const ACCOUNT = z.strictObject({
  clientId: z.string().min(1).optional(),
  accessToken: z.string().regex(VISIBLE_ASCII).optional(),
  scopes: z.array(z.enum(SCOPES)).optional(),
});
const STORE = z.strictObject({
  hash: z.string(),
  accounts: z.array(ACCOUNT).min(1).optional(),
  channels: z.array(z.int().min(1)).optional(),
});
const TOKEN = z.strictObject({
  kind: z.enum(Object.keys(KINDS) as [KindName, ...KindName[]]),
  storeHash: z.string().optional(),
  name: z.string().optional(),
  channelIds: z.array(z.int().min(1)).min(1),
  scopes: z.array(z.string()).optional(),
  allowedCorsOrigins: z.array(z.string()).optional(),
  /** Unix seconds; 0 never expires. */
  expiresAt: z.int().min(0),
});
const SEED = z.strictObject({
  stores: z.array(STORE).min(1).optional(),
  tokens: z.array(TOKEN).optional(),
  latencyMs: z.number().optional(),
  quota: z.strictObject({ requests: z.number(), windowMs: z.number() }).optional(),
  revocationDelayMs: z.number().optional(),
  revokedLimit: z.number().optional(),
  deadTokenRevocation: z.enum(["accepted", "refused"]).optional(),
  storefrontServerToServer: z.enum(["accepted", "refused"]).optional(),
});

type SeedToken = z.output<typeof TOKEN>;

interface Seed {
  readonly stores: readonly StoreOptions[];
  readonly tokens: readonly SeedToken[];
  readonly options: Partial<EmulatorOptions>;
}

/** What the emulator starts with. The defaults are one store with one account, and a random credential. */
export function readSeed(text: string | undefined, name: string, newCredential: () => string): Seed {
  const parsed = SEED.safeParse(text === undefined ? {} : parseJson(text, name), { error: problemIn });
  if (!parsed.success) {
    const { path = [], message = "is wrong" } = parsed.error.issues[0] ?? {};
    const place = path.map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`)).join("");
    throw new TokensError("file_invalid", `${name}: ${place.replace(/^\./, "") || "the seed"} ${message}`);
  }
  const { stores = [{ hash: "abc123" }], tokens = [], ...options } = parsed.data;
  return {
    stores: stores.map(({ hash, accounts = [{}], channels }) => ({
      hash,
      accounts: accounts.map(
        ({ clientId = "emulated", accessToken = newCredential(), scopes = [...SCOPES] }) => ({
          ...{ clientId, accessToken, scopes },
        }),
      ),
      ...defined({ channels }),
    })),
    tokens,
    options: defined(options),
  };
}

const NOUNS: Readonly<Record<string, string>> = {
  array: "a list",
  int: "a whole number",
  number: "a number",
  object: "an object",
  record: "an object",
  string: "a text",
};

/** What is wrong with a part of the seed. Follows the place of the part. */
function problemIn(issue: z.core.$ZodRawIssue): string {
  const must = (rule: string) =>
    issue.input === undefined ? `is missing: it must be ${rule}` : `must be ${rule}`;
  switch (issue.code) {
    case "unrecognized_keys":
      return `has an unknown key, ${issue.keys.map((key) => JSON.stringify(key)).join(", ")}: remove it`;
    case "invalid_value":
      return must(issue.values.map((value) => JSON.stringify(value)).join(" or "));
    case "invalid_type":
      return must(NOUNS[issue.expected] ?? issue.expected);
    case "too_small":
      return issue.origin === "number" || issue.origin === "int"
        ? `must be ${String(issue.minimum)} or more`
        : "must not be empty";
    case "too_big":
      return `must be ${String(issue.maximum)} or less`;
    default:
      return "must be one or more visible ASCII characters";
  }
}

/** Mints a token of a seed by the emulator's own API, so that the emulator holds nothing that BigCommerce could not. */
export async function mintSeed(
  emulator: Emulator,
  { hash: storeHash, accounts }: StoreOptions,
  generation: Generation,
  { kind, name, channelIds, scopes, allowedCorsOrigins, expiresAt }: SeedToken,
): Promise<IssuedToken> {
  const accessToken = accounts[0]?.accessToken ?? "";
  const target = { apiUrl: emulator.url, storeHash, accessToken, credentialSource: "the seed" };
  const { method, url } = endpointOf(target, "POST", KINDS[kind].family);
  const response = await fetch(url, {
    method,
    headers: { ...authorised(target), Accept: "application/json", "Content-Type": "application/json" },
    body: JSON.stringify({
      ...{ channel_ids: channelIds, expires_at: expiresAt, scopes, allowed_cors_origins: allowedCorsOrigins },
      name: generation === 2 ? name : undefined,
    }),
  });
  const issued = emulator.issued.at(-1);
  if (response.status === 200 && issued) return issued;
  const { title = "" } = (await response.json()) as { title?: string };
  const which = name ?? `of kind ${kind}`;
  throw new TokensError("file_invalid", `the seed's token ${which} cannot be minted: ${title}`);
}
