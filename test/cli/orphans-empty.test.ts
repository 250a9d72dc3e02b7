import type { IssuedToken } from "../../emulator";
import { commandIn, Store } from "./issuing";
import type { FakeWorldOptions, Told } from "./fake-world";

let store: Store;
const orphans = commandIn(() => store, "orphans");

const REFUSED =
  /the state does not tell the stack's full name, .* give it as --stack organization\/project\/stack\n$/;
const CLOUD = "https://api.pulumi.com/root";
const PROJECT = { "/Pulumi.yaml": "# the shop\nname: shop # not blog\nruntime: nodejs\n" };

interface Backend {
  readonly url?: string;
  /** What `pulumi stack ls --json` lists. */
  readonly listed: readonly object[];
  readonly files?: Readonly<Record<string, string>>;
}

/** A store with one orphan; the state of the stack is empty, as after a destroy. */
async function lost(listName = "organization/shop/staging/private/server"): Promise<IssuedToken> {
  store = await Store.open();
  const orphan = await store.mint({ listName: `${listName}#${"0af1".repeat(8)}` });
  store.emulator.clock.advance(7_200);
  return orphan;
}

function look(
  args: readonly string[],
  { url = "file:///backend", listed, files = PROJECT }: Backend,
  rest: FakeWorldOptions = {},
): Promise<Told> {
  return orphans(args, {
    files,
    pulumi: ([verb, noun]) => {
      if (verb === "whoami") return { stdout: JSON.stringify({ url }) };
      if (noun === "ls") return { stdout: JSON.stringify(listed) };
      if (noun === "export") return { stdout: JSON.stringify({ version: 3, deployment: { metadata: {} } }) };
      return { stdout: "{}" };
    },
    ...rest,
  });
}

const NAMED = ["--stack", "staging"];
const DEV = { name: "dev", current: true };
const STAGING = { name: "staging", current: false };

describe("in a backend without organizations, a stack whose state is empty", () => {
  it.each<[string, readonly string[], readonly object[]]>([
    ["that is named is one of the project at hand", NAMED, [DEV, STAGING]],
    ["that is selected is one of the project at hand", [], [{ ...DEV, current: false }, { ...STAGING, current: true }]],
    ["is known by its whole name, where it is listed so", ["--stack", "organization/staging"], [DEV, { name: "organization/shop/staging" }]],
  ])("%s", async (_, args, listed) => {
    const { jti = "" } = await lost();
    const { code, stdout } = await look(args, { listed });
    expect(code).toBe(3);
    expect(stdout).toContain(jti);
    expect(stdout).toMatch(/\n1 orphan of organization\/shop\/staging: /);
  }); // prettier-ignore

  it("has the orphans of no other project", async () => {
    await lost("organization/blog/staging/private/server");
    const { code, stdout } = await look(NAMED, { listed: [DEV, STAGING] });
    expect([code, stdout]).toEqual([0, "No orphan of organization/shop/staging.\n"]);
  });

  it.each<[string, Backend]>([
    ["it is not listed", { listed: [DEV] }],
    ["there is no project", { listed: [STAGING], files: {} }],
    ["the project's file is no YAML", { listed: [STAGING], files: { ...PROJECT, "/program/Pulumi.json": '{"name":"blog"}' } }],
    ["the project's name cannot be one", { listed: [STAGING], files: { "/program/Pulumi.yaml": "name: 'a b'\n" } }],
  ])("is not guessed where %s", async (_, backend) => {
    await lost();
    const { code, stdout, stderr } = await look(NAMED, backend);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(REFUSED);
    expect(store.requests()).toEqual([]);
  }); // prettier-ignore
});

describe("in Pulumi Cloud, a stack whose state is empty", () => {
  const at = (organization: string, name: string, rest: object = {}) => ({
    ...{ name, current: false, url: `https://app.pulumi.com/${organization}/shop/staging`, ...rest },
  });

  it.each<[string, readonly string[], readonly object[]]>([
    ["that is named", NAMED, [at("acme", "staging"), at("other", "other/staging")]],
    ["that is named with its organization", ["--stack", "acme/staging"], [at("acme", "staging"), at("other", "other/staging")]],
    ["that is selected", [], [at("acme", "staging", { current: true }), at("other", "other/staging")]],
  ])("%s is known by its address", async (_, args, listed) => {
    const { jti = "" } = await lost("acme/shop/staging/private/server");
    const { code, stdout } = await look(args, { url: CLOUD, listed, files: {} });
    expect(code).toBe(3);
    expect(stdout).toContain(jti);
    expect(stdout).toMatch(/\n1 orphan of acme\/shop\/staging: /);
  }); // prettier-ignore

  it.each<[string, readonly object[]]>([
    ["has no address", [at("acme", "staging", { url: undefined })]],
    ["is listed under another organization alone", [at("other", "other/staging")]],
  ])("is not guessed where it %s", async (_, listed) => {
    await lost("acme/shop/staging/private/server");
    const { code, stderr } = await look(NAMED, { url: CLOUD, listed });
    expect(code).toBe(1);
    expect(stderr).toMatch(REFUSED);
  });
});

it("says that no store was looked into, where neither the state nor the configuration names one", async () => {
  await lost();
  const { BIGCOMMERCE_STORE_HASH: _, ...env } = store.env;
  const { code, stdout } = await look(NAMED, { listed: [STAGING] }, { env });
  expect(code).toBe(1);
  expect(stdout).toBe(
    "no store was looked into, because neither the state nor the configuration names one: say --store HASH\n\n" +
      "No orphan of organization/shop/staging was found in what could be looked through.\n",
  );
  expect((await look([...NAMED, "--store", "abc123"], { listed: [STAGING] }, { env })).code).toBe(3);
});
