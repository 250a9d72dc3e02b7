import { DAY, declare, type Declared } from "../support/program";
import { Stack } from "../support/stack";

const token = (name: string, args: Readonly<Record<string, unknown>> = {}, opts?: string): Declared => ({
  kind: "PrivateToken",
  name,
  args: {
    channelIds: [1],
    scopes: ["Customer"],
    lifetime: "90d",
    onDelete: "letExpire",
    overlap: "always",
    ...args,
  },
  ...(opts !== undefined && { opts }),
});

const program = (trigger: string) =>
  declare(
    token("replaced"),
    token("tainted"),
    token("triggered", {}, `{ replacementTrigger: "${trigger}" }`),
    token("follower", {}, "{ replaceWith: [triggered] }"),
    token("refreshed"),
  );

describe("a forced replacement revokes, whatever onDelete and overlap say", () => {
  let stack: Stack;
  const old: Record<string, string> = {};

  beforeAll(async () => {
    stack = await Stack.start(program("one"));
    await stack.up();
    for (const { urn, outputs } of await stack.tokens()) {
      old[urn.split("::").at(-1) ?? ""] = String(outputs["fingerprint"]);
    }
    stack.requests();
  });
  afterAll(() => stack.close());

  it("by --replace, state taint, replacementTrigger and replaceWith", async () => {
    await stack.ok("state", "taint", "--yes", await stack.urn("tainted"));
    stack.program(program("two"));
    await stack.up("--replace", await stack.urn("replaced"));
    expect(stack.requests().sort()).toEqual([
      ...Array<string>(4).fill("DELETE"),
      ...Array<string>(4).fill("POST"),
    ]);
    for (const name of ["replaced", "tainted", "triggered", "follower"]) {
      expect(stack.live()).not.toContain(old[name]);
      expect((await stack.token(name)).outputs["previous"]).toBeUndefined();
    }
    expect(stack.live()).toContain(old["refreshed"]);
  });

  it("by up --refresh --replace", async () => {
    await stack.up("--refresh", "--replace", await stack.urn("refreshed"));
    expect(stack.requests()).toEqual(["POST", "DELETE"]);
    expect(stack.live()).not.toContain(old["refreshed"]);
  });

  it("takes a live predecessor along, because the new state does not name it", async () => {
    stack.advance(61 * DAY);
    await stack.up();
    const rotated = await stack.token("replaced");
    const predecessor = rotated.outputs["previous"] as { fingerprint: string };
    expect(stack.live()).toContain(predecessor.fingerprint);
    stack.requests();
    await stack.up("--replace", rotated.urn);
    expect(stack.requests()).toEqual(["POST", "DELETE", "DELETE"]);
    expect(stack.live()).not.toContain(predecessor.fingerprint);
    expect(stack.live()).not.toContain(rotated.outputs["fingerprint"]);
  });
});
