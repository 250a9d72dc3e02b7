import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseEnv } from "node:util";

import { version } from "../../package.json";
import { mintByHand } from "../support/by-hand";
import {
  CREDENTIALS,
  EXAMPLES,
  ExampleStores,
  type Exports,
  GRAPHQL_URL,
  type Place,
} from "../support/examples";
import { DAY } from "../support/program";
import { runOk, type Running } from "../support/run";

const ROOT = join(__dirname, "..", "..");

interface Example {
  readonly name: string;
  /** Default: dev. */
  readonly stack?: string;
  /** What is typed where the commands of its README ask for something. */
  readonly typed?: () => Promise<string>;
  /** What the stack exports; of each token, what it is. */
  readonly exports: Readonly<Record<string, unknown>>;
  /** Reads exports that hold tokens among other text. */
  readonly read?: (exported: Exports) => unknown;
  /** Uses what the example made, as its README says. */
  readonly use?: (place: Place, exported: Exports) => Promise<void>;
}

const UNAUTHENTICATED = "private token of abc123, channel 1, Unauthenticated";
const CUSTOMER = "private token of abc123, channel 1, Customer, Unauthenticated";
const IMPERSONATION = "customer_impersonation token of abc123, channel 1";

const ON_CLASSES: readonly Example[] = [
  {
    name: "quickstart",
    exports: {
      serverToken: CUSTOMER,
      webToken: "simple token of abc123, channel 1, https://shop.example.com",
      supportToken: IMPERSONATION,
      serverRotatesAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    },
  },
  {
    name: "storefront",
    exports: {
      graphqlUrl: GRAPHQL_URL,
      token: "simple token of abc123, channel 1, http://localhost:8080, https://shop.example.com",
    },
    read: ({ config = "" }) => JSON.parse(config) as unknown,
    use: openPage,
  },
  {
    name: "catalyst",
    exports: {
      BIGCOMMERCE_STORE_HASH: "abc123",
      BIGCOMMERCE_CHANNEL_ID: "1",
      BIGCOMMERCE_STOREFRONT_TOKEN: CUSTOMER,
      BIGCOMMERCE_STOREFRONT_UNAUTHENTICATED_TOKEN: UNAUTHENTICATED,
    },
    read: ({ env = "" }) => parseEnv(env),
    use: readEnvFile,
  },
  { name: "impersonation", exports: { supportToken: IMPERSONATION }, use: askServer },
  { name: "rotation", exports: { serverToken: UNAUTHENTICATED }, use: rotate },
  {
    name: "adopt",
    typed: () =>
      mintByHand(stores.emulator, {
        ...{ store: "abc123", credential: CREDENTIALS.abc123, family: "api-token-private" },
        ...{ endsInDays: 80, body: { channel_ids: [1], scopes: ["Unauthenticated"] } },
      }),
    exports: { serverToken: UNAUTHENTICATED },
  },
  {
    name: "two-stores",
    exports: { tokens: { europe: UNAUTHENTICATED, america: UNAUTHENTICATED.replace("abc123", "def456") } },
  },
  {
    name: "agency",
    stack: "oak",
    exports: {
      serverToken: CUSTOMER,
      webToken: "simple token of abc123, channel 1, https://oak.example.com",
    },
  },
  { name: "javascript", exports: { serverToken: UNAUTHENTICATED } },
  { name: "esm", exports: { serverToken: UNAUTHENTICATED } },
];
/** test/plugin/languages.test.ts runs them. */
const ON_THE_PLUGIN = ["python", "yaml"];

let stores: ExampleStores;
beforeAll(async () => {
  stores = await ExampleStores.start();
});
afterAll(() => stores.close());

describe("the examples, with the package as npm delivers it", () => {
  it("are all here, each with what a copy of its folder needs", () => {
    const names = readdirSync(EXAMPLES).filter((name) => !["README.md", "workflows"].includes(name));
    expect(names.sort()).toEqual([...ON_CLASSES.map(({ name }) => name), ...ON_THE_PLUGIN].sort());
    for (const name of names) {
      const files = readdirSync(join(EXAMPLES, name));
      expect(files).toEqual(expect.arrayContaining(["Pulumi.yaml", "README.md", "package.json"]));
      const manifest = readFileSync(join(EXAMPLES, name, "package.json"), "utf8");
      const { dependencies } = JSON.parse(manifest) as { dependencies: Record<string, string> };
      expect(dependencies["pulumi-bigcommerce-tokens"]).toBe(`^${version}`);
    }
  });

  it.each(ON_CLASSES)("$name", async ({ name, stack = "dev", typed, exports, read, use }) => {
    const before = stores.emulator.issued.length;
    const place = stores.place(name, stack, await typed?.());
    const live = () => stores.emulator.issued.slice(before).filter((token) => stores.isLive(token));
    expect(await place.readme(0)).not.toMatch(/warning/i);
    const exported = await place.exports();
    expect(stores.describe(read?.(exported) ?? exported)).toEqual(exports);
    expect(live()).toHaveLength(JSON.stringify(exports).match(/ token of /g)?.length ?? 0);
    expect(place.issued()).toHaveLength(typed === undefined ? live().length : 0);
    await use?.(place, exported);

    const asked = stores.emulator.requests.length;
    await place.pulumi("up", "--skip-preview", "--expect-no-changes");
    expect(stores.emulator.requests).toHaveLength(asked);
    await place.pulumi("destroy", "--skip-preview");
    expect(live()).toEqual([]);
  });
});

