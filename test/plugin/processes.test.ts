import { mintByHand } from "../support/by-hand";
import { declare, type Declared } from "../support/program";
import { Stack } from "../support/stack";

const server = (channelIds: readonly number[], opts?: string, more = {}): Declared => ({
  ...{ kind: "PrivateToken", name: "server", ...(opts !== undefined && { opts }) },
  args: { channelIds, scopes: ["Customer"], lifetime: "90d", ...more },
});
const PROVIDER =
  'const { Provider } = require("../plugin-classes.cjs"); const own = new Provider("own", {});\n';

let stack: Stack;
afterEach(() => stack.close());

/** Each switches to another provider resource, and so to another process, in the update that replaces the token. */
describe.each([
  ["the default provider's version changes", "", '{ version: "0.1.0" }', "", '{ version: "0.1.1" }'],
  ["an explicit provider takes its place", "", undefined, PROVIDER, "{ provider: own }"],
  ["it goes from an explicit provider to the default one", PROVIDER, "{ provider: own }", "", undefined],
])("a token is replaced as %s", (_, before, optsBefore, after, optsAfter) => {
  it("and the old one works until it expires, as the preview said", async () => {
    stack = await Stack.start(before + declare(server([1], optsBefore)), { host: "plugin" });
    await stack.up();
    const [old] = stack.live();
    stack.requests();
    stack.program(after + declare(server([1, 2], optsAfter)));
    expect(await stack.ok("preview")).toContain(`token ${old} works until`);
    await stack.up();
    expect(stack.requests()).toEqual(["POST"]);
    expect(stack.live()).toContain(old);
    expect(stack.live()).toHaveLength(2);
  });

  it("and the old one is revoked if rights are taken, whatever onDelete says", async () => {
    const kept = { onDelete: "letExpire" };
    stack = await Stack.start(before + declare(server([1, 2], optsBefore, kept)), { host: "plugin" });
    await stack.up();
    stack.requests();
    stack.program(after + declare(server([1], optsAfter, kept)));
    await stack.up();
    expect(stack.requests()).toEqual(["POST", "DELETE"]);
    expect(stack.live()).toHaveLength(1);
  });
});

it("a token that a resource of another process adopts is not revoked by the removal of the first one", async () => {
  stack = await Stack.start("", { host: "plugin" });
  const byHand = await mintByHand(stack.emulator, {
    ...{
      store: stack.store,
      credential: stack.env["BIGCOMMERCE_ACCESS_TOKEN"] ?? "",
      family: "api-token-private",
    },
    ...{ endsInDays: 80, body: { channel_ids: [1], scopes: ["Customer"] } },
  });
  await stack.ok("config", "set", "--secret", "byHand", byHand);
  const adopting = (name: string, opts: string) =>
    `new PrivateToken("${name}", { adopt: new pulumi.Config().requireSecret("byHand"), channelIds: [1],` +
    ` scopes: ["Customer"], lifetime: "90d" }, ${opts});`;
  stack.program(adopting("server", "{}"));
  await stack.up();
  const live = stack.live();
  stack.requests();
  stack.program(PROVIDER + adopting("web", "{ provider: own }"));
  expect(await stack.up()).toContain(
    `token ${live[0]} is not revoked, because -/shop/dev/private/web holds it`,
  );
  expect(stack.requests()).not.toContain("DELETE");
  expect(stack.live()).toEqual(live);
  await stack.destroy();
  expect(stack.live()).toEqual([]);
});
