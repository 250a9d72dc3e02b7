import { readFileSync } from "node:fs";
import { join } from "node:path";

import { HOMEPAGE } from "../../provider/homepage";
import { DAY, declare, type Declared, inDays } from "../support/program";
import { HOST, itOnClasses, Stack } from "../support/stack";

const PAGE = readFileSync(join(__dirname, "..", "..", "docs", "reference", "warnings.md"), "utf8");
/** As GitHub makes them. */
const ANCHORS = [...PAGE.matchAll(/^#+ (.*)$/gm)].map(([, title = ""]) =>
  title
    .toLowerCase()
    .replace(/[^\w\s-]/g, "")
    .replaceAll(" ", "-"),
);

const storefront = (name: string, args: Readonly<Record<string, unknown>>): Declared => ({
  kind: "StorefrontToken",
  name,
  args: { channelIds: [1], allowedCorsOrigins: ["https://shop.example.com"], ...args },
});
const server = (name: string, args: Readonly<Record<string, unknown>>): Declared => ({
  kind: "PrivateToken",
  name,
  args: { channelIds: [1], scopes: ["Unauthenticated"], ...args },
});
const support = (name: string, args: Readonly<Record<string, unknown>>): Declared => ({
  kind: "ImpersonationToken",
  name,
  args: { channelIds: [1], ...args },
});

/** Of the plugin, Pulumi prints the severity in front. */
const WARNING_LINE =
  HOST === "plugin"
    ? /warning: bigcommerce-tokens: \S+\/(\S+): (.*)$/gm
    : /bigcommerce-tokens: warning: \S+\/(\S+): (.*)$/gm;

/** The warnings in Pulumi's summary, which repeats what it showed before, each as often as it stands there. */
const warningsIn = (output: string) =>
  [...(output.split("Diagnostics:")[1] ?? "").matchAll(WARNING_LINE)].map(
    ([, name, text]) => `${name}: ${text}`,
  );

let stack: Stack;
afterEach(() => stack.close());

/** Of these, an update without a change still says what needs an action. */
const NEEDS_ACTION = ["open", "soon"];
const WORTH_A_THOUGHT: readonly (readonly [Declared, RegExp])[] = [
  [
    storefront("open", { allowedCorsOrigins: [], lifetime: "90d" }),
    /^open: has no allowedCorsOrigins: .*2026-06-30 works from no server, .* quoted .* without origins, .*2027-03-31\. A server needs a PrivateToken/,
  ],
  [server("years", { lifetime: "700d" }), /^years: lives for more than a year/],
  [server("forever", { expiresAt: "never" }), /^forever: never expires/],
  [support("months", { lifetime: "60d" }), /^months: lives for more than 30 days/],
  [
    server("soon", { expiresAt: inDays(20) }),
    /^soon: expires at \S+, and nothing rotates a token with a fixed expiresAt/,
  ],
  [server("hours", { lifetime: "90d", rotateBefore: "12h" }), /^hours: is rotated only in the last 24 hours/],
];

it("each input that is worth a second thought is told once, with the address of its heading, and nothing fails", async () => {
  stack = await Stack.start(declare(...WORTH_A_THOUGHT.map(([token]) => token)));
  for (const output of [await stack.ok("preview"), await stack.up()]) {
    const warnings = warningsIn(output);
    for (const [, expected] of WORTH_A_THOUGHT) {
      expect(warnings.filter((line) => expected.test(line))).toHaveLength(1);
    }
    expect(warnings).toHaveLength(WORTH_A_THOUGHT.length);
    for (const warning of warnings) {
      const [, address, anchor] =
        /\((\S+)\/blob\/main\/docs\/reference\/warnings\.md#([\w-]+)\)$/.exec(warning) ?? [];
      expect(address).toBe(HOMEPAGE);
      expect(ANCHORS).toContain(anchor);
    }
  }
  const later = warningsIn(await stack.up("--expect-no-changes")).map((line) => line.split(":")[0]);
  expect(later.sort()).toEqual(NEEDS_ACTION);
  expect(stack.live()).toHaveLength(WORTH_A_THOUGHT.length);
});

it("a program that is in order is told nothing", async () => {
  stack = await Stack.start(
    declare(
      storefront("web", { lifetime: "30d" }),
      server("server", { lifetime: "90d", rotateBefore: "30d" }),
      support("support", { lifetime: "30d" }),
      server("fixed", { expiresAt: inDays(200) }),
    ),
  );
  expect(warningsIn(await stack.up())).toEqual([]);
});

itOnClasses(
  "a rotation says how little time it leaves, and one that protect refuses says since when it is due",
  async () => {
    const program = (channelIds: readonly number[], opts?: string) =>
      declare({
        ...server("server", { channelIds, lifetime: "30d", rotateBefore: "10d" }),
        ...(opts && { opts }),
      });
    stack = await Stack.start(program([1]));
    await stack.up();
    stack.advance(28.5 * DAY);
    stack.program(program([1, 2]));
    const LITTLE =
      /^server: token [0-9a-f]{16} works only until \S+: deploy the new token before then \(https:\S+\/warnings\.md#short-overlaps\)$/;
    expect(warningsIn(await stack.up())).toEqual([expect.stringMatching(LITTLE)]);
    stack.program(program([1, 2], "{ protect: true }"));
    await stack.up();
    stack.advance(21 * DAY);
    const refused = await stack.upFails();
    expect(refused).toMatch(/unable to replace resource/);
    expect(warningsIn(refused)).toEqual([
      expect.stringMatching(
        /^server: token [0-9a-f]{16} is due since \d{4}-\d\d-\d\dT00:00:00Z and cannot be rotated, because the resource is protected: remove protect \(https:\S+\/warnings\.md#due-rotations\)$/,
      ),
    ]);
  },
);