describe("the repository's own project", () => {
  it("previews the quickstart with the linked package and no credential, and leaves no file in the repository", async () => {
    const before = pulumiFiles();
    const project = mkdtempSync(join(tmpdir(), "example-"));
    try {
      const { BIGCOMMERCE_ACCESS_TOKEN, PULUMI_NODEJS_TRANSPILE_ONLY, ...env } = stores.environment("clone");
      const pulumi = (cwd: string, ...args: readonly string[]) =>
        runOk("pulumi", [...args, "--non-interactive"], { cwd, env });
      copyFileSync(join(ROOT, "Pulumi.yaml"), join(project, "Pulumi.yaml"));
      // The configuration goes beside the project file, so the stack is made from a copy of it.
      await pulumi(project, "stack", "init", "clone");
      const output = await pulumi(ROOT, "preview", "--config-file", join(project, "Pulumi.clone.yaml"));
      for (const token of ["PrivateToken server", "StorefrontToken web", "ImpersonationToken support"]) {
        expect(output).toContain(`dynamic/bigcommerce:${token} create`);
      }
      // The stack itself is one more.
      expect(output).toContain("+ 4 to create");
      expect(output).toContain("no credential for store abc123");
      expect(output.match(/warning: .*/g) ?? []).toEqual([]);
      expect(pulumiFiles()).toEqual(before);
    } finally {
      rmSync(project, { recursive: true, force: true });
    }
  });
});

/** Runs the page's script as a browser does. */
async function openPage({ folder, readme }: Place): Promise<void> {
  await readme(1);
  const read = (name: string) => readFileSync(join(folder, "public", name), "utf8");
  expect(read("index.html")).toContain('<script type="module" src="shop.js">');
  const open = async (origin: string) => {
    const heading = { textContent: "" };
    const fetchInPage = async (url: string, request: RequestInit = {}) => {
      if (url !== GRAPHQL_URL) return new Response(read(url));
      const headers = new Headers(request.headers);
      headers.set("Origin", origin);
      return fetch(stores.graphqlUrl(), { ...request, headers });
    };
    // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the page's module, which awaits
    const script = new Function("fetch", "document", `return (async () => {${read("shop.js")}})()`) as (
      ...globals: readonly unknown[]
    ) => Promise<void>;
    await script(fetchInPage, { querySelector: (name: string) => (name === "h1" ? heading : null) });
    return heading.textContent;
  };
  expect(await open("https://shop.example.com")).toBe("Store abc123");
  await expect(open("https://elsewhere.example.com")).rejects.toThrow("GraphQL answered 401");
}

async function readEnvFile({ folder }: Place): Promise<void> {
  const env = parseEnv(readFileSync(join(folder, ".env.local"), "utf8"));
  expect(await stores.accepts(env["BIGCOMMERCE_STOREFRONT_TOKEN"])).toBe(true);
  expect(await stores.accepts(env["BIGCOMMERCE_STOREFRONT_UNAUTHENTICATED_TOKEN"])).toBe(true);
}

/** The server shows a customer the store with X-Bc-Customer-Id. No browser gets the token, or could use it. */
async function askServer(place: Place, { supportToken = "" }: Exports): Promise<void> {
  const server = place.begin(1, { PORT: "0" });
  try {
    const url = await listening(server);
    const asked = () => stores.emulator.requests.filter(({ headers }) => "x-bc-customer-id" in headers);
    for (const cookie of ["", "session=of-another", "customer=123"]) {
      expect((await fetch(url, { headers: { cookie } })).status).toBe(401);
    }
    expect(asked()).toEqual([]);

    const cookie = "a=b; session=the-session-of-jane";
    const answer = await fetch(`${url}/?customerId=7`, { headers: { cookie } });
    const shown = await answer.text();
    expect(JSON.parse(shown)).toEqual({ site: { settings: { storeName: "Store abc123" } } });
    expect(asked()).toMatchObject([{ status: 200, headers: { "x-bc-customer-id": "123" } }]);
    const seen = [shown, JSON.stringify([...answer.headers.entries()]), server.printed()].join("\n");
    expect(seen.includes(supportToken)).toBe(false);
    expect(await stores.accepts(supportToken, "https://shop.example.com")).toBe(false);
  } finally {
    if (server.pid !== undefined) process.kill(-server.pid, "SIGKILL");
    await server.ended;
  }
}

/** The first URL that the server prints. */
async function listening({ printed }: Running): Promise<string> {
  for (let waited = 0; waited < 60_000; waited += 50) {
    const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(printed()) ?? [];
    if (url !== undefined) return url;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("the server does not listen");
}

/** The deployment gets each new token in the update that mints it. */
async function rotate({ folder, issued, pulumi, readme }: Place): Promise<void> {
  const deployed = () => parseEnv(readFileSync(join(folder, "deployed.env"), "utf8"));
  const live = () => issued().map((token) => stores.isLive(token));
  expect(deployed()).toEqual({ BIGCOMMERCE_STOREFRONT_TOKEN: issued()[0]?.token });
  stores.advance(61 * DAY);
  await pulumi("up", "--skip-preview");
  expect(deployed()).toEqual({ BIGCOMMERCE_STOREFRONT_TOKEN: issued()[1]?.token });
  expect(live()).toEqual([true, true]);

  await readme(1);
  expect(deployed()).toEqual({ BIGCOMMERCE_STOREFRONT_TOKEN: issued()[2]?.token });
  expect(live()).toEqual([false, false, true]);
}

/** Where Pulumi would leave files: beside the project file and beside the program. */
function pulumiFiles(): string[] {
  return [ROOT, join(EXAMPLES, "quickstart")].flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => /^\.?pulumi/i.test(name))
      .map((name) => join(folder, name)),
  );
}
