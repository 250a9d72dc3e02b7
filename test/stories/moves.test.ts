import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { fingerprint } from "../../provider/domain/fingerprint";
import { mintByHand } from "../support/by-hand";
import { Reader, sectionOf, sectionsOf } from "../support/page";
import { Stack } from "../support/stack";

const SUPPORT = join(__dirname, "..", "support");
const PULUMI_YAML = "name: shop\nruntime: { name: nodejs, options: { typescript: false } }\nmain: index.js\n";

let stack: Stack;
let reader: Reader;
afterEach(() => stack.close());

type Checks = Readonly<Record<string, (printed: string) => Promise<void> | void>>;

/** Follows the numbered steps of a page in its order, and checks what came of each. */
async function followSteps(page: ReturnType<typeof sectionsOf>, checks: Checks): Promise<void> {
  const steps = page.filter(({ heading }) => /^\d\. /.test(heading));
  expect(steps.map(({ heading }) => heading)).toEqual(Object.keys(checks));
  for (const step of steps) await checks[step.heading]?.(await reader.follow(step));
}

const issued = () => stack.emulator.issued.map((token) => token.fingerprint);
/** Fingerprint of the token that the stack hands out. */
const handedOut = async () => String((await stack.token("server")).outputs["fingerprint"]);

describe("the steps of docs/how-to/move-from-curl.md", () => {
  const page = sectionsOf("how-to/move-from-curl.md");
  const inDotEnv = () => fingerprint(/^STOREFRONT_TOKEN=(.*)$/m.exec(readFileSync(join(stack.folder, "program", ".env"), "utf8"))?.[1] ?? ""); // prettier-ignore

  it("adopt the token without a mint, rotate it while the old one works, and end it after the deploy", async () => {
    stack = await Stack.start("");
    reader = new Reader(stack);
    expect(reader.typeErrors(page)).toEqual([]);
    await reader.follow(sectionOf(page, ""));
    const [byHand = ""] = issued();
    const isUntouched = () => {
      expect([issued(), stack.live()]).toEqual([[byHand], [byHand]]);
    };
    await followSteps(page, {
      "1. Read what the token is": (printed) => {
        for (const line of ["kind", "channels", "expires", "API account"]) {
          expect(printed).toMatch(new RegExp(`^${line} {2,}\\S`, "m"));
        }
        expect(printed).toContain(byHand);
      },
      "2. Store the token as a secret of the stack": isUntouched,
      "3. Declare the token, and adopt it": async (printed) => {
        expect(printed).toContain(`will adopt token ${byHand}, which then stays valid`);
        expect(printed).toContain(
          `bigcommerce-tokens: adopted organization/shop/dev/private/server ${byHand} `,
        );
        expect(await handedOut()).toBe(byHand);
        isUntouched();
      },
      "4. Check": (printed) => {
        expect(printed).toMatch(/^server .* ok +live$/m);
      },
      "5. Let the stack write the copies": () => {
        expect(inDotEnv()).toBe(byHand);
        isUntouched();
      },
      "6. Rotate the token": async (printed) => {
        const rotated = await handedOut();
        expect(printed).toContain(`rotated, old ${byHand} valid until`);
        expect([issued(), inDotEnv()]).toEqual([[byHand, rotated], rotated]);
        // `retire` comes last: until then both worked.
        const ends = stack.emulator.requests.filter(({ method }) => method === "DELETE");
        expect([ends.length, stack.live()]).toEqual([1, [rotated]]);
        expect(await stack.ok("config")).not.toContain("storefrontToken");
      },
      "7. Go back to the usual window": (printed) => {
        expect(printed).toMatch(/~ 1 updated/);
        expect([issued().length, stack.live().length]).toEqual([2, 1]);
      },
    });
    await stack.up("--expect-no-changes");
  });

  it("bring a token that never expires to an end once its users have another one", async () => {
    stack = await Stack.start("");
    reader = new Reader(stack);
    const token = await mintByHand(stack.emulator, {
      ...{ store: stack.store, credential: stack.env["BIGCOMMERCE_ACCESS_TOKEN"] ?? "" },
      ...{ family: "api-token-private", endsInDays: "never" },
      body: { channel_ids: [1], scopes: ["Unauthenticated"] },
    });
    stack.write(".env", `STOREFRONT_TOKEN=${token}\n`);
    await reader.follow(sectionOf(page, "2. "));
    const { blocks, heading } = sectionOf(page, "A token that never expires");
    expect(blocks.map(({ language }) => language)).toEqual(["ts", "sh", "ts", "sh"]);
    await reader.follow({ heading, blocks: blocks.slice(0, 2) });
    expect(stack.live()).toEqual([fingerprint(token), await handedOut()]);
    await reader.follow({ heading, blocks: blocks.slice(2) });
    expect(stack.live()).toEqual([await handedOut()]);
    expect(await stack.tokens()).toHaveLength(1);
  });
});

