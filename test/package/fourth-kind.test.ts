import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";

import { runOk } from "../support/run";
import { link, ROOT, useFolders } from "./folders";
import { runMocked } from "./mocked-program";

/** The sources, and what builds them. */
const COPIED = [
  ...["provider", "cli", "emulator", "tools/build"],
  ...["package.json", "tsconfig.json", "tsconfig.build.json"],
];
const ENV = { PATH: process.env["PATH"], HOME: process.env["HOME"] };
/** Node would find it before the folder of that name. */
const LEFT_BY_AN_EARLIER_BUILD = "dist/provider/handlers.js";
const ACCESS_TOKEN = "a".repeat(31);

const folders = useFolders();
let copy: string;

/** Replaces a text that a file holds once. */
function edit(path: string, old: string, fresh: string): void {
  const text = readFileSync(join(copy, path), "utf8");
  if (text.split(old).length !== 2) throw new Error(`${path} does not hold ${old} once`);
  writeFileSync(
    join(copy, path),
    text.replace(old, () => fresh),
  );
}

function copyFile(from: string, to: string, names: readonly (readonly [string, string])[]): void {
  let text = readFileSync(join(copy, from), "utf8");
  for (const [old, fresh] of names) text = text.replaceAll(old, fresh);
  writeFileSync(join(copy, to), text);
}

/** The steps of ARCHITECTURE.md, for tokens of checkouts that BigCommerce does not have. */
function addKind(): void {
  const names = [
    ["impersonation", "checkout"],
    ["Impersonation", "Checkout"],
  ] as const;
  edit("provider/domain/kinds.ts", '| "impersonation";', '| "impersonation" | "checkout";');
  edit(
    "provider/domain/kinds.ts",
    "  impersonation: {",
    `  checkout: {
    name: "checkout",
    className: "CheckoutToken",
    tokenType: 4,
    family: "api-token-checkout",
    oauthScope: TOKENS_SCOPE,
    rights: ["scopes"],
  },
  impersonation: {`,
  );
  copyFile("provider/lifecycle/impersonation.ts", "provider/lifecycle/checkout.ts", names);
  appendFileSync(
    join(copy, "provider/resources/arguments.ts"),
    '\n/** The arguments of a `CheckoutToken`. */\nexport type CheckoutTokenArgs<E extends MaybeExpiresAt = never, L extends MaybeLifetime = never> = TokenArgs<E, L> & { scopes: InputSet<"Customer"> };\n',
  );
  copyFile("provider/resources/impersonation-token.ts", "provider/resources/checkout-token.ts", names);
  appendFileSync(
    join(copy, "provider/index.ts"),
    'export type { CheckoutTokenArgs } from "./resources/arguments";\nexport { CheckoutToken } from "./resources/checkout-token";\n',
  );
  const subpath = (kind: string) => `"./lifecycle/${kind}": "./dist/provider/lifecycle/${kind}.js",`;
  edit("package.json", subpath("impersonation"), `${subpath("impersonation")}\n${subpath("checkout")}`);
  edit("emulator/entities.ts", '| "customer_impersonation";', '| "customer_impersonation" | "checkout";');
  edit("emulator/token-kinds.ts", "1 | 2 | 3", "1 | 2 | 3 | 4");
  edit(
    "emulator/token-kinds.ts",
    "export const TOKEN_KINDS: readonly TokenKind[] = [",
    `export const TOKEN_KINDS: readonly TokenKind[] = [
  {
    type: "checkout",
    segment: "api-token-checkout",
    oauthScope: "store_storefront_api",
    tokenType: 4,
    ownFields: ["scopes"],
    forBrowsers: false,
    actsAsCustomer: false,
  },`,
  );
}

