import { DAY, declare, type Declared } from "../support/program";
import { Stack } from "../support/stack";

const token = (name: string, args: Readonly<Record<string, unknown>>): Declared => ({
  kind: "PrivateToken",
  name,
  args: { channelIds: [1], scopes: ["Customer"], lifetime: "90d", ...args },
});

describe("rotation as time passes", () => {
  let stack: Stack;
  const first: Record<string, string> = {};
  const fingerprint = async (name: string) => String((await stack.token(name)).outputs["fingerprint"]);

  beforeAll(async () => {
    stack = await Stack.start(
      declare(
        token("steady", { rotateBefore: "30d" }),
        token("narrower", { rotateBefore: "30d" }),
        token("wider", { rotateBefore: "10d" }),
        token("idle", { rotateBefore: "10d" }),
      ),
    );
    await stack.up();
    for (const name of ["steady", "narrower", "wider", "idle"]) first[name] = await fingerprint(name);
    stack.advance(70 * DAY);
    stack.program(
      declare(
        token("steady", { rotateBefore: "30d" }),
        token("narrower", { rotateBefore: "10d" }),
        token("wider", { rotateBefore: "30d" }),
        token("idle", { rotateBefore: "10d" }),
      ),
    );
    stack.requests();
    await stack.up();
  });
  afterAll(() => stack.close());

  it("rotates what is due, and what a widened window makes due, and leaves both old tokens to expire", async () => {
    expect(stack.requests()).toEqual(["POST", "POST"]);
    expect(await fingerprint("steady")).not.toBe(first["steady"]);
    expect(await fingerprint("wider")).not.toBe(first["wider"]);
    expect(stack.live()).toEqual(expect.arrayContaining([first["steady"], first["wider"]]));
  });

  it("mints nothing where the window was narrowed with 20 days left, nor for a token that is not due", async () => {
    expect(await fingerprint("narrower")).toBe(first["narrower"]);
    expect(await fingerprint("idle")).toBe(first["idle"]);
    expect((await stack.token("narrower")).outputs["rotateBefore"]).toBe("10d");
  });

  it("ends the older predecessor of two replacements in one overlap, and says so in the preview", async () => {
    const second = await fingerprint("steady");
    stack.program(
      declare(
        token("steady", { rotateBefore: "30d", channelIds: [1, 2] }),
        token("narrower", { rotateBefore: "10d" }),
        token("wider", { rotateBefore: "30d" }),
        token("idle", { rotateBefore: "10d" }),
      ),
    );
    const preview = await stack.ok("preview");
    expect(preview).toContain(`token ${second} works until`);
    expect(preview).toContain(`previous token ${first["steady"]} will be revoked at the end of this update`);
    await stack.up();
    expect(stack.requests()).toEqual(["POST", "DELETE"]);
    expect(stack.live()).not.toContain(first["steady"]);
    expect(stack.live()).toContain(second);
  });

  it("mints anew after 200 days without an up, and sends nothing for tokens that expired long ago", async () => {
    stack.advance(200 * DAY);
    await stack.up();
    expect(stack.requests()).toEqual(["POST", "POST", "POST", "POST"]);
    for (const { outputs } of await stack.tokens()) expect(outputs["previous"]).toBeUndefined();
  });

  it("[R9] needs no credential to destroy what expired more than a day ago", async () => {
    stack.advance(100 * DAY);
    delete stack.env["BIGCOMMERCE_ACCESS_TOKEN"];
    const output = await stack.destroy();
    expect(stack.requests()).toEqual([]);
    expect(output).toMatch(/bigcommerce-tokens: expired \S+\/steady /);
  });
});
