import { declare, type Declared } from "../support/program";
import { ORGANIZATION, Stack } from "../support/stack";

const token = (name: string): Declared => ({
  kind: "PrivateToken",
  name,
  args: { channelIds: [1], scopes: ["Customer"], lifetime: "90d" },
});

describe("tokens that ask for the same", () => {
  let stack: Stack;
  afterEach(() => stack.close());

  it("[E18] of two resources are two tokens with an id each, and end each by itself", async () => {
    stack = await Stack.start(declare(token("one"), token("two")));
    await stack.up();
    const [one, two] = [await stack.token("one"), await stack.token("two")];
    expect(one.id).not.toBe(two.id);
    expect(one.outputs["fingerprint"]).not.toBe(two.outputs["fingerprint"]);
    expect(stack.live()).toHaveLength(2);

    stack.program(declare(token("two")));
    await stack.up();
    expect(stack.live()).toEqual([two.outputs["fingerprint"]]);
  });

  it("[E19] of two stacks in one store are independent, rotation and destroy included", async () => {
    stack = await Stack.start(declare(token("server")));
    const minted = (index: number) => stack.emulator.issued[index]?.fingerprint;
    await stack.up();
    stack.env["PULUMI_STACK"] = "prod";
    await stack.ok("stack", "init", "prod");
    await stack.up();
    expect(stack.live()).toEqual([minted(0), minted(1)]);
    const labels = stack.emulator.issued.map(({ name }) => name?.split("#")[0]);
    expect(labels).toEqual(["dev", "prod"].map((name) => `${ORGANIZATION}/shop/${name}/private/server`));
    expect(stack.output).not.toContain("the store also holds");

    await stack.up("--replace", await stack.urn("server"));
    expect(stack.live()).toEqual([minted(0), minted(2)]);
    await stack.destroy();
    expect(stack.live()).toEqual([minted(0)]);
    stack.env["PULUMI_STACK"] = "dev";
    await stack.up("--expect-no-changes");
    await stack.destroy();
    expect(stack.live()).toEqual([]);
  });
});

describe("inputs that are secret", () => {
  it("[U5] work as others do, and stay secret in the state", async () => {
    const program = `
      new PrivateToken("server", {
        channelIds: pulumi.secret([2, 1]), scopes: ["Customer", pulumi.secret("B2B")],
        lifetime: pulumi.secret("90d"), storeHash: pulumi.secret("abc123"), onDelete: pulumi.secret("revoke"),
      });`;
    const stack = await Stack.start(program);
    try {
      await stack.up();
      expect(stack.emulator.issued).toMatchObject([{ channelIds: [1, 2], scopes: ["B2B", "Customer"] }]);
      const { inputs, outputs } = await stack.token("server");
      for (const bag of [inputs, outputs]) {
        for (const name of ["channelIds", "scopes", "lifetime", "storeHash", "onDelete"]) {
          expect([name, bag[name]]).toEqual([
            name,
            expect.objectContaining({ ciphertext: expect.any(String) }),
          ]);
        }
      }
      expect(outputs["token"]).toHaveProperty("ciphertext");
      await stack.up("--expect-no-changes");
      await stack.destroy();
      expect(stack.live()).toEqual([]);
    } finally {
      await stack.close();
    }
  });
});
