import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { declare } from "../support/program";
import { itOnClasses, Stack } from "../support/stack";

const PROGRAM = declare({
  kind: "PrivateToken",
  name: "server",
  args: { channelIds: [1], scopes: ["Customer"], lifetime: "90d" },
});
/** Without `main`, a file that Pulumi would look for even where it runs no program. */
const PROJECT = "name: shop\nruntime: { name: nodejs, options: { typescript: false } }\n";
const DESTROY = ["destroy", "--yes", "--skip-preview"] as const;

describe("a destroy without what the up had", () => {
  let stack: Stack;
  let elsewhere: string;
  beforeEach(async () => {
    elsewhere = mkdtempSync(join(tmpdir(), "elsewhere-"));
    stack = await Stack.start(PROGRAM, { pulumiYaml: PROJECT });
    await stack.up();
    stack.requests();
  });
  afterEach(async () => {
    rmSync(elsewhere, { recursive: true, force: true });
    await stack.close();
  });

  it("[E20] program, configuration and credential: says in one line what to set, and sends nothing", async () => {
    rmSync(join(stack.folder, "program", "index.js"));
    const credential = stack.env["BIGCOMMERCE_ACCESS_TOKEN"];
    delete stack.env["BIGCOMMERCE_ACCESS_TOKEN"];
    delete stack.env["BIGCOMMERCE_STORE_HASH"];
    const output = await stack.fails(...DESTROY);
    expect(output).toMatch(
      /no credential for store abc123: set environment variable BIGCOMMERCE_ACCESS_TOKEN_ABC123, or run .*bigcommerce:stores\.abc123\.accessToken/,
    );
    expect(output).not.toMatch(/\n\s+at .*:\d+:\d+/);
    expect(stack.requests()).toEqual([]);
    expect(await stack.tokens()).toHaveLength(1);

    stack.env["BIGCOMMERCE_ACCESS_TOKEN_ABC123"] = credential;
    await stack.destroy();
    expect(stack.live()).toEqual([]);
  });

  itOnClasses(
    "[E22] the package: names it, sends nothing and loses nothing, and works once it is installed again",
    async () => {
      const fresh = process.env["TEST_FRESH"] ?? "";
      mkdirSync(join(elsewhere, "node_modules"));
      symlinkSync(join(fresh, "node_modules", "@pulumi"), join(elsewhere, "node_modules", "@pulumi"), "dir");
      writeFileSync(join(elsewhere, "package.json"), JSON.stringify({ name: "program", private: true }));
      writeFileSync(join(elsewhere, "Pulumi.yaml"), PROJECT);
      const output = await stack.fails(...DESTROY, "--cwd", elsewhere);
      expect(output).toContain("Cannot find module 'pulumi-bigcommerce-tokens/lifecycle/private'");
      expect(stack.requests()).toEqual([]);
      expect(await stack.tokens()).toHaveLength(1);

      const name = "pulumi-bigcommerce-tokens";
      symlinkSync(join(fresh, "node_modules", name), join(elsewhere, "node_modules", name), "dir");
      await stack.destroy("--cwd", elsewhere);
      expect(stack.live()).toEqual([]);
    },
  );
});
