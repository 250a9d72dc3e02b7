import { effectLine } from "../support/effect-line";
import { audited, outline, type Recorded } from "./histories";
import { day, exported, NOW, previous, printOf, token } from "./states";
import { cli } from "./fake-system";

const A = printOf("a");
const LABEL = "acme/shop/dev/private/a";
const SUCCESSOR = token("a", {
  id: "jti-b",
  outputs: { fingerprint: printOf("b"), previous: previous("a", { fate: "revoke", expiresAt: day(60) }) },
});
const FIRST: Recorded = { day: -30, tokens: [token("a")], changes: { create: 2 } };
const GONE: Recorded = { day: -5, tokens: [], changes: { delete: 1 } };

function logged(at: number, message: string): string {
  return JSON.stringify({
    sequence: 7,
    timestamp: NOW + at * 86_400,
    diagnosticEvent: { message, severity: "info#err" },
  });
}

const ACCEPTED = `bigcommerce-tokens: ${effectLine("revoke accepted", LABEL, A, day(60))}`;
const LEFT = `bigcommerce-tokens: ${effectLine("left to expire", LABEL, A, day(60))}`;
const REFUSED = `bigcommerce-tokens: warning: token ${A} of ${LABEL} was not revoked and may work until ${day(60)}: Deleting a token: refused.`;

async function toldWith(updates: readonly Recorded[], ...logs: readonly (readonly string[])[]) {
  const files = Object.fromEntries(logs.map((lines, at) => [`${at}.jsonl`, lines.join("\n")]));
  return audited(updates, Object.keys(files).flatMap((file) => ["--events", file]), { files }); // prettier-ignore
}

it("a predecessor of before the history is told as the provider's line has it", async () => {
  const told = await toldWith([{ day: -5, tokens: [SUCCESSOR], changes: { replace: 1 } }], [logged(-5, ACCEPTED)]); // prettier-ignore
  expect(outline(told)).toEqual([
    "minted a (confirmed)",
    "minted a (confirmed)",
    "revoked a (accepted)",
  ].sort()); // prettier-ignore
  expect(JSON.stringify(told)).not.toContain('"ended"');
});

it.each([
  ["refused before", [logged(-5, REFUSED), logged(-2, ACCEPTED)], "failed a (confirmed)"],
  ["expected only", [logged(-2, ACCEPTED)], "ended a (inferred)"],
])("a revocation that was %s is told once it is accepted", async (_, log, before) => {
  const told = await toldWith([FIRST, GONE], log);
  expect(outline(told)).toEqual(["minted a (confirmed)", before, "revoked a (accepted)"]);
  expect(told.tokens?.[0]?.end).toMatchObject({ how: "revoked", evidence: "accepted", time: day(-2) });
});

it.each([
  ["one after the other", [[logged(-20, LEFT)], [logged(-5, ACCEPTED)]]],
  ["the later one first", [[logged(-5, ACCEPTED)], [logged(-20, LEFT)]]],
])("logs may be given in any order: %s", async (_, logs) => {
  const rotated = token("a", { id: "jti-b", outputs: { fingerprint: printOf("b"), channelIds: [1, 2], previous: previous("a", { expiresAt: day(60) }) } }); // prettier-ignore
  const told = await toldWith([FIRST, { day: -20, tokens: [rotated], changes: { replace: 1 } }, { ...GONE, tokens: [] }], ...logs); // prettier-ignore
  expect(outline(told)).toEqual([
    ...["minted a (confirmed)", "replaced a (confirmed)", "left to expire a (inferred)"],
    ...["ended a (inferred)", "revoked a (accepted)"],
  ]);
});

it("a token that a restored state brings back is in the state again", async () => {
  const told = await audited([FIRST, { ...GONE, changes: { same: 2 } }, { day: -4, tokens: [token("a")] }]);
  expect(outline(told)).toEqual(["minted a (confirmed)", "drifted a (inferred)", "drifted a (inferred)"]);
  expect(told.events[2]?.detail).toMatch(/is in the state again, for example after `pulumi stack import`/);
  expect(told.tokens?.[0]).not.toHaveProperty("end");
});

