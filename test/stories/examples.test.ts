import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

import { runOk } from "../support/run";

const ROOT = join(__dirname, "..", "..");
const ENGINE = process.env["TEST_ENGINE"] ?? "";
const FRESH = process.env["TEST_FRESH"] ?? "";

describe("the examples, with the package as npm delivers it", () => {
  it.each([
    {
      name: "quickstart",
      tokens: ["PrivateToken server", "StorefrontToken web", "ImpersonationToken support"],
    },
    { name: "javascript", tokens: ["PrivateToken server"] },
    { name: "esm", tokens: ["PrivateToken server"] },
    { name: "impersonation", tokens: ["ImpersonationToken support"] },
    { name: "two-stores", tokens: ["PrivateToken europe", "PrivateToken america"] },
  ])("previews $name without a credential", async ({ name, tokens }) => {
    await inFolder(FRESH, async (folder) => {
      const program = join(folder, "examples", name);
      cpSync(join(ROOT, "examples", name), program, { recursive: true });
      // The quickstart's project file is the repository's own.
      if (name === "quickstart") copyFileSync(join(ROOT, "Pulumi.yaml"), join(folder, "Pulumi.yaml"));
      const project = name === "quickstart" ? folder : program;
      const env = environment(folder);
      await pulumi(["stack", "init", "dev"], project, env);
      expectPreviewOf(tokens, await pulumi(["preview"], project, env));
    });
  });
});

describe("the repository's own project", () => {
  it("previews the quickstart with the linked package, and leaves no file in the repository", async () => {
    await inFolder(tmpdir(), async (folder) => {
      const before = pulumiFiles();
      const env = environment(folder);
      copyFileSync(join(ROOT, "Pulumi.yaml"), join(folder, "Pulumi.yaml"));
      // The configuration goes beside the project file, so the stack is made from a copy of it.
      await pulumi(["stack", "init", "dev"], folder, env);
      const configuration = ["--config-file", join(folder, "Pulumi.dev.yaml")];
      const output = await pulumi(["preview", ...configuration], ROOT, env);
      expectPreviewOf(["PrivateToken server", "StorefrontToken web", "ImpersonationToken support"], output);
      expect(pulumiFiles()).toEqual(before);
    });
  });
});

function expectPreviewOf(tokens: readonly string[], output: string): void {
  for (const token of tokens) expect(output).toContain(`dynamic/bigcommerce:${token} create`);
  // The stack itself is one more.
  expect(output).toContain(`+ ${tokens.length + 1} to create`);
  expect(output).toContain("no credential for store abc123");
}

function pulumi(args: string[], cwd: string, env: NodeJS.ProcessEnv): Promise<string> {
  return runOk(join(ENGINE, "pulumi"), [...args, "--non-interactive"], { cwd, env });
}

async function inFolder(parent: string, work: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(parent, "example-"));
  try {
    for (const name of ["home", "state", "tmp"]) mkdirSync(join(folder, name));
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** No credential in it, and no host: a preview that asked anything would have nobody to ask. */
function environment(folder: string): NodeJS.ProcessEnv {
  return {
    HOME: process.env["HOME"],
    PATH: [ENGINE, process.env["PATH"]].join(delimiter),
    TMPDIR: join(folder, "tmp"),
    PULUMI_HOME: join(folder, "home"),
    PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
    PULUMI_STACK: "dev",
    PULUMI_CONFIG_PASSPHRASE: "a passphrase for a test",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    BIGCOMMERCE_STORE_HASH: "abc123",
  };
}

/** Where Pulumi would leave files: beside the project file and beside the program. */
function pulumiFiles(): string[] {
  return [ROOT, join(ROOT, "examples", "quickstart")].flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => /^\.?pulumi/i.test(name))
      .map((name) => join(folder, name)),
  );
}