describe("docs/how-to/move-from-pulumi-command.md, with a stand-in that behaves as local.Command does", () => {
  const page = sectionsOf("how-to/move-from-pulumi-command.md");
  const COMMAND = "urn:pulumi:dev::shop::command:local:Command::server-token";
  /** The program of the section that begins so. */
  const programOf = (beginning: string) =>
    sectionOf(page, beginning).blocks.find(({ language }) => language === "ts")?.text ?? "";

  beforeEach(async () => {
    stack = await Stack.start("");
    reader = new Reader(stack);
    installCommandProvider();
    await reader.follow(sectionOf(page, ""));
    expect(stack.live()).toHaveLength(1);
  });

  it("has steps that adopt the token, drop the command without its delete, and rotate the token", async () => {
    expect(reader.typeErrors(page)).toEqual([]);
    const [minted = ""] = issued();
    const isUntouched = () => {
      expect([issued(), stack.live()]).toEqual([[minted], [minted]]);
    };
    await followSteps(page, {
      "1. Keep the token when the command goes, and adopt it": async (printed) => {
        expect(printed).toContain(`will adopt token ${minted}, which then stays valid`);
        expect(printed).toMatch(/\+ 1 to create\n +2 unchanged/);
        expect(await handedOut()).toBe(minted);
        isUntouched();
        await stack.up("--expect-no-changes");
      },
      "2. Use the token resource, and remove the command": async (printed) => {
        expect(printed).toMatch(/local:Command server-token delete ?\[retain\]/);
        expect(await handedOut()).toBe(minted);
        expect((await stack.resources()).filter(({ urn }) => urn === COMMAND)).toEqual([]);
        isUntouched();
      },
      "3. Check": (printed) => {
        expect(printed).toMatch(/^server .* ok +live$/m);
      },
      "4. Rotate the token": async () => {
        expect(issued()).toEqual([minted, await handedOut()]);
        expect(stack.live()).toEqual([await handedOut()]);
      },
    });
    await stack.up("--expect-no-changes");
  });

  it("warns of one update for both: the command's delete revokes what was adopted", async () => {
    const atOnce = programOf("2. ").replace("channelIds", "adopt: process.env.MINTED!, channelIds");
    stack.env["MINTED"] = stack.emulator.issued[0]?.token;
    reader.save(atOnce);
    expect(await stack.up()).toContain("bigcommerce-tokens: adopted ");
    expect(stack.live()).toEqual([]);
    // The same with the option, as long as no update has brought it into the state.
    expect(await stack.ok("refresh", "--yes", "--skip-preview")).toMatch(/revoked/);
  });

  it("warns of a changed delete: it mints another token, and of a record that was deleted by hand", async () => {
    reader.save(programOf("1. "));
    await stack.up();
    expect(await stack.fails("state", "delete", COMMAND, "--yes")).toContain("depend");
    await stack.ok("state", "delete", COMMAND, "--yes", "--target-dependents");
    expect(await stack.tokens()).toEqual([]);
    const original = programOf("");
    reader.save(original);
    await stack.up();
    expect(stack.live()).toHaveLength(2);
    reader.save(original.replace(/delete: `[^`]*`/, 'delete: ""'));
    await stack.up();
    expect(stack.live()).toHaveLength(3);
  });

  it("leads back from step 1 without a revocation", async () => {
    const step = programOf("1. ");
    reader.save(step.replace('lifetime: "90d",', 'lifetime: "90d",\n  onDelete: "letExpire",'));
    await stack.up();
    reader.save(programOf(""));
    await stack.up();
    expect(await stack.tokens()).toEqual([]);
    expect([issued().length, stack.live().length]).toEqual([1, 1]);
  });

  /** With COMMAND_PROVIDER, the folder of a real `pulumi-resource-command`, that one in place of the stand-in. */
  function installCommandProvider(): void {
    const plugin = join(stack.folder, "command");
    mkdirSync(plugin);
    const file = join(plugin, "pulumi-resource-command");
    writeFileSync(file, `#!/usr/bin/env node\nrequire(${JSON.stringify(join(SUPPORT, "command-provider.cjs"))});\n`);
    chmodSync(file, 0o755);
    const path = process.env["COMMAND_PROVIDER"] ?? plugin;
    stack.write("Pulumi.yaml", `${PULUMI_YAML}plugins: { providers: [{ name: command, path: ${JSON.stringify(path)} }] }\n`);

    const sdk = join(stack.folder, "program", "node_modules", "@pulumi", "command");
    mkdirSync(sdk, { recursive: true });
    writeFileSync(join(sdk, "package.json"), JSON.stringify({ name: "@pulumi/command", version: "1.2.1" }));
    writeFileSync(join(sdk, "index.js"), SDK);
    writeFileSync(join(sdk, "index.d.ts"), SDK_TYPES);
  } // prettier-ignore
});

/** `@pulumi/command`, as far as the page uses it. */
const SDK = `
const pulumi = require("@pulumi/pulumi");
class Command extends pulumi.CustomResource {
  constructor(name, args, opts) {
    super("command:local:Command", name, { stdout: undefined, stderr: undefined, ...args }, opts);
  }
}
exports.local = { Command };
`;
const SDK_TYPES = `
import * as pulumi from "@pulumi/pulumi";
export namespace local {
  interface CommandArgs {
    create?: pulumi.Input<string>;
    delete?: pulumi.Input<string>;
    logging?: pulumi.Input<"stdout" | "stderr" | "stdoutAndStderr" | "none">;
  }
  class Command extends pulumi.CustomResource {
    readonly stdout: pulumi.Output<string>;
    constructor(name: string, args?: CommandArgs, opts?: pulumi.CustomResourceOptions);
  }
}
`;
