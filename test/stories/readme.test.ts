import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { fingerprint } from "../../provider/domain/fingerprint";
import { mintByHand } from "../support/by-hand";
import { Stack } from "../support/stack";

const ROOT = join(__dirname, "..", "..");
const read = (path: string) => readFileSync(join(ROOT, path), "utf8");
const blocks = (path: string, language: string) =>
  [...read(path).matchAll(new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\`$`, "gm"))].map(
    (match) => match[1] ?? "",
  );

/** Pages with whole programs. The tutorial has a test of its own. */
const PAGES = [
  "README.md",
  "docs/how-to/adopt-tokens.md",
  "docs/how-to/hand-over-tokens.md",
  "docs/how-to/many-stores.md",
  "docs/reference/configuration.md",
];
/** Programs that need no package beside Pulumi's own, and no configuration of their own. */
const PROGRAMS = PAGES.flatMap((path) =>
  blocks(path, "ts")
    .filter(
      (text) =>
        text.includes('"pulumi-bigcommerce-tokens"') && !/@pulumi\/kubernetes|requireObject/.test(text),
    )
    .map((text, index) => ({ path, index, text })),
);

it("six programs stand in the documents", () => {
  expect(PROGRAMS.map(({ path }) => path)).toEqual([
    ...["README.md", "docs/how-to/adopt-tokens.md", "docs/how-to/hand-over-tokens.md"],
    ...["docs/how-to/many-stores.md", "docs/how-to/many-stores.md", "docs/reference/configuration.md"],
  ]);
});

it.each(PROGRAMS)(
  "a program of $path compiles, mints without a warning, and destroys ($index)",
  async ({ text }) => {
    const stack = await Stack.start("", {
      pulumiYaml: "name: shop\nruntime: nodejs\nmain: index.ts\n",
      files: {
        "index.ts": text,
        "tsconfig.json": JSON.stringify({
          compilerOptions: {
            ...{ target: "es2022", module: "nodenext", moduleResolution: "nodenext" },
            ...{ strict: true, exactOptionalPropertyTypes: true, skipLibCheck: true },
          },
        }),
      },
    });
    try {
      stack.env["BIGCOMMERCE_ACCESS_TOKEN_DEF456"] = stack.otherCredential;
      if (text.includes('requireSecret("byHand")')) await stack.ok(...(await tokenByHand(stack)));
      expect(await stack.up()).not.toMatch(/warn/i);
      const declared = text.includes("Object.entries(stores)")
        ? 2
        : (text.match(/new \w+Token\(/g) ?? []).length;
      expect(await stack.tokens()).toHaveLength(declared);
      await stack.destroy();
      expect(stack.live()).toEqual([]);
    } finally {
      await stack.close();
    }
  },
);

it("the README names two commands that package.json has", () => {
  const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
  expect(blocks("README.md", "sh").slice(0, 2)).toEqual(["npm ci && npm run demo\n", "npm ci && npm test\n"]);
  expect(scripts).toHaveProperty("demo");
  expect(scripts).toHaveProperty("test");
});

it("a page computes a fingerprint as the provider does", () => {
  const command =
    blocks("docs/reference/resources.md", "sh").find((text) => text.includes("sha256sum")) ?? "false";
  const env = { PATH: process.env["PATH"], TOKEN: "eyJh.eyJi.c2ln" };
  expect(execFileSync("sh", ["-c", command], { env, encoding: "utf8" }).trim()).toBe(fingerprint(env.TOKEN));
});

it("the documents set configuration with commands that Pulumi takes", async () => {
  const stack = await Stack.start("");
  try {
    const commands = [...PAGES, "docs/how-to/change-the-api-account.md"]
      .flatMap((path) => blocks(path, "sh"))
      .flatMap((text) => text.split("\n"))
      .filter((line) => line.startsWith("pulumi config set"))
      .map((line) => line.replace(/ #.*/, "").split(" ").slice(1));
    expect(commands.length).toBeGreaterThanOrEqual(6);
    for (const command of commands) {
      await stack.ok(...command, ...(command.includes("--secret") ? [stack.otherCredential] : []));
    }
    const config = await stack.ok("config", "--json");
    expect(Object.keys(JSON.parse(config) as object).sort()).toEqual([
      ...["bigcommerce:accessToken", "bigcommerce:storeHash", "bigcommerce:stores"],
    ]);
  } finally {
    await stack.close();
  }
});

async function tokenByHand({ emulator, store, env }: Stack): Promise<string[]> {
  const token = await mintByHand(emulator, {
    ...{ store, credential: env["BIGCOMMERCE_ACCESS_TOKEN"] ?? "", family: "api-token-private" },
    ...{ endsInDays: 80, body: { channel_ids: [1], scopes: ["Unauthenticated"] } },
  });
  return ["config", "set", "--secret", "byHand", token];
}
