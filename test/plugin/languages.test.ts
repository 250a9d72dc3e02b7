import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { delimiter, join } from "node:path";

import { DAY } from "../support/program";
import { Stack } from "../support/stack";

const ROOT = join(__dirname, "..", "..");
/** Hosts and SDKs are built by Go, once on a machine. */
const BUILD_MS = 900_000;

interface Language {
  readonly name: "yaml" | "python" | "typescript";
  /** The program. Those of examples/ find the plugin in node_modules beside them. */
  readonly folder: string;
  /** What the program says, and what it says of two scopes. */
  readonly one: string;
  readonly two: string;
  /** Whether the language's host writes the program of an import. */
  readonly generates: boolean;
}

const LANGUAGES: readonly Language[] = [
  {
    name: "yaml",
    folder: join("examples", "yaml"),
    one: "[Unauthenticated]",
    two: "[Unauthenticated, Customer]",
    generates: true,
  },
  {
    name: "python",
    folder: join("examples", "python"),
    one: "[bigcommerce.Scope.UNAUTHENTICATED]",
    two: "[bigcommerce.Scope.UNAUTHENTICATED, bigcommerce.Scope.CUSTOMER]",
    generates: false,
  },
  {
    name: "typescript",
    folder: join("test", "plugin", "programs", "typescript"),
    one: "[bigcommerce.Scope.Unauthenticated]",
    two: "[bigcommerce.Scope.Unauthenticated, bigcommerce.Scope.Customer]",
    generates: false,
  },
];

const isThere = (command: string) =>
  spawnSync(command, [command === "go" ? "version" : "--version"]).status === 0;
const missing = ["go", "python3"].filter((command) => !isThere(command));
const describeWithTools = missing.length === 0 ? describe : describe.skip;

describeWithTools(`programs in every language (need ${["go", "python3"].join(" and ")})`, () => {
  let python: string;
  beforeAll(() => {
    const printed = (file: string, ...args: string[]) =>
      execFileSync(process.execPath, [file, ...args], {
        cwd: ROOT,
        encoding: "utf8",
        stdio: ["ignore", "pipe", "inherit"],
      });
    printed("tools/engine/ensure.mjs", "yaml", "python");
    python = printed("tools/python/ensure.mjs").trim();
    printed("tools/sdk/sdk.mjs", "python", "nodejs");
  }, BUILD_MS);

  describe.each(LANGUAGES)("a program in $name", (language) => {
    let stack: Stack;
    const folder = join(ROOT, language.folder);
    /** Writes the program with these scopes. */
    const write = (scopes: string) => {
      for (const name of readdirSync(folder)) {
        const text = readFileSync(join(folder, name), "utf8").replace(language.one, scopes);
        stack.write(name, name === "Pulumi.yaml" ? stack.withPlugin(text) : text);
      }
    };
    const state = () => stack.token("server");

    beforeAll(async () => {
      const pulumiYaml = readFileSync(join(folder, "Pulumi.yaml"), "utf8");
      stack = await Stack.start("", { host: "plugin", pulumiYaml });
      const program = join(stack.folder, "program");
      if (language.name === "typescript") {
        cpSync(join(ROOT, "sdk", "nodejs", "bin"), join(program, "node_modules", "pulumi-bigcommerce"), {
          recursive: true,
        });
      } else {
        const installed = join(process.env["TEST_FRESH"] ?? "", "node_modules");
        symlinkSync(installed, join(program, "node_modules"), "dir");
      }
      if (language.name === "python") {
        const pip = ["-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--no-build-isolation"];
        const target = join(stack.folder, "packages");
        execFileSync(join(python, "bin", "python3"), [
          ...pip,
          "--target",
          target,
          join(ROOT, "sdk", "python"),
        ]);
        stack.env["PYTHONPATH"] = target;
        stack.env["PATH"] = [join(python, "bin"), stack.environment()["PATH"]].join(delimiter);
      }
      write(language.one);
    });
    afterAll(() => stack.close());

    it("mints its token, which stays secret", async () => {
      const output = await stack.ok("up", "--yes");
      expect(stack.requests()).toEqual(["POST"]);
      expect(output).toMatch(/serverToken\s*: \[secret\]/);
      expect(output).toMatch(/bigcommerce-tokens: minted -\/\S+\/dev\/private\/server /);
      // The engine warns of a language host that it finds through a link.
      expect(output).not.toMatch(/warning: (?!using pulumi-language-)/);
      const exported = await stack.ok("stack", "output", "serverToken", "--show-secrets");
      stack.output = stack.output.replace(exported, "");
      expect(stack.emulator.issued.map(({ token }) => `${token}\n`)).toEqual([exported]);
    });

    it("changes nothing when nothing has changed, nor does a refresh", async () => {
      expect(await stack.up()).toMatch(/2 unchanged/);
      await stack.ok("refresh", "--yes", "--skip-preview");
      expect(stack.requests()).toEqual([]);
    });

    it("rotates it when it is due, and leaves the old one to expire", async () => {
      const { id } = await state();
      stack.advance(61 * DAY);
      const preview = await stack.ok("preview");
      expect(preview).toContain("works until");
      await stack.up();
      expect(stack.requests()).toEqual(["POST"]);
      expect((await state()).id).not.toBe(id);
      expect(stack.live()).toHaveLength(2);
    });

    it("widens it, and takes the right back with the token that has it", async () => {
      write(language.two);
      await stack.up();
      expect((await state()).outputs["scopes"]).toEqual(["Customer", "Unauthenticated"]);
      // The previous token of the rotation ends: a resource has at most two live tokens.
      expect(stack.requests()).toEqual(["POST", "DELETE"]);
      write(language.one);
      await stack.up();
      expect((await state()).outputs["scopes"]).toEqual(["Unauthenticated"]);
      expect(stack.requests().filter((method) => method === "POST")).toHaveLength(1);
      expect(stack.live()).toEqual([(await state()).outputs["fingerprint"]]);
    });

    it("imports a token that was made by hand", async () => {
      const response = await fetch(`${stack.emulator.url}/stores/abc123/v3/storefront/api-token-private`, {
        method: "POST",
        headers: {
          "X-Auth-Token": stack.env["BIGCOMMERCE_ACCESS_TOKEN"] ?? "",
          "Content-Type": "application/json",
        },
        body: JSON.stringify({
          ...{ channel_ids: [1], scopes: ["Customer"] },
          expires_at: stack.emulator.clock.now() + 90 * DAY,
        }),
      });
      const { data } = (await response.json()) as { data: { token: string } };
      stack.env["BYHAND"] = data.token;
      const code = language.generates ? [] : ["--generate-code=false"];
      const output = await stack.ok(
        "import",
        "bigcommerce:index:PrivateToken",
        "byhand",
        "env:BYHAND",
        "--yes",
        ...code,
      );
      expect(output).not.toContain(data.token);
      if (language.generates) {
        expect(output).toContain("bigcommerce:PrivateToken");
        expect(output).toMatch(/scopes:\s+- Customer/);
        expect(output).not.toContain("adopt");
      }
      await stack.ok("state", "unprotect", await stack.urn("byhand"), "--yes");
    });

    it("destroys all of them", async () => {
      await stack.destroy();
      expect(stack.live()).toEqual([]);
    });
  });
});
