import { randomBytes } from "node:crypto";
import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { gunzipSync } from "node:zlib";

import { type Emulator, type EmulatorOptions, startEmulator } from "../../emulator";
import { filesWithLeaks, leakSearch } from "./leaks";
import { nodeOptions } from "./preloads";
import { withProgramHost } from "./program-hosts";
import { begin, type Ran, type Running } from "./run";

export interface StateResource {
  readonly urn: string;
  readonly id?: string;
  readonly delete?: boolean;
  readonly dependencies?: readonly string[];
  readonly inputs: Record<string, unknown>;
  readonly outputs: Record<string, unknown>;
}

interface Checkpoint {
  readonly checkpoint: { readonly latest: { readonly resources?: readonly StateResource[] } };
}

const PULUMI_YAML = "name: shop\nruntime: { name: nodejs, options: { typescript: false } }\nmain: index.js\n";

/** The two forms of this package. */
export type Host = "dynamic" | "plugin";
/** `plugin` in the files of jest's project "plugin", and in `npm run test:plugin`. */
export const HOST: Host = process.env["TEST_HOST"] === "plugin" ? "plugin" : "dynamic";
/** The organization in labels: a URN, from which the plugin makes them, has none. */
export const ORGANIZATION = HOST === "plugin" ? "-" : "organization";
/** Begins the types of tokens in URNs. */
export const TYPE_PREFIXES = { dynamic: "pulumi-nodejs:dynamic/bigcommerce:", plugin: "bigcommerce:index:" };
export const TYPE_PREFIX = TYPE_PREFIXES[HOST];
/** For a story whose core the plugin shares: `npm test` tells it on the dynamic host alone, `npm run test:plugin` on the plugin. */
export const itOnOneHost: typeof it =
  process.env["TEST_SELECTION"] === undefined
    ? it
    : (Object.assign(() => undefined, { each: () => () => undefined }) as unknown as typeof it);
/** For a story of what the plugin does in another way, or cannot do: it is skipped there, and counted. */
export const itOnClasses = HOST === "plugin" ? it.skip : it;
const CLASSES = { dynamic: "pulumi-bigcommerce-tokens", plugin: "../plugin-classes.cjs" };

export interface StackOptions extends Partial<EmulatorOptions> {
  /** Files beside index.js, or in its place. */
  readonly files?: Readonly<Record<string, string>>;
  readonly pulumiYaml?: string;
  /** Default: that of the test's project. */
  readonly host?: Host;
  /**
   * Whether each command runs the program in a process of its own, as `pulumi up` does. Default: only with `pulumiYaml`. Else
   * it runs as an inline program of the Automation API does, which takes a third of the time.
   */
  readonly ownProcess?: boolean;
}

/** A program in a fresh folder, an engine with a backend of its own, and a BigCommerce to talk to. */
export class Stack {
  readonly store = "abc123";
  /** Read anew by each command; undefined unsets. */
  readonly env: Record<string, string | undefined>;
  /** Everything that any command printed. */
  output = "";
  private offsetS = 0;

  private constructor(
    readonly emulator: Emulator,
    readonly folder: string,
    private readonly pulumiYaml: string,
    private readonly project: string,
    private readonly isInline: boolean,
    private readonly secrets: readonly string[],
  ) {
    this.env = {
      BIGCOMMERCE_API_URL: emulator.url,
      BIGCOMMERCE_STORE_HASH: this.store,
      BIGCOMMERCE_ACCESS_TOKEN: secrets[0],
    };
  }