function filesIn(root: string): readonly string[] {
  const below = (path: string) =>
    /\.json$/.test(path)
      ? [path]
      : readdirSync(join(root, path), { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
  return COPIED.flatMap(below);
}

function isChanged(path: string): boolean {
  return (
    !existsSync(join(ROOT, path)) ||
    readFileSync(join(ROOT, path), "utf8") !== readFileSync(join(copy, path), "utf8")
  );
}

/** The files that the numbered steps of a section of ARCHITECTURE.md begin with. */
function stepsOf(heading: string): readonly string[] {
  const document = readFileSync(join(ROOT, "ARCHITECTURE.md"), "utf8");
  const [, section = ""] = document.split(`### ${heading}\n`);
  const [own = ""] = section.split(/^#/m);
  return [...own.matchAll(/^\d+\. `([^`]+)`/gm)].map(([, path = ""]) => path);
}

/** A program of three runs, each in a provider of its own: it mints, then rotates, then removes the token. */
const RUNS = `
  const { startEmulator } = require("pulumi-bigcommerce-tokens/emulator");
  const [inputs, shorter] = JSON.parse(process.argv[1]);

  function provider() {
    for (const path of Object.keys(require.cache)) if (path.includes("/dist/provider/")) delete require.cache[path];
    return require("pulumi-bigcommerce-tokens/lifecycle/checkout");
  }
  async function checked(provider, olds, news) {
    const { inputs, failures } = await provider.check(olds, news);
    if (failures.length > 0) throw new Error(JSON.stringify(failures));
    return inputs;
  }

  async function main() {
    const accounts = [{ clientId: "client", accessToken: "${ACCESS_TOKEN}", scopes: ["store_storefront_api"] }];
    const emulator = await startEmulator({ generation: 2, stores: [{ hash: "abc123", accounts }] });
    process.env.BIGCOMMERCE_API_URL = emulator.url;
    const issued = () => emulator.issued.map(({ type, scopes, revokedAt }) => ({ type, scopes, isRevoked: revokedAt !== undefined }));
    const steps = {};

    const first = provider();
    const minted = await first.create(await checked(first, {}, inputs));
    steps.minted = issued();

    const second = provider();
    const { replaces } = await second.diff(minted.id, minted.outs, await checked(second, minted.outs, shorter));
    const rotated = await second.create(await checked(second, {}, shorter));
    await second.delete(minted.id, minted.outs);
    steps.rotated = issued();

    await provider().delete(rotated.id, rotated.outs);
    steps.removed = issued();
    await emulator.close();
    console.log("\\nreport: " + JSON.stringify({ replaces, steps, id: minted.id, outputs: minted.outs }));
  }
  void main();
`;

interface Report {
  readonly replaces: readonly string[];
  readonly steps: Readonly<Record<"minted" | "rotated" | "removed", readonly object[]>>;
  readonly id: string;
  readonly outputs: object;
}

describe("a fourth kind of token, added by the steps of ARCHITECTURE.md", () => {
  beforeAll(async () => {
    copy = folders.bare();
    for (const path of COPIED) {
      mkdirSync(join(copy, path, ".."), { recursive: true });
      cpSync(join(ROOT, path), join(copy, path), { recursive: true });
    }
    symlinkSync(join(ROOT, "node_modules"), join(copy, "node_modules"), "dir");
    addKind();
    mkdirSync(join(copy, "dist", "provider"), { recursive: true });
    writeFileSync(join(copy, LEFT_BY_AN_EARLIER_BUILD), "throw new Error();\n");
    // What the compiler finds wrong fails here.
    const options = { cwd: copy, env: ENV, timeoutMs: 240_000 };
    await runOk("npx", ["--no", "tsc"], options);
    await runOk("npm", ["run", "build"], options);
  });

  it("is built into an empty folder", () => {
    expect(existsSync(join(copy, LEFT_BY_AN_EARLIER_BUILD))).toBe(false);
  });

  it("touches the files that the steps name, and no others", () => {
    const steps = stepsOf("A fourth kind of token").map((path) => path.replace("<kind>", "checkout"));
    expect(filesIn(copy).filter(isChanged).sort()).toEqual([...steps].sort());
  });

  it("is declared by its class, minted, rotated, revoked, and shown by the command line", async () => {
    const folder = folders.bare();
    link(folder, "pulumi-bigcommerce-tokens", copy);
    link(folder, "@pulumi", join(ROOT, "node_modules", "@pulumi"));
    const { registered } = await runMocked(
      folder,
      `
        new tokens.CheckoutToken("pay", { channelIds: [1], scopes: ["Customer"], lifetime: "2h" });
        new tokens.CheckoutToken("pay-less", { channelIds: [1], scopes: ["Customer"], lifetime: "1h" });
      `,
    );
    const [pay, less] = registered;
    const type = "pulumi-nodejs:dynamic/bigcommerce:CheckoutToken";
    expect(pay).toMatchObject({ type, inputs: { label: "acme/shop/dev/checkout/pay" } });

    const shorter = { ...less?.inputs, label: pay?.inputs["label"] };
    const env = { ...ENV, BIGCOMMERCE_STORE_HASH: "abc123", BIGCOMMERCE_ACCESS_TOKEN: ACCESS_TOKEN };
    const output = await runOk("node", ["-e", RUNS, JSON.stringify([pay?.inputs, shorter])], {
      cwd: folder,
      env,
    });
    const report = JSON.parse(/^report: (.*)$/m.exec(output)?.[1] ?? "") as Report;
    const alive = { type: "checkout", scopes: ["Customer"], isRevoked: false };
    const revoked = { ...alive, isRevoked: true };
    expect(report.replaces).toContain("expiresAt");
    expect(report.steps).toEqual({ minted: [alive], rotated: [revoked, alive], removed: [revoked, revoked] });

    const urn = `urn:pulumi:dev::shop::${type}::pay`;
    const resource = { urn, type, custom: true, id: report.id, inputs: {}, outputs: report.outputs };
    const file = join(folder, "state.json");
    writeFileSync(file, JSON.stringify({ version: 3, deployment: { resources: [resource] } }));
    const program = join(copy, "dist/cli/main.js");
    const shown = await runOk("node", [program, "status", "--file", file, "--json"], {
      cwd: folder,
      env: ENV,
    });
    expect(JSON.parse(shown)).toMatchObject({ tokens: [{ resource: "pay", kind: "checkout", urn }] });
  });
});
