import { z } from "zod";

import type { EmulatorOptions, StoreOptions } from "../../../emulator";
import { TokensError } from "../../../provider/errors";
import { KINDS, type KindName } from "../../../provider/domain/kinds";
import { parseJson } from "../../pulumi/json";

const SCOPES = ["store_storefront_api", "store_storefront_api_customer_impersonation"] as const;

const ACCOUNT = z.strictObject({
  clientId: z.string().min(1).optional(),
  accessToken: z
    .string()
    .regex(/^[\x21-\x7e]+$/)
    .optional(),
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

export type SeedToken = z.infer<typeof TOKEN>;

interface Seed {
  readonly stores: readonly StoreOptions[];
  readonly tokens: readonly SeedToken[];
  readonly options: Partial<EmulatorOptions>;
}

/** What the emulator starts with. The defaults are one store with one account, and a random credential. */
export function readSeed(text: string | undefined, name: string, newCredential: () => string): Seed {
  const parsed = SEED.safeParse(text === undefined ? {} : parseJson(text, name));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const place =
      issue?.path.map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`)).join("") ?? "";
    throw new TokensError(
      "file_invalid",
      `${name}: ${place.replace(/^\./, "") || "the seed"}: ${issue?.message ?? "is wrong"}`,
    );
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
      ...(channels && { channels }),
    })),
    tokens,
    options: Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)),
  };
}
