import { catchAt, killAt } from "../support/crash";
import { Losses, recorded } from "../support/crash-losses";
import { scoped, UP } from "../support/crash-points";
import { declare } from "../support/program";
import { HOST, Stack } from "../support/stack";

/** Those of the plugin stand on the rows of its resources. */
const NOTICES = HOST === "plugin" ? "(?:bigcommerce-tokens: .*\\s+)*" : "";

let stack: Stack;
let losses: Losses;

beforeEach(async () => {
  stack = await Stack.start(scoped(1));
  losses = new Losses(stack);
});
afterEach(() => stack.close());

it.each([
  { what: "exits when the answer comes", step: "create:POST:answered", how: "exit" },
  { what: "runs out of memory with a token in it", step: "create:returning", how: "exhaust" },
] as const)(
  "[K8] a provider that $what fails the update, leaves one token behind, and the next up mints",
  async (place) => {
    const caught = await catchAt(stack, place, ...UP);
    const { code, output } = await caught.ended;
    expect(code).not.toBe(0);
    expect(output).toContain("error: error reading from server: EOF");
    expect(output.includes("JavaScript heap out of memory")).toBe(place.how === "exhaust");
    expect(recorded(stack)).toEqual({ tokens: [], pending: [] });
    losses.expectMore(1);
    losses.expectNamed(await stack.up());
    losses.expectRestLive();
  },
);

it("[K8] a rejection that nobody handles is printed, and the token is recorded all the same", async () => {
  const caught = await catchAt(stack, { step: "create:POST:answered", how: "reject" }, ...UP);
  const { code, output } = await caught.ended;
  expect(code).toBe(0);
  // The engine hides what a plugin writes to standard error.
  expect(output.includes("Error: a rejection that nobody handles")).toBe(HOST === "dynamic");
  expect(stack.emulator.issued).toHaveLength(1);
  losses.expectMore(0);
  losses.expectRestLive();
});

it("[K16] without a credential every token fails, and nothing is sent", async () => {
  const names = ["a", "b", "c"];
  const args = { channelIds: [1], scopes: ["Customer"], lifetime: "90d" };
  stack.program(names.map((name) => declare({ kind: "PrivateToken", name, args })).join("\n"));
  stack.env["BIGCOMMERCE_ACCESS_TOKEN"] = undefined;
  const output = await stack.upFails("--continue-on-error");
  for (const name of names)
    expect(output).toMatch(
      new RegExp(`PrivateToken \\(${name}\\):\\s+${NOTICES}error: no credential for store abc123: `),
    );
  expect(stack.emulator.requests).toEqual([]);
});

it.each(["provider", "CLI"] as const)(
  "[K1] a %s that is killed while the store's list is read leaves nothing behind, and the next up mints",
  async (victim) => {
    await killAt(stack, victim, { fault: { kind: "hang", method: "GET" } }, ...UP);
    expect(stack.emulator.issued).toEqual([]);
    await stack.up();
    expect(stack.emulator.issued).toHaveLength(1);
    losses.expectRestLive();
  },
);
