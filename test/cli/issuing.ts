import { randomBytes } from "node:crypto";

import { type Emulator, type EmulatorOptions, type IssuedToken, startEmulator } from "../../emulator";
import { systemClock } from "../../provider/system-clock";
import type { Ran } from "../../cli/system";
import { leaksIn } from "../support/leaks";
import { cli, type FakeSystemOptions, type Told } from "./fake-system";
import { type Exported, exported, NOW, shown, token } from "./states";

const FAMILIES = {
  storefront: "api-token",
  private: "api-token-private",
  impersonation: "api-token-customer-impersonation",
} as const;

export interface MintOptions {
  readonly kind?: keyof typeof FAMILIES;
  readonly account?: "client-a" | "client-b";
  readonly listName?: string;
  readonly expiresAt?: number;
  readonly channelIds?: readonly number[];
  readonly origins?: readonly string[];
  readonly storeHash?: string;
}

/** A store of two API accounts on a clock of its own, which sleeping moves, and a Pulumi with one stack. */
export class Store {
  /** What `pulumi stack export` finds. */
  resources: readonly Exported[] = [];
  /** What the state decrypts to, by fingerprint, beside what was minted. */
  readonly values: Record<string, string> = {};
  /** Other stacks of the backend, by full name: their resources, or why they cannot be exported. */
  others: Readonly<Record<string, readonly Exported[] | Partial<Ran>>> = {};
  /** Whether the stack's secrets can be decrypted. */
  hasPassphrase = true;
  readonly env: Record<string, string>;
  private sleptMs = 0;

  private constructor(
    readonly emulator: Emulator,
    readonly credentials: Readonly<Record<"client-a" | "client-b", string>>,
  ) {
    this.env = {
      BIGCOMMERCE_API_URL: emulator.url,
      BIGCOMMERCE_STORE_HASH: "abc123",
      BIGCOMMERCE_ACCESS_TOKEN: credentials["client-a"],
    };
  }

  static async open(
    options: Partial<EmulatorOptions> = {},
    hashes: readonly string[] = ["abc123"],
  ): Promise<Store> {
    const secret = () => randomBytes(16).toString("hex").slice(0, 31);
    const credentials = { "client-a": secret(), "client-b": secret() };
    const scopes = ["store_storefront_api", "store_storefront_api_customer_impersonation"] as const;
    const accounts = (["client-a", "client-b"] as const).map((clientId) => ({
      ...{ clientId, accessToken: credentials[clientId], scopes },
    }));
    const stores = hashes.map((hash) => ({ hash, accounts, channels: [1, 2] }));
    return new Store(await startEmulator({ generation: 2, now: NOW, stores, ...options }), credentials);
  }

  async mint(options: MintOptions = {}): Promise<IssuedToken> {
    const { kind = "private", account = "client-a", listName, origins, storeHash = "abc123" } = options;
    const { expiresAt = this.now() + 60 * 86_400, channelIds = [1] } = options;
    const body = {
      ...{ channel_ids: channelIds, expires_at: expiresAt },
      ...(kind === "private" && { scopes: ["Customer"] }),
      ...(origins && { allowed_cors_origins: origins }),
      ...(listName !== undefined && { name: listName }),
    };
    const answer = await fetch(`${this.emulator.url}/stores/${storeHash}/v3/storefront/${FAMILIES[kind]}`, {
      method: "POST",
      headers: { "X-Auth-Token": this.credentials[account], Accept: "application/json", "Content-Type": "application/json" },
      body: JSON.stringify(body),
    }); // prettier-ignore
    if (!answer.ok) throw new Error(await answer.text());
    return this.emulator.issued.at(-1) as IssuedToken;
  }

  now(): number {
    return this.emulator.clock.now();
  }

  /** The fingerprints that are revoked. */
  revoked(): readonly string[] {
    return this.emulator.issued.filter(({ revokedAt }) => revokedAt !== undefined).map((each) => each.fingerprint);
  } // prettier-ignore

  /** Method and path of all requests but the mints. */
  requests(): readonly string[] {
    return this.emulator.requests.filter(({ method, path }) => method !== "POST" || path === "/graphql")
      .map(({ method, path }) => `${method} ${path.replace("/stores/abc123/v3/storefront", "")}`);
  } // prettier-ignore

