import type { EmulatorOptions } from "../../../emulator/index";
import { NOW } from "./clock";

export const STORE = "abc123";
export const OTHER_STORE = "other9";

export const CREDENTIALS = {
  [STORE]: "credential-of-abc123-canary",
  /** A second API account of the same store. */
  colleague: "credential-of-a-colleague-canary",
  [OTHER_STORE]: "credential-of-other9-canary",
} as const;

export type BigCommerceOptions = Partial<Omit<EmulatorOptions, "stores" | "now">>;

const CHANNELS = [1, 2, 3];

/** Two stores, the first with two API accounts; a clock that stands still unless a test moves it. */
export function bigCommerce(options: BigCommerceOptions): EmulatorOptions {
  const scopes = ["store_storefront_api", "store_storefront_api_customer_impersonation"] as const;
  const account = (clientId: string, accessToken: string) => ({ clientId, accessToken, scopes: [...scopes] });
  const accounts = [
    account("client-main", CREDENTIALS[STORE]),
    account("client-colleague", CREDENTIALS.colleague),
  ];
  const others = [account("client-other", CREDENTIALS[OTHER_STORE])];
  return {
    generation: 2,
    now: NOW,
    quota: { requests: 10_000, windowMs: 30_000 },
    stores: [
      { hash: STORE, accounts, channels: CHANNELS },
      { hash: OTHER_STORE, accounts: others, channels: CHANNELS },
    ],
    ...options,
  };
}
