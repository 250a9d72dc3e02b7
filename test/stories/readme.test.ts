import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { fingerprint } from "../../provider/domain/fingerprint";
import { mintByHand } from "../support/by-hand";
import { Stack } from "../support/stack";

const README = readFileSync(join(__dirname, "..", "..", "README.md"), "utf8");
const blocks = (language: string) =>
  [...README.matchAll(new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\`$`, "gm"))].map(
    (match) => match[1] ?? "",
  );

describe("the README", () => {
  it.each(blocks("ts").map((text, index) => ({ text, index })))(
    "shows a program that compiles, mints and destroys (snippet $index)",
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
        await stack.up();
        const declared = text.match(/new \w+Token\(/g) ?? [];
        expect(await stack.tokens()).toHaveLength(declared.length);
        await stack.destroy();
        expect(stack.live()).toEqual([]);
      } finally {
        await stack.close();
      }
    },
  );

  it("names two commands that package.json has", () => {
    const { scripts } = JSON.parse(readFileSync(join(__dirname, "..", "..", "package.json"), "utf8")) as {
      scripts: Record<string, string>;
    };
    expect(blocks("sh").slice(0, 2)).toEqual(["npm ci && npm run demo\n", "npm ci && npm test\n"]);
    expect(scripts).toHaveProperty("demo");
    expect(scripts).toHaveProperty("test");
  });

  it("computes a fingerprint as the provider does", () => {
    const command = blocks("sh").find((text) => text.includes("sha256sum")) ?? "false";
    const env = { PATH: process.env["PATH"], TOKEN: "eyJh.eyJi.c2ln" };
    expect(execFileSync("sh", ["-c", command], { env, encoding: "utf8" }).trim()).toBe(
      fingerprint(env.TOKEN),
    );
  });

  it("sets configuration with commands that Pulumi takes", async () => {
    const stack = await Stack.start("");
    try {
      const commands = blocks("sh")
        .flatMap((text) => text.split("\n"))
        .filter((line) => line.startsWith("pulumi config set"))
        .map((line) => line.replace(/ #.*/, "").split(" ").slice(1));
      expect(commands.length).toBeGreaterThanOrEqual(3);
      for (const command of commands) {
        await stack.ok(...command, ...(command.includes("--secret") ? [stack.otherCredential] : []));
      }
      const config = await stack.ok("config", "--json");
      expect(Object.keys(JSON.parse(config) as object).sort()).toEqual([
        ...["bigcommerce:accessToken", "bigcommerce:storeHash", "bigcommerce:stores", "shop:byHand"],
      ]);
    } finally {
      await stack.close();
    }
  });
});

async function tokenByHand({ emulator, store, env }: Stack): Promise<string[]> {
  const token = await mintByHand(emulator, {
    ...{ store, credential: env["BIGCOMMERCE_ACCESS_TOKEN"] ?? "", family: "api-token-private" },
    ...{ endsInDays: 80, body: { channel_ids: [1], scopes: ["Unauthenticated"] } },
  });
  return ["config", "set", "--secret", "byHand", token];
}