  /** Every secret that there is. */
  secrets(): readonly string[] {
    return [...Object.values(this.credentials), ...this.emulator.issued.map((each) => each.token)];
  }

  /** The system of a command, in which sleeping moves the store's clock. */
  system(rest: FakeSystemOptions = {}): FakeSystemOptions {
    return {
      env: this.env,
      clock: {
        ...systemClock,
        now: () => this.now() * 1000,
        monotonic: () => this.sleptMs,
        sleep: async (ms) => {
          this.sleptMs += ms;
          this.emulator.clock.advance(ms / 1000);
          return Promise.resolve();
        },
      },
      pulumi: (args) => this.pulumi(args),
      ...rest,
    };
  }

  private pulumi(args: readonly string[]): Partial<Ran> {
    const [verb, noun] = args;
    const named = args.includes("--stack") ? args[args.indexOf("--stack") + 1] : undefined;
    if (verb === "config") return { stdout: "{}" };
    if (verb === "whoami") return { stdout: JSON.stringify({ user: "root", url: "file:///backend" }) };
    if (noun === "--show-name") return { stdout: `${named?.includes("/") ? named : `acme/shop/${named ?? "dev"}`}\n` };
    if (noun === "ls") return { stdout: JSON.stringify(["acme/shop/dev", ...Object.keys(this.others)].map((name) => ({ name }))) };
    if (verb === "stack" && noun === "export") {
      const other = this.others[named ?? ""];
      if (other) return isRan(other) ? other : { stdout: exported(...other) };
      if (!args.includes("--show-secrets")) return { stdout: exported(...this.resources) };
      if (!this.hasPassphrase) return { code: 255, stderr: "error: incorrect passphrase" };
      return { stdout: exported(...this.resources.map((each) => this.decrypted(each))) };
    }
    return { code: 255, stderr: `error: unknown command ${verb ?? ""}` };
  } // prettier-ignore

  private decrypted(resource: Exported): Exported {
    const outputs = resource["outputs"] as Exported;
    const { fingerprint } = (outputs["previous"] ?? {}) as { fingerprint?: string };
    const value = (print: unknown) =>
      this.values[String(print)] ?? this.emulator.issued.find((each) => each.fingerprint === print)?.token;
    const previousToken = fingerprint === undefined ? {} : { previousToken: shown(value(fingerprint)) };
    const own = { ...previousToken, ...outputs };
    return { ...resource, outputs: { ...own, token: shown(value(outputs["fingerprint"])) } };
  } // prettier-ignore

  /** The resource that holds a token. */
  held(name: string, issued: IssuedToken, outputs: Exported = {}): Exported {
    const { jti, fingerprint, clientId, channelIds, expiresAt } = issued;
    const own = { fingerprint, apiAccount: clientId, apiUrl: this.emulator.url, channelIds };
    const end = expiresAt === undefined ? "never" : time(expiresAt);
    return token(name, { id: jti ?? fingerprint, outputs: { ...own, expiresAt: end, ...outputs } });
  }

  /** What a successor's state says of a token. */
  previous(issued: IssuedToken, rest: Exported = {}): Exported {
    const { jti, fingerprint, clientId, channelIds, expiresAt, issuedAt } = issued;
    return {
      ...{ id: jti ?? fingerprint, fingerprint, fate: "letExpire", storeHash: "abc123", channelIds },
      ...{ issuedAt: time(issuedAt), expiresAt: expiresAt === undefined ? "never" : time(expiresAt) },
      ...{ apiAccount: clientId, apiUrl: this.emulator.url, ...rest },
    };
  }
}

/** Runs one command in the system of the store at hand, which each test closes, and in which nothing may be leaked. */
export function commandIn(
  store: () => Store | undefined,
  name: string,
): (args?: readonly string[], rest?: FakeSystemOptions) => Promise<Told> {
  const told: string[] = [];
  afterEach(async () => {
    // A test that runs no command may be the first.
    const used = store();
    await used?.emulator.close();
    expect(leaksIn(told.splice(0).join("\n"), used?.secrets() ?? [])).toBe(0);
  });
  return async (args = [], rest = {}) => {
    const result = await cli([name, ...args], store()?.system(rest));
    told.push(result.stdout, result.stderr);
    return result;
  };
}

function isRan(other: readonly Exported[] | Partial<Ran>): other is Partial<Ran> {
  return !Array.isArray(other);
}

function time(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(".000Z", "Z");
}