  static async start(program: string, options: StackOptions = {}): Promise<Stack> {
    const secrets = [credential(), credential()];
    const scopes = ["store_storefront_api", "store_storefront_api_customer_impersonation"] as const;
    const account = (clientId: string, accessToken = "") => ({ clientId, accessToken, scopes: [...scopes] });
    const emulator = await startEmulator({
      generation: 2,
      stores: [
        { hash: "abc123", accounts: [account("client-a", secrets[0])], channels: [1, 2, 3] },
        { hash: "def456", accounts: [account("client-b", secrets[1])], channels: [1, 2, 3] },
      ],
      ...options,
    });
    const folder = mkdtempSync(join(required("TEST_FRESH"), "story-"));
    for (const name of ["program", "home", "state", "tmp"]) mkdirSync(join(folder, name));
    for (const name of ["consumer.cjs", "plugin-classes.cjs"])
      copyFileSync(join(__dirname, name), join(folder, name));
    const { pulumiYaml = PULUMI_YAML, ownProcess = options.pulumiYaml !== undefined } = options;
    const project = /^name: (.+)$/m.exec(pulumiYaml)?.[1] ?? "";
    const stack = new Stack(emulator, folder, pulumiYaml, project, !ownProcess, secrets);
    stack.use(options.host ?? HOST);
    stack.write("package.json", JSON.stringify({ name: "program", private: true, main: "index.js" }));
    stack.program(program);
    for (const [name, text] of Object.entries(options.files ?? {})) stack.write(name, text);
    if (stack.project === "shop") stack.copyTemplate();
    else await stack.ok("stack", "init", "dev");
    return stack;
  }

  /** The credential of the second store, `def456`. */
  get otherCredential(): string {
    return this.secrets[1] ?? "";
  }

  /** From the next program on, its classes are those of this form. */
  use(host: Host): void {
    this.host = host;
    // On the way back, what the plugin holds needs it once more.
    this.needsPlugin ||= host === "plugin";
    this.write("Pulumi.yaml", this.needsPlugin ? this.withPlugin(this.pulumiYaml) : this.pulumiYaml);
  }
  /** A Pulumi.yaml that has the engine run the installed package's plugin. One that names its plugins stays as it is. */
  withPlugin(pulumiYaml: string): string {
    if (/^plugins:/m.test(pulumiYaml)) return pulumiYaml;
    const path = join(required("TEST_FRESH"), "node_modules", "pulumi-bigcommerce-tokens", "dist", "plugin");
    return `${pulumiYaml}plugins: { providers: [{ name: bigcommerce, path: ${JSON.stringify(path)} }] }\n`;
  }
  private host: Host = HOST;
  private needsPlugin = false;

  /** Replaces the program. Token classes, `pulumi` and `Consumer` are in scope. */
  program(text: string): void {
    this.write(
      "index.js",
      [
        'const pulumi = require("@pulumi/pulumi");',
        `const { ImpersonationToken, PrivateToken, StorefrontToken } = require("${CLASSES[this.host]}");`,
        'const { Consumer } = require("../consumer.cjs");',
        text,
      ].join("\n"),
    );
  }

  write(name: string, text: string): void {
    writeFileSync(join(this.folder, "program", name), text);
  }

  /** As `pulumi stack init dev` leaves it. */
  private copyTemplate(): void {
    cpSync(join(required("TEST_FRESH"), "template"), this.folder, {
      recursive: true,
      filter: (path) => !path.endsWith("Pulumi.yaml"),
    });
  }

  /** Moves the clocks of the provider and of BigCommerce. */
  advance(seconds: number): void {
    this.offsetS += seconds;
    this.emulator.clock.advance(seconds);
  }

  /** Starts the CLI, for a test that does something to it before it ends. */
  begin(...args: string[]): Running {
    const running = begin(join(required("TEST_ENGINE"), "pulumi"), [...args, "--non-interactive"], {
      cwd: join(this.folder, "program"),
      env: this.environment(),
    });
    const ended = running.ended.then((ran) => {
      this.output += ran.output;
      return ran;
    });
    return { ...running, ended };
  }

  pulumi(...args: string[]): Promise<Ran> {
    const [command = ""] = args;
    const runsProgram = ["up", "preview"].includes(command) || args.includes("--run-program");
    if (!this.isInline || !runsProgram) return this.begin(...args).ended;
    return withProgramHost(
      { folder: join(this.folder, "program"), env: this.environment() },
      (address) => this.begin(...args, `--client=${address}`).ended,
    );
  }

  async ok(...args: string[]): Promise<string> {
    const { code, output } = await this.pulumi(...args);
    if (code !== 0) throw new Error(`pulumi ${args.join(" ")} ended with ${code}:\n${output}`);
    return output;
  }

  async fails(...args: string[]): Promise<string> {
    const { code, output } = await this.pulumi(...args);
    if (code === 0) throw new Error(`pulumi ${args.join(" ")} did not fail:\n${output}`);
    return output;
  }

