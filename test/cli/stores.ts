import { type Emulator, type EmulatorOptions, type IssuedToken, startEmulator } from "../../emulator";
import { KINDS, type KindName } from "../../provider/domain/kinds";
import { day, DAY, type Exported, NOW, token, type TokenOptions } from "./states";

export const CREDENTIAL = "c".repeat(15) + "7".repeat(16);
export const OTHER_CREDENTIAL = "d".repeat(15) + "8".repeat(16);

const SCOPES = ["store_storefront_api", "store_storefront_api_customer_impersonation"] as const;

/** A BigCommerce in which time stands at `NOW`, with one store of two API accounts. */
export class Stores {
  private constructor(
    readonly emulator: Emulator,
    private readonly isListed: boolean,
  ) {}

  static async open(options: Partial<EmulatorOptions> = {}): Promise<Stores> {
    const account = (clientId: string, accessToken: string) => ({
      clientId,
      accessToken,
      scopes: [...SCOPES],
    });
    const accounts = [account("client-a", CREDENTIAL), account("client-b", OTHER_CREDENTIAL)];
    const stores = [{ hash: "abc123", accounts, channels: [1, 2] }];
    return new Stores(
      await startEmulator({ generation: 2, stores, now: NOW, ...options }),
      options.generation !== 1,
    );
  }

  get env(): Record<string, string> {
    return {
      BIGCOMMERCE_API_URL: this.emulator.url,
      BIGCOMMERCE_STORE_HASH: "abc123",
      BIGCOMMERCE_ACCESS_TOKEN: CREDENTIAL,
    };
  }

  get secrets(): string[] {
    return [CREDENTIAL, OTHER_CREDENTIAL, ...this.emulator.issued.map(({ token: each }) => each)];
  }

  /** Mints as the provider would, and forgets to record it. */
  async mint(
    name: string,
    options: { readonly kind?: KindName; readonly listName?: string; readonly credential?: string } = {},
  ): Promise<IssuedToken> {
    const { kind = "private", credential = CREDENTIAL } = options;
    const listName = options.listName ?? `acme/shop/dev/${kind}/${name}#${"0f".repeat(16)}`;
    const response = await fetch(this.url(KINDS[kind].family), {
      method: "POST",
      headers: { "X-Auth-Token": credential, Accept: "application/json", "Content-Type": "application/json" },
      body: JSON.stringify({
        channel_ids: [1],
        expires_at: NOW + 60 * DAY,
        ...(this.isListed && { name: listName }),
        ...(kind === "private" && { scopes: ["Customer"] }),
      }),
    });
    if (response.status !== 200) throw new Error(`the mint was answered ${response.status}`);
    return this.emulator.issued.at(-1)!;
  }

  async revoke({ token: value }: IssuedToken): Promise<void> {
    const headers = { "X-Auth-Token": CREDENTIAL, Accept: "application/json", "Sf-Api-Token": value };
    await fetch(this.url("api-token"), { method: "DELETE", headers });
  }

  /** Mints, and describes the token as a state would. */
  async held(name: string, options: TokenOptions = {}): Promise<{ issued: IssuedToken; state: Exported }> {
    const issued = await this.mint(name, options);
    return { issued, state: this.state(name, issued, options) };
  }

  state(name: string, issued: IssuedToken, options: TokenOptions = {}): Exported {
    const outputs = {
      ...{ fingerprint: issued.fingerprint, issuedAt: day(0), apiUrl: this.emulator.url },
      ...{ apiAccount: issued.clientId, ...options.outputs },
    };
    return token(name, { ...options, outputs, id: issued.jti ?? issued.fingerprint });
  }

  private url(family: string): string {
    return `${this.emulator.url}/stores/abc123/v3/storefront/${family}`;
  }
}
