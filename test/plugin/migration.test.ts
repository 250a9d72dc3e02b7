import { declare, type Declared } from "../support/program";
import { type Host, Stack } from "../support/stack";

const server = (args: Readonly<Record<string, unknown>> = {}, opts?: string): Declared => ({
  ...{ kind: "PrivateToken", name: "server", ...(opts !== undefined && { opts }) },
  args: { channelIds: [1, 2], scopes: ["Customer"], lifetime: "90d", ...args },
});
const OTHER: Readonly<Record<Host, Host>> = { dynamic: "plugin", plugin: "dynamic" };
const TYPE: Readonly<Record<Host, string>> = {
  dynamic: "pulumi-nodejs:dynamic/bigcommerce:PrivateToken",
  plugin: "bigcommerce:index:PrivateToken",
};

let stack: Stack;
afterEach(() => stack.close());

describe.each<Host>(["dynamic", "plugin"])("a token declared in the %s form", (from) => {
  const to = OTHER[from];
  /** The way back needs the alias that the plugin's classes have by themselves. */
  const alias = to === "dynamic" ? `{ aliases: [{ type: "${TYPE.plugin}" }] }` : undefined;

  beforeEach(async () => {
    stack = await Stack.start(declare(server()), { host: from });
    await stack.up();
    stack.requests();
  });

  it("moves to the other form in place: nothing is sent, and the next update changes nothing", async () => {
    const before = await stack.token("server");
    stack.use(to);
    stack.program(declare(server({}, alias)));
    await stack.up();
    expect(stack.requests()).toEqual([]);
    const after = await stack.token("server");
    expect(after.urn).toContain(TYPE[to]);
    expect(after.id).toBe(before.id);
    expect(after.outputs["fingerprint"]).toBe(before.outputs["fingerprint"]);
    expect(after.outputs).toMatchObject({
      label: `${to === "plugin" ? "-" : "organization"}/shop/dev/private/server`,
    });
    if (to === "plugin") expect(Object.keys(after.outputs)).not.toContain("__provider");
    expect(await stack.up()).toMatch(/2 unchanged/);
    await stack.destroy();
    expect(stack.requests()).toEqual(["DELETE"]);
    expect(stack.live()).toEqual([]);
  });

  it("keeps its promise if the same update replaces it: the old token works until it expires", async () => {
    const old = stack.live();
    stack.use(to);
    stack.program(declare(server({ channelIds: [1, 2, 3] }, alias)));
    const preview = await stack.ok("preview");
    expect(preview).toContain(`token ${old[0]} works until`);
    await stack.up();
    expect(stack.requests()).toEqual(["POST"]);
    expect(stack.live()).toEqual(expect.arrayContaining(old));
    expect(stack.live()).toHaveLength(2);
  });

  it("loses rights if the same update takes them: the old token is revoked", async () => {
    stack.use(to);
    stack.program(declare(server({ channelIds: [1], onDelete: "letExpire" }, alias)));
    await stack.up();
    expect(stack.requests()).toEqual(["POST", "DELETE"]);
    expect(stack.live()).toEqual([(await stack.token("server")).outputs["fingerprint"]]);
  });
});