  up(...args: string[]): Promise<string> {
    return this.ok("up", "--yes", "--skip-preview", ...args);
  }

  upFails(...args: string[]): Promise<string> {
    return this.fails("up", "--yes", "--skip-preview", ...args);
  }

  destroy(...args: string[]): Promise<string> {
    return this.ok("destroy", "--yes", "--skip-preview", ...args);
  }

  /** The token resources in the state; of one name, if given. */
  async tokens(name?: string): Promise<StateResource[]> {
    return (await this.resources()).filter(
      ({ urn }) =>
        /bigcommerce:(?:index:)?\w+Token::/.test(urn) && (name === undefined || urn.endsWith(`::${name}`)),
    );
  }

  /** What `pulumi stack export` would print, without its process: read from the backend's own file. */
  async resources(): Promise<readonly StateResource[]> {
    const name = this.env["PULUMI_STACK"] ?? "dev";
    const file = join(this.folder, "state", ".pulumi", "stacks", this.project, `${name}.json`);
    const isCompressed = existsSync(`${file}.gz`);
    const text = isCompressed ? gunzipSync(await readFile(`${file}.gz`)) : await readFile(file);
    const { checkpoint } = JSON.parse(text.toString()) as Checkpoint;
    return checkpoint.latest.resources ?? [];
  }

  /** The one token of that name that is not waiting for its deletion. */
  async token(name: string): Promise<StateResource> {
    const found = (await this.tokens(name)).filter((resource) => !resource.delete);
    if (!found[0] || found.length > 1) throw new Error(`${found.length} tokens are named ${name}`);
    return found[0];
  }

  async urn(name: string): Promise<string> {
    return (await this.token(name)).urn;
  }

  /** Fingerprints of the tokens that BigCommerce accepts, in the order in which they were issued. */
  live(): string[] {
    const now = this.emulator.clock.now();
    return this.emulator.issued
      .filter((token) => token.revokedAt === undefined && (token.expiresAt ?? Infinity) > now)
      .map((token) => token.fingerprint);
  }

  /** `POST`, `DELETE` ... of the requests since the last call, looks into the list aside. */
  requests(): string[] {
    const fresh = this.emulator.requests.slice(this.seen);
    this.seen = this.emulator.requests.length;
    const sent = fresh.filter(({ method }) => method !== "GET").map(({ method }) => method);
    return sent;
  }
  private seen = 0;

  /** Searches everything that is left for secrets, then removes it. */
  async close(): Promise<void> {
    const secrets = [...this.secrets, ...this.emulator.issued.map(({ token }) => token)];
    try {
      await this.emulator.close();
      const search = leakSearch(secrets);
      const leaked = search(this.output);
      if (leaked > 0) throw new Error(`${leaked} secrets stand in what pulumi printed`);
      const files = ["home", "state", "tmp"].flatMap((name) =>
        filesWithLeaks(join(this.folder, name), secrets, search),
      );
      if (files.length > 0) throw new Error(`secrets stand in ${files.join(", ")}`);
    } finally {
      // What a test has killed may write once more.
      await rm(this.folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    }
  }

  environment(): NodeJS.ProcessEnv {
    const own = Object.fromEntries(Object.entries(this.env).filter(([, value]) => value !== undefined));
    const inherited = Object.fromEntries(
      ["HOME", "LANG", "USER"].flatMap((name) => {
        const value = process.env[name];
        return value === undefined ? [] : [[name, value]];
      }),
    );
    return {
      ...inherited,
      PATH: [required("TEST_ENGINE"), process.env["PATH"]].join(delimiter),
      NODE_OPTIONS: nodeOptions(),
      TEST_CLOCK_OFFSET_S: String(this.offsetS),
      TMPDIR: join(this.folder, "tmp"),
      PULUMI_HOME: join(this.folder, "home"),
      PULUMI_BACKEND_URL: `file://${join(this.folder, "state")}`,
      PULUMI_STACK: "dev",
      PULUMI_CONFIG_PASSPHRASE: "a passphrase for a test",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      ...own,
    };
  }
}

function credential(): string {
  return randomBytes(16).toString("hex").slice(0, 31);
}

function required(name: string): string {
  const value = process.env[name];
  if (value === undefined)
    throw new Error(`${name} is not set: run this file through jest's project "engine"`);
  return value;
}
