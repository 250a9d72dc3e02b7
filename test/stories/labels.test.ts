import { createHash } from "node:crypto";

import { labelOf } from "../../provider/domain/label";
import { commandLine } from "../support/command-line";
import { DAY, declare, type Declared } from "../support/program";
import { HOST, itOnClasses, ORGANIZATION, Stack } from "../support/stack";

let stack: Stack;
afterEach(() => stack.close());

const token = (name: string, opts?: string): Declared => ({
  ...{ kind: "PrivateToken", name, ...(opts !== undefined && { opts }) },
  args: { channelIds: [1], scopes: ["Customer"], lifetime: "90d" },
});
const sha = (text: string, digits: number) =>
  createHash("sha256").update(text).digest("hex").slice(0, digits);

/** Mints as an update does that is killed before it records anything. */
async function lose(label: string): Promise<string> {
  const headers = { "X-Auth-Token": stack.env["BIGCOMMERCE_ACCESS_TOKEN"] ?? "", "Content-Type": "application/json" };
  const body = { channel_ids: [1], scopes: ["Customer"], expires_at: 0, name: `${label}#${"0af1".repeat(8)}` };
  const path = `/stores/${stack.store}/v3/storefront/api-token-private`;
  await fetch(`${stack.emulator.url}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
  stack.advance(DAY);
  return stack.emulator.issued.at(-1)?.jti ?? "";
} // prettier-ignore

/** What `orphans` tells of a stack, without a passphrase. */
async function orphans(name: string) {
  const { code, stdout, stderr } = await commandLine(stack, ["orphans", "--stack", name, "--json"]);
  expect(stderr).toBe("");
  const told = JSON.parse(stdout) as {
    readonly orphans: readonly { readonly jti: string; readonly labelCut: boolean }[];
    readonly heldElsewhere: readonly { readonly stack: string }[];
    readonly problems: readonly string[];
  };
  return {
    code,
    left: told.orphans.map(({ jti }) => jti),
    cut: told.orphans.filter(({ labelCut }) => labelCut).map(({ jti }) => jti),
    holders: told.heldElsewhere.map((each) => each.stack),
    problems: told.problems,
  };
}

/** Gives the resources of a name another label, as an older version would have recorded it. */
async function relabel(labels: Readonly<Record<string, string>>): Promise<void> {
  const whole = JSON.parse(await stack.ok("stack", "export")) as {
    deployment: { resources: { urn: string; inputs?: object; outputs?: object }[] };
  };
  for (const resource of whole.deployment.resources) {
    const label = labels[resource.urn.split("::").at(-1) ?? ""];
    if (label === undefined) continue;
    resource.inputs = { ...resource.inputs, label };
    resource.outputs = { ...resource.outputs, label };
  }
  stack.write("edited.json", JSON.stringify(whole));
  await stack.ok("stack", "import", "--file", "edited.json");
}

describe("tokens of a stack that was renamed", () => {
  it("are no orphans of a new stack under the old name, before and after an update or a move; what is lost is one", async () => {
    stack = await Stack.start(declare(token("server"), token("web")));
    await stack.up();
    await stack.ok("stack", "rename", "prod");
    await stack.ok("stack", "init", "dev");
    const held = { code: 0, left: [], cut: [], problems: [] };
    const prod = "organization/shop/prod";
    expect(await orphans("dev")).toEqual({ ...held, holders: [prod, prod] });
    const { stdout } = await commandLine(stack, ["orphans", "--stack", "dev"]);
    expect(stdout).toMatch(/^stack organization\/shop\/prod holds 2 valid tokens with a label of this stack: no orphan\. /);
    expect(stdout).toMatch(/\nNo orphan of organization\/shop\/dev\. Searched store abc123\.\n$/);

    stack.env["PULUMI_STACK"] = "prod";
    stack.requests();
    await stack.up();
    expect((await stack.token("web")).outputs["label"]).toBe(`${ORGANIZATION}/shop/prod/private/web`);
    expect(stack.requests()).toEqual([]);
    expect(await orphans("dev")).toEqual({ ...held, holders: [prod, prod] });

    await stack.ok("stack", "init", "test");
    const urn = await stack.urn("web");
    await stack.ok("state", "move", "--yes", "--source", "prod", "--dest", "test", urn);
    const after = await orphans("dev");
    expect({ ...after, holders: [...after.holders].sort() }).toEqual({ ...held, holders: [prod, "organization/shop/test"] });
    expect(await orphans("prod")).toEqual({ ...held, holders: [] });

    const lost = await lose(`${ORGANIZATION}/shop/dev/private/server`);
    expect(await orphans("dev")).toMatchObject({ code: 3, left: [lost] });
    expect(stack.live()).toHaveLength(3);
  }); // prettier-ignore
});

describe("a stack whose full name is long", () => {
  /** The shorter organization of the plugin leaves more room for the project. */
  const REST = HOST === "plugin" ? "infrastruc-" : "";
  const PROJECT = "storefront-infrastructure-of-the-international-shop-of-acme";

  it("has labels by which its orphans are found, also those that version 0.1.0 cut", async () => {
    const pulumiYaml = `name: ${PROJECT}\nruntime: { name: nodejs, options: { typescript: false } }\nmain: index.js\n`;
    stack = await Stack.start(declare(token("server")), { pulumiYaml });
    await stack.up();
    const place = { organization: ORGANIZATION, project: PROJECT, stack: "dev", kind: "private" } as const;
    const label = labelOf(place, "server");
    expect(label).toMatch(new RegExp(`^${ORGANIZATION}/storefront-${REST}[0-9a-f]{16}/server$`));
    expect((await stack.token("server")).outputs["label"]).toBe(label);
    expect(await orphans("dev")).toMatchObject({ code: 0, left: [] });

    const whole = `organization/${PROJECT}/dev/private/server`;
    const lost = await lose(labelOf(place, "web"));
    const older = await lose(`${whole.slice(0, 71)}-${sha(whole, 8)}`);
    expect(await orphans("dev")).toMatchObject({ code: 3, left: [lost, older], cut: [older] });
  });
});

describe("a label that is another one since the update of the package", () => {
  const OLD = {
    child: "organization/shop/dev/private/01234567-child",
    "two words": "organization/shop/dev/private/two-words-01234567",
  };
  const PROGRAM = [
    'const parent = new pulumi.ComponentResource("my:shop:Front", "front");',
    declare(token("child", "{ parent }")),
    `new PrivateToken("two words", ${JSON.stringify(token("").args)});`,
  ].join("\n");

  const start = async () => {
    stack = await Stack.start(PROGRAM);
    await stack.up();
    await relabel(OLD);
    expect((await stack.token("child")).outputs["label"]).toBe(OLD.child);
    stack.requests();
    return stack.live();
  };
  const labels = async () =>
    [await stack.token("child"), await stack.token("two words")].map(({ outputs }) => outputs["label"]);
  const NEW = [
    expect.stringMatching(/^organization\/shop\/dev\/private\/[0-9a-f]{16}-child$/),
    expect.stringMatching(/^organization\/shop\/dev\/private\/two-words-[0-9a-f]{16}$/),
  ];

  itOnClasses("is an in-place update without a request, and the token stays", async () => {
    const before = await start();
    await stack.up();
    expect(stack.requests()).toEqual([]);
    expect(stack.live()).toEqual(before);
    expect(await labels()).toEqual(NEW);
    await stack.up("--expect-no-changes");
    await stack.destroy();
    expect(stack.live()).toEqual([]);
  });

  itOnClasses("revokes the token that the same update replaces by force", async () => {
    const before = await start();
    await stack.up("--replace", await stack.urn("child"), "--replace", await stack.urn("two words"));
    expect(stack.requests().sort()).toEqual(["DELETE", "DELETE", "POST", "POST"]);
    expect(stack.live().filter((each) => before.includes(each))).toEqual([]);
  });
});
