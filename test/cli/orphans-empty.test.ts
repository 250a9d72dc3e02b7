import type { IssuedToken } from "../../emulator";
import { commandIn, Store } from "./issuing";
import type { FakeSystemOptions, Told } from "./fake-system";

let store: Store;
const orphans = commandIn(() => store, "orphans");

interface Backend {
  /** What `pulumi stack --show-name --fully-qualify-stack-names` prints. */
  readonly name: string;
  readonly files?: Readonly<Record<string, string>>;
}

const PROJECT = { "/Pulumi.yaml": "# the shop\nname: shop # not blog\nruntime: nodejs\n" };
/** A backend of files of before 2023. */
const LEGACY: Backend = { name: "staging", files: PROJECT };

/** A store with one orphan; the state of the stack is empty, as after a destroy. */
async function lost(listName: string): Promise<IssuedToken> {
  store = await Store.open();
  const orphan = await store.mint({ listName: `${listName}#${"0af1".repeat(8)}` });
  store.emulator.clock.advance(7_200);
  return orphan;
}

function look(
  { name, files = {} }: Backend,
  args: readonly string[] = [],
  rest: FakeSystemOptions = {},
): Promise<Told> {
  return orphans(args, {
    files,
    pulumi: ([verb, noun]) => {
      if (verb === "whoami") return { stdout: JSON.stringify({ url: "file:///backend" }) };
      if (noun === "--show-name") return { stdout: `${name}\n` };
      if (noun === "ls") return { stdout: JSON.stringify([{ name }]) };
      if (noun === "export") return { stdout: JSON.stringify({ version: 3, deployment: { metadata: {} } }) };
      return { stdout: "{}" };
    },
    ...rest,
  });
}

describe("a stack whose state is empty", () => {
  it.each<[string, string, Backend]>([
    ["in a backend of files", "organization/shop/staging", { name: "organization/shop/staging" }],
    ["in Pulumi Cloud", "acme/shop/staging", { name: "acme/shop/staging" }],
    ["in a backend that knows no projects", "organization/shop/staging", LEGACY],
  ])("%s is known by its full name", async (_, full, backend) => {
    const { jti = "" } = await lost(`${full}/private/server`);
    const { code, stdout } = await look(backend);
    expect(code).toBe(3);
    expect(stdout).toContain(jti);
    expect(stdout).toContain(`\n1 orphan of ${full}: no state that you can read holds it`);
  });

  it.each(["organization/blog/staging", "organization/shop/dev", "acme/shop/staging"])(
    "has no orphan of %s",
    async (full) => {
      await lost(`${full}/private/server`);
      const { code, stdout } = await look({ name: "organization/shop/staging" });
      expect([code, stdout]).toEqual([0, "No orphan of organization/shop/staging. Searched store abc123.\n"]);
    },
  );

  it.each<[string, Backend]>([
    ["there is no project", { ...LEGACY, files: {} }],
    ["the project's file is no YAML", { ...LEGACY, files: { ...PROJECT, "/program/Pulumi.json": '{"name":"blog"}' } }],
    ["the project's name cannot be one", { ...LEGACY, files: { "/program/Pulumi.yaml": "name: 'a b'\n" } }],
  ])("is not guessed in a backend that knows no projects, where %s", async (_, backend) => {
    await lost("organization/shop/staging/private/server");
    const { code, stdout, stderr } = await look(backend);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/neither the stack's state nor a Pulumi.yaml tells its project, [^\n]+: run this in the program's folder\n$/);
    expect(store.requests()).toEqual([]);
  }); // prettier-ignore
});
