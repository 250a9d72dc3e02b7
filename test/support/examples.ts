import { cpSync, mkdirSync, mkdtempSync, readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { delimiter, join } from "node:path";

import { type Emulator, type IssuedToken, startEmulator } from "../../emulator";
import { filesWithLeaks, leakSearch } from "./leaks";
import { nodeOptions } from "./preloads";
import { begin, runOk, type Running } from "./run";

export const EXAMPLES = join(__dirname, "..", "..", "examples");
export const CREDENTIALS = {
  abc123: "credential-of-the-store-abc123",
  def456: "credential-of-the-store-def456",
};
/** The GraphQL API of the first store, as examples name it. */
export const GRAPHQL_URL = "https://store-abc123.mybigcommerce.com/graphql";

export type Exports = Readonly<Record<string, string>>;

/** A copy of an example with a stack of its own. */
export interface Place {
  readonly folder: string;
  /** Runs the commands of a block of its README as they stand. Not run: the installation. */
  readonly readme: (block: number) => Promise<string>;
  /** The same, for commands that do not end by themselves. */
  readonly begin: (block: number, env: NodeJS.ProcessEnv) => Running;
  readonly pulumi: (...args: readonly string[]) => Promise<string>;
  readonly exports: () => Promise<Exports>;
  /** The tokens that BigCommerce minted since the example began. */
  readonly issued: () => readonly IssuedToken[];
}

/** Everything is installed in a folder above, nobody confirms, and somebody types TYPED where it is asked for. */
const PRELUDE = `
npm() { :; }
pulumi() {
  case "$1 $2" in
    "up "*) command pulumi "$@" --yes --skip-preview --non-interactive ;;
    "config set") printf %s "$TYPED" | command pulumi "$@" --non-interactive ;;
    *) command pulumi "$@" --non-interactive ;;
  esac
}
`;

/** One emulator, one backend and one home for all examples, below the folder with the installed package. */
export class ExampleStores {
  private output = "";
  private offsetS = 0;

  private constructor(
    readonly emulator: Emulator,
    private readonly folder: string,
  ) {}

  static async start(): Promise<ExampleStores> {
    const scopes = ["store_storefront_api", "store_storefront_api_customer_impersonation"] as const;
    const stores = Object.entries(CREDENTIALS).map(([hash, accessToken]) => ({
      hash,
      accounts: [{ clientId: `client-${hash}`, accessToken, scopes: [...scopes] }],
    }));
    const emulator = await startEmulator({ generation: 2, stores });
    const folder = mkdtempSync(join(process.env["TEST_FRESH"] ?? "", "examples-"));
    for (const name of ["home", "state", "tmp"]) mkdirSync(join(folder, name));
    return new ExampleStores(emulator, folder);
  }

  /** Searches everything that is left for secrets, then removes it. */
  async close(): Promise<void> {
    const secrets = [...Object.values(CREDENTIALS), ...this.emulator.issued.map(({ token }) => token)];
    try {
      await this.emulator.close();
      const search = leakSearch(secrets);
      if (search(this.output) > 0) throw new Error("secrets stand in what commands printed");
      const files = ["home", "state", "tmp"].flatMap((name) =>
        filesWithLeaks(join(this.folder, name), secrets, search),
      );
      if (files.length > 0) throw new Error(`secrets stand in ${files.join(", ")}`);
    } finally {
      await rm(this.folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    }
  }

  /** `typed`: what is typed where a command asks for something. */
  place(name: string, stack: string, typed = ""): Place {
    const folder = join(this.folder, name);
    cpSync(join(EXAMPLES, name), folder, { recursive: true });
    const text = readFileSync(join(folder, "README.md"), "utf8").replaceAll(GRAPHQL_URL, this.graphqlUrl());
    const blocks = [...text.matchAll(/^```sh\n([^]*?)^```$/gm)].map(([, block = ""]) => block);
    const script = (block: number) => `${PRELUDE}${blocks[block] ?? "exit 9"}`;
    const options = () => ({ cwd: folder, env: { ...this.environment(stack), TYPED: typed } });
    const keep = async (running: Promise<string>) => {
      const output = await running;
      this.output += output;
      return output;
    };
    const before = this.emulator.issued.length;
    return {
      folder,
      readme: (block) => keep(runOk("bash", ["-e", "-c", script(block)], options())),
      begin: (block, env) =>
        begin("bash", ["-e", "-c", script(block)], { cwd: folder, env: { ...options().env, ...env } }),
      pulumi: (...args) => keep(runOk("pulumi", [...args, "--yes", "--non-interactive"], options())),
      exports: async () =>
        JSON.parse(
          await runOk("pulumi", ["stack", "output", "--json", "--show-secrets"], options()),
        ) as Exports,
      issued: () => this.emulator.issued.slice(before),
    };
  }

  environment(stack: string): NodeJS.ProcessEnv {
    return {
      HOME: process.env["HOME"],
      PATH: [process.env["TEST_ENGINE"], process.env["PATH"]].join(delimiter),
      NODE_OPTIONS: nodeOptions(),
      TEST_CLOCK_OFFSET_S: String(this.offsetS),
      TMPDIR: join(this.folder, "tmp"),
      PULUMI_HOME: join(this.folder, "home"),
      PULUMI_BACKEND_URL: `file://${join(this.folder, "state")}`,
      PULUMI_STACK: stack,
      PULUMI_CONFIG_PASSPHRASE: "a passphrase for a test",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      // `npm run check` checks the types of all examples.
      PULUMI_NODEJS_TRANSPILE_ONLY: "true",
      BIGCOMMERCE_API_URL: this.emulator.url,
      BIGCOMMERCE_STORE_HASH: "abc123",
      BIGCOMMERCE_ACCESS_TOKEN: CREDENTIALS.abc123,
      BIGCOMMERCE_ACCESS_TOKEN_DEF456: CREDENTIALS.def456,
    };
  }

  /** Moves the clocks of the provider and of BigCommerce. */
  advance(seconds: number): void {
    this.offsetS += seconds;
    this.emulator.clock.advance(seconds);
  }

  isLive({ revokedAt, expiresAt = Infinity }: IssuedToken): boolean {
    return revokedAt === undefined && expiresAt > this.emulator.clock.now();
  }

  /** Puts a description in the place of each minted token. */
  describe(value: unknown): unknown {
    return JSON.parse(JSON.stringify(value), (_, each: unknown) => {
      const issued = this.emulator.issued.find(({ token }) => token === each);
      if (issued === undefined) return each;
      const { type, storeHash, channelIds, scopes, allowedCorsOrigins } = issued;
      const rights = [...scopes, ...allowedCorsOrigins].sort();
      return [`${type} token of ${storeHash}, channel ${channelIds.join(" ")}`, ...rights].join(", ");
    });
  }

  /** Of the first store and its channel 1. */
  graphqlUrl(): string {
    return `${this.emulator.url}/stores/abc123/channels/1/graphql`;
  }

  /** Whether GraphQL accepts the token; with an origin, from a page of that origin. */
  async accepts(token = "", origin?: string): Promise<boolean> {
    const response = await fetch(this.graphqlUrl(), {
      method: "POST",
      headers: { Authorization: `Bearer ${token}`, ...(origin !== undefined && { Origin: origin }) },
      body: JSON.stringify({ query: "{ site { settings { storeName } } }" }),
    });
    return response.ok;
  }
}
