import { randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

import { type Emulator, startEmulator } from "../../emulator";
import { filesWithLeaks, leaksIn } from "../support/leaks";
import { required, useFolders } from "./folders";
import { storedTexts } from "./mocked-program";
import { type Bag, ProviderProcess } from "./provider-process";

export const KINDS = {
  StorefrontToken: { allowedCorsOrigins: ["https://b.example.com", "https://a.example.com"] },
  PrivateToken: { scopes: ["Unauthenticated", "Customer"] },
  ImpersonationToken: {},
} as const;
export type Kind = keyof typeof KINDS;
export const NAMES = Object.keys(KINDS) as Kind[];

/** A provider process and a BigCommerce, anew for each test. */
export interface World {
  readonly provider: ProviderProcess;
  readonly emulator: Emulator;
  readonly credential: string;
  /** The credential as the stack's configuration, which is how the engine hands secrets to the provider. */
  configure(): Promise<void>;
  /** A process that has seen nothing yet. */
  restart(stderr?: number): Promise<void>;
  /** What a program gives, beside what its class adds. */
  inputsOf(kind: Kind, rest?: Bag): Bag;
}

/** After each test no process, file or secret may be left behind. */
export function useWorld(): World {
  const folders = useFolders();
  const credential = randomBytes(16).toString("hex").slice(0, 31);
  let texts: Record<string, string>;
  let emulator: Emulator;
  let provider: ProviderProcess;
  let cwd: string;
  const temporary = () => join(cwd, "tmp");

  const start = async (stderr?: number) => {
    provider = await ProviderProcess.start(
      cwd,
      { TMPDIR: temporary(), BIGCOMMERCE_STORE_HASH: "abc123", BIGCOMMERCE_API_URL: emulator.url },
      join(required("TEST_FRESH"), "node_modules", "@pulumi", "pulumi"),
      stderr,
    );
  };
  const stop = async () => {
    expect(await provider.stop()).toBe(0);
    const secrets = [credential, ...emulator.issued.map(({ token }) => token)];
    expect(leaksIn(provider.output, secrets)).toBe(0);
    // Only what provider processes of one engine tell each other, which holds hashes.
    const shared = `bigcommerce-tokens-${process.getuid?.() ?? ""}`;
    expect(readdirSync(temporary()).filter((name) => name !== shared)).toEqual([]);
    expect(filesWithLeaks(temporary(), secrets)).toEqual([]);
    rmSync(join(temporary(), shared), { recursive: true, force: true });
  };

  beforeAll(async () => {
    cwd = folders.installed();
    mkdirSync(temporary());
    texts = await storedTexts(cwd);
  });

  beforeEach(async () => {
    const scopes = ["store_storefront_api", "store_storefront_api_customer_impersonation"] as const;
    const account = { clientId: "client-a", accessToken: credential, scopes };
    emulator = await startEmulator({
      generation: 2,
      stores: [{ hash: "abc123", accounts: [account], channels: [1, 2] }],
    });
    await start();
  });

  afterEach(async () => {
    try {
      await stop();
    } finally {
      await emulator.close();
    }
  });

  return {
    credential,
    get provider() {
      return provider;
    },
    get emulator() {
      return emulator;
    },
    configure: () =>
      provider.configure({
        "bigcommerce:stores": JSON.stringify({ abc123: { accessToken: credential } }),
      }),
    async restart(stderr) {
      await stop();
      await start(stderr);
    },
    inputsOf: (kind, rest = {}) => ({
      ...KINDS[kind],
      channelIds: [2, 1],
      lifetime: "30d",
      label: `acme/shop/dev/${kind}/t`,
      __provider: texts[kind],
      ...rest,
    }),
  };
}