it("a restored state does not bring back a token whose revocation was accepted", async () => {
  const told = await toldWith([FIRST, GONE, { day: -4, tokens: [token("a")] }], [logged(-5, ACCEPTED)]);
  expect(outline(told)).toEqual(["minted a (confirmed)", "revoked a (accepted)"]);
  expect(told.tokens?.[0]?.end).toMatchObject({ how: "revoked", evidence: "accepted" });
});

it("what a message says is told, but no token in it", async () => {
  const secret = `eyJ0eXAiOiJKV1QifQ.${"a".repeat(40)}.${"b".repeat(40)}`;
  const { events } = await audited([{ ...FIRST, message: `rotate\n\nafter ${secret} leaked` }]);
  expect(events[0]?.update?.["message"]).toBe("rotate\n\nafter *** leaked");
});

it("JSON holds no character that a terminal obeys, and loses none", async () => {
  const message = "a\u009b31m \u202e \u{e0001} \u2028 b";
  const told = await cli(["audit", "diff", "a.json", "b.json", "--format", "json"], {
    now: NOW,
    files: { "a.json": exported(), "b.json": exported(token(message)) },
  });
  expect(told.stdout).not.toMatch(/[\x7f-\x9f\p{Cf}\p{Zl}\p{Zp}]/u);
  expect((JSON.parse(told.stdout) as { events: { token: unknown }[] }).events[0]?.token).toMatchObject({ resource: message }); // prettier-ignore
});

it.each([1e15, -5, NaN, 1e300])("a time that is none is left out: %d", async (time) => {
  const log = JSON.stringify({ sequence: 7, timestamp: time, diagnosticEvent: { message: ACCEPTED } });
  const told = await toldWith([FIRST, { ...GONE, startTime: time }], [log]);
  expect(told.events.at(-1)).toMatchObject({ what: "revoked", time: day(-5) });
});

describe("audit diff", () => {
  const dated = (days: number, ...tokens: readonly ReturnType<typeof token>[]) =>
    exported(...tokens).replaceAll(`"time": "${day(-1)}"`, `"time": "${day(days)}"`);
  const diff = async (before: string, after: string, format: string) =>
    cli(["audit", "diff", "a.json", "b.json", "--format", format], {
      ...{ now: NOW, files: { "a.json": before, "b.json": after } },
    });

  it("names no update, because there is none", async () => {
    for (const format of ["table", "json", "markdown", "html"]) {
      const { code, stdout } = await diff(dated(-5, token("x")), dated(-2, SUCCESSOR), format);
      expect(code).toBe(0);
      expect(stdout).not.toMatch(/update 0|"update":|"updates":|in 2 updates|<dt>updates/);
    }
    expect((await diff(dated(-5, token("x")), dated(-2, SUCCESSOR), "table")).stdout).toMatch(
      /\n4 events between the two exports\.\n$/,
    );
  });

  it("refuses exports of two stacks, and names both", async () => {
    const prod = dated(-2, token("x", { stack: "prod", id: "jti-prod", outputs: { fingerprint: printOf("prod") } })).replaceAll(":dev::", ":prod::"); // prettier-ignore
    const { code, stdout, stderr } = await diff(dated(-5, token("x")), prod, "table");
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(
      /^[^\n]+: audit diff compares two exports of one stack: these are of shop\/dev and shop\/prod\n$/,
    );
  });

  it("takes a stack that was renamed for the same, by its tokens, and an empty export for any", async () => {
    const renamed = dated(-2, token("x", { stack: "prod" })).replaceAll(":dev::", ":prod::");
    const told = await diff(dated(-5, token("x")), renamed, "table");
    expect(told).toMatchObject({ code: 0, stdout: "0 events between the two exports.\n" });
    const empty = JSON.stringify({ version: 3, deployment: { manifest: { time: day(-1) } } });
    expect(await diff(renamed, empty, "table")).toMatchObject({ code: 0, stderr: "" });
  });

  it("refuses what is the wrong way round", async () => {
    const { code, stdout, stderr } = await diff(dated(-2, token("a")), dated(-5), "table");
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(
      /: audit diff takes the earlier export first: these are of 2027-01-08\S+ and 2027-01-05\S+\n$/,
    );
  });
});
