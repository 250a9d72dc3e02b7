import { withLink } from "../../provider/error-links";
import { leaksIn } from "../support/leaks";
import { cli } from "./fake-system";
import { day, exported, NOW, previous, printOf, urnOf } from "./states";

type Fields = Readonly<Record<string, unknown>>;

const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const STACK = { op: "same", urn: "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev", newState: { type: "pulumi:pulumi:Stack" } }; // prettier-ignore
const LABEL = (name: string) => `acme/shop/dev/private/${name}`;

/** The checked inputs of a private token of 90 days, which has 60 days left. */
const inputs = (name: string, rest: Fields = {}): Fields =>
  clean({
    ...{ label: LABEL(name), storeHash: "abc123", channelIds: [1], scopes: ["Customer"], expiresAt: day(60) },
    ...{ lifetime: "90d", rotateBefore: "30d", overlap: "auto", onDelete: "revoke", ...rest },
  });
const clean = (fields: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

/** A step as `preview --json` prints it. */
function step(
  op: string,
  name: string,
  states: { old?: Fields; fresh?: Fields; reasons?: string[]; id?: string },
) {
  const type = "pulumi-nodejs:dynamic/bigcommerce:PrivateToken";
  const { old, fresh, reasons, id = `jti-${name}` } = states;
  const outputs = old && { fingerprint: printOf(name), token: "[secret]", ...inputs(name, old) };
  return {
    ...{ op, urn: urnOf(name), detailedDiff: null },
    ...(old && { oldState: { type, id, inputs: inputs(name, old), outputs } }),
    ...(fresh && { newState: { type, inputs: inputs(name, fresh), outputs: inputs(name, fresh) } }),
    ...(reasons && { replaceReasons: reasons }),
  };
}

const notice = (text: string) => ({ message: `bigcommerce-tokens: ${text}\n\n`, severity: "info#err" });
const digest = (steps: readonly object[], diagnostics: readonly object[] = []) =>
  JSON.stringify({ steps: [STACK, ...steps], diagnostics, duration: 1, changeSummary: {} });

const preview = (text: string, ...args: readonly string[]) =>
  cli(["preview", "--file", "p.json", ...args], { now: NOW, files: { "p.json": text } });

interface Told {
  readonly tokens: readonly (Fields & { readonly ends: readonly Fields[] })[];
  readonly recorded: number;
}
async function planned(steps: readonly object[], diagnostics: readonly object[] = []): Promise<Told> {
  const { code, stdout, stderr } = await preview(digest(steps, diagnostics), "--format", "json");
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return JSON.parse(stdout) as Told;
}

const ROTATED = { expiresAt: day(90) };

describe("why a token is replaced", () => {
  it.each<[string, Fields, Fields, string[] | undefined, string, Fields[]]>([
    [
      "a rotation that is due, and since when",
      { expiresAt: day(20) },
      ROTATED,
      ["expiresAt"],
      "rotate",
      [{ kind: "due", since: day(-10) }],
    ],
    [
      "one that is due by the token's own, earlier end",
      { effectiveExpiresAt: day(20) },
      ROTATED,
      ["expiresAt"],
      "rotate",
      [{ kind: "due", since: day(-10) }],
    ],
    [
      "one by the new window",
      { expiresAt: day(40), rotateBefore: "10d" },
      { ...ROTATED, rotateBefore: "45d" },
      ["expiresAt"],
      "rotate",
      [{ kind: "due", since: day(-5) }],
    ],
    [
      "a lifetime that became shorter than what is left",
      {},
      { lifetime: "30d", rotateBefore: undefined, expiresAt: day(30) },
      ["expiresAt"],
      "rotate",
      [{ kind: "stricter", from: "90d", to: "30d" }],
    ],
    [
      "a lifetime for one that never expires",
      { expiresAt: "never", lifetime: undefined, rotateBefore: undefined },
      ROTATED,
      ["expiresAt"],
      "rotate",
      [{ kind: "stricter", from: "never", to: "90d" }],
    ],
    [
      "another fixed end",
      { lifetime: undefined, rotateBefore: undefined, expiresAt: day(5) },
      { lifetime: undefined, rotateBefore: undefined, expiresAt: day(50) },
      ["expiresAt"],
      "replace",
      [{ kind: "changed", input: "expiresAt", from: day(5), to: day(50) }],
    ],
    [
      "changed channels, and what was due besides",
      { expiresAt: day(20), channelIds: [1, 2] },
      { ...ROTATED, channelIds: [1] },
      ["expiresAt", "channelIds"],
      "replace",
      [
        { kind: "due", since: day(-10) },
        { kind: "changed", input: "channelIds", from: "1, 2", to: "1" },
      ],
    ],
    [
      "scopes that only the update knows",
      {},
      { scopes: UNKNOWN },
      ["scopes"],
      "replace",
      [{ kind: "changed", input: "scopes", from: "Customer" }],
    ],
    ["a token that a refresh saw gone", { gone: true }, {}, ["token"], "replace", [{ kind: "gone" }]],
    [
      "one that is gone, and due besides",
      { gone: true, expiresAt: day(20) },
      ROTATED,
      ["expiresAt", "token"],
      "replace",
      [{ kind: "gone" }, { kind: "due", since: day(-10) }],
    ],
    [
      "another token that is adopted, whose end is its own",
      {},
      { expiresAt: day(30), adopt: "[secret]" },
      ["expiresAt", "adopt"],
      "replace",
      [{ kind: "adopted" }],
    ],
    [
      "one that is adopted with a fixed end, and for other channels",
      { lifetime: undefined, rotateBefore: undefined },
      {
        lifetime: undefined,
        rotateBefore: undefined,
        expiresAt: day(30),
        channelIds: [2],
        adopt: "[secret]",
      },
      ["expiresAt", "channelIds", "adopt"],
      "replace",
      [
        { kind: "adopted" },
        { kind: "changed", input: "expiresAt", from: day(60), to: day(30) },
        { kind: "changed", input: "channelIds", from: "1", to: "2" },
      ],
    ],
    [
      "a rotation beside the token that was adopted once",
      { expiresAt: day(20), adopted: printOf("a") },
      { ...ROTATED, adopt: "[secret]" },
      ["expiresAt"],
      "rotate",
      [{ kind: "due", since: day(-10) }],
    ],
    ["--replace and taint", {}, ROTATED, ["id"], "replace", [{ kind: "forced" }]],
    ["replacementTrigger", {}, ROTATED, undefined, "replace", [{ kind: "forced" }]],
  ])("tells %s", async (_, old, fresh, reasons, what, expected) => {
    const { tokens } = await planned([step("replace", "a", { old, fresh, ...(reasons && { reasons }) })]);
    expect(tokens).toEqual([expect.objectContaining({ what, reasons: expected })]);
  });

  it("what is made for a token that was made by hand adopts it, though its value is not known yet", async () => {
    const { tokens } = await planned([
      ...["[secret]", UNKNOWN].map((adopt, at) => step("create", `by-hand-${at}`, { fresh: { adopt } })),
      step("create", "fresh", { fresh: {} }),
    ]);
    expect(tokens.map(({ what, expiresAt }) => [what, expiresAt])).toEqual([["adopt", day(60)], ["adopt", day(60)], ["mint", day(60)]]);
  }); // prettier-ignore

  it("an in-place update is no rotation: it is counted", async () => {
    const told = await planned([step("update", "a", { old: {}, fresh: { rotateBefore: "10d" } })]);
    expect(told).toEqual({ version: 1, tokens: [], recorded: 1, warnings: [] });
  });

  it("the parts of a replacement are one, and neighbours of other kinds are none", async () => {
    const both = { old: { expiresAt: day(20) }, fresh: ROTATED, reasons: ["expiresAt"] };
    const { tokens } = await planned([
      step("create-replacement", "a", both),
      step("replace", "a", both),
      step("delete-replaced", "a", { old: { expiresAt: day(20) } }),
      step("same", "b", { old: {}, fresh: {} }),
      step("refresh", "c", { old: {}, fresh: {} }),
      { op: "create", urn: "urn:pulumi:dev::shop::x:y:Z::d", newState: { type: "x:y:Z" } },
    ]);
    expect(tokens.map(({ resource, what }) => [resource, what])).toEqual([["a", "rotate"]]);
  });
});

describe("what becomes of the old token", () => {
  const due = { expiresAt: day(20) };
  const OVERLAP = { previous: previous("older"), previousToken: "[secret]" };
  const ends = async (steps: readonly object[], diagnostics: readonly object[] = []) =>
    (await planned(steps, diagnostics)).tokens.flatMap((token) =>
      token.ends.map(({ fingerprint, end }) => [fingerprint, end]),
    );

  it.each<[string, string, Parameters<typeof step>[2], string]>([
    ["a rotation leaves it to expire", "replace", { old: due, fresh: ROTATED, reasons: ["expiresAt"] }, "left to expire"],
    ["one channel less revokes it", "replace", { old: { channelIds: [1, 2] }, fresh: {}, reasons: ["channelIds"] }, "revoked"],
    ["force revokes it", "replace", { old: {}, fresh: ROTATED, reasons: ["id"] }, "revoked"],
    ["the new overlap counts", "replace", { old: due, fresh: { ...ROTATED, overlap: "never" }, reasons: ["expiresAt"] }, "revoked"],
    ["one that never expires is revoked", "replace", { old: { expiresAt: "never" }, fresh: ROTATED, reasons: ["expiresAt"] }, "revoked"],
    ["one that has expired needs nothing", "replace", { old: { expiresAt: day(-1) }, fresh: ROTATED, reasons: ["expiresAt"] }, "expired"],
    ["one that is gone needs nothing", "replace", { old: { gone: true }, fresh: {}, reasons: ["token"] }, "gone"],
    ["removal of one that is gone needs nothing", "delete", { old: { gone: true } }, "gone"],
    ["an adoption that reaches as far leaves it", "replace", { old: due, fresh: { adopt: "[secret]" }, reasons: ["adopt", "expiresAt"] }, "left to expire"],
    ["an adoption of less revokes it", "replace", { old: {}, fresh: { expiresAt: day(9), adopt: "[secret]" }, reasons: ["adopt", "expiresAt"] }, "revoked"],
    ["removal revokes it", "delete", { old: {} }, "revoked"],
    ["removal leaves it where its state says so", "delete", { old: { onDelete: "letExpire" } }, "left to expire"],
    ["what is not known decides later", "replace", { old: {}, fresh: { channelIds: UNKNOWN }, reasons: ["channelIds"] }, "unknown"],
    ["a secret right cannot be compared", "replace", { old: { scopes: "[secret]" }, fresh: { scopes: "[secret]" }, reasons: ["scopes"] }, "unknown"],
  ])("%s", async (_, op, states, end) => {
    expect(await ends([step(op, "a", states)])).toEqual([[printOf("a"), end]]);
  }); // prettier-ignore

  it("the provider's own line decides, because it alone knows what its run was told", async () => {
    const rotation = step("replace", "a", { old: due, fresh: ROTATED, reasons: ["expiresAt"] });
    const line = `${LABEL("a")}: token ${printOf("a")} will be revoked at the end of this update (BigCommerce takes up to about 60 s to apply it)`; // prettier-ignore
    expect(await ends([rotation], [notice(line)])).toEqual([[printOf("a"), "revoked"]]);
  });

  it("BIGCOMMERCE_ON_DELETE decides over tokens that the provider has no line on", async () => {
    const override = notice("warning: BIGCOMMERCE_ON_DELETE=letExpire decides how every token ends that ends in this run"); // prettier-ignore
    const steps = [
      step("delete", "a", { old: {} }),
      step("replace", "b", { old: {}, fresh: {}, reasons: ["id"] }),
    ];
    expect(await ends(steps, [override])).toEqual([
      [printOf("a"), "left to expire"],
      [printOf("b"), "left to expire"],
    ]);
  });

  it("a previous token goes with the token after it: revoked by a replacement, as that token by a removal", async () => {
    const older = printOf("older");
    const rotation = { old: { ...due, ...OVERLAP }, fresh: ROTATED, reasons: ["expiresAt"] };
    expect(await ends([step("replace", "a", rotation)])).toEqual([
      [printOf("a"), "left to expire"],
      [older, "revoked"],
    ]);
    expect(await ends([step("delete", "a", { old: { ...OVERLAP, onDelete: "letExpire" } })])).toEqual([
      [printOf("a"), "left to expire"],
      [older, "left to expire"],
    ]);
  });

  it("the previous token of one that is gone is the new token's, with the provider's line and without, and goes with a removal", async () => {
    const [gone, older] = [{ ...OVERLAP, gone: true }, printOf("older")];
    const replacement = step("replace", "a", { old: gone, fresh: {}, reasons: ["token"] });
    const line = notice(`${LABEL("a")}: token ${older}, its predecessor, works until ${day(10)}`);
    expect(await ends([replacement], [line])).toEqual([[printOf("a"), "gone"], [older, "left to expire"]]);
    expect(await ends([replacement])).toEqual([[printOf("a"), "gone"], [older, "left to expire"]]);
    const hidden = { ...gone, previous: previous("older", { scopes: "[secret]" }) };
    expect(await ends([step("replace", "a", { old: hidden, fresh: {}, reasons: ["token"] })])).toEqual([[printOf("a"), "gone"], [older, "unknown"]]);
    expect(await ends([step("delete", "a", { old: gone })])).toEqual([[printOf("a"), "gone"], [older, "revoked"]]);
  }); // prettier-ignore

  it("one that waits stands beside the rotation of its successor", async () => {
    const waiting = step("delete-replaced", "a", { id: "jti-first", old: { fingerprint: printOf("first") } });
    const rotation = step("replace", "a", { old: { ...due, previous: previous("first") }, fresh: ROTATED, reasons: ["expiresAt"] });
    expect(await ends([rotation, waiting])).toEqual([
      [printOf("a"), "left to expire"],
      [printOf("first"), "left to expire"],
    ]);
  }); // prettier-ignore

  it.each<[string, object[], string]>([
    ["its successor's state names it", [step("same", "a", { id: "jti-new", old: { previous: previous("a") }, fresh: {} })], "left to expire"],
    ["no state names it, because it was forced", [step("same", "a", { id: "jti-new", old: {}, fresh: {} })], "revoked"],
    ["its successor is removed as well", [step("delete", "a", { id: "jti-new", old: { fingerprint: "0".repeat(16), onDelete: "letExpire" } })], "revoked"],
    ["nothing is seen of its successor", [], "unknown"],
  ])("of one that waits for its deletion: %s", async (_, others, end) => {
    const waiting = step("delete-replaced", "a", { old: {} });
    const found = (await ends([waiting, ...others])).filter(([fingerprint]) => fingerprint === printOf("a"));
    expect(found).toEqual([[printOf("a"), end]]);
  }); // prettier-ignore

  it.each<[string, Fields, string]>([
    ["names it as well", { previous: previous("older") }, "left to expire"],
    ["does not name it", {}, "revoked"],
  ])("of the previous token of one that is gone and waits, where the next token's state %s", async (_, fields, end) => {
    const waiting = step("delete-replaced", "a", { old: { ...OVERLAP, gone: true } });
    const next = step("same", "a", { id: "jti-new", old: { fingerprint: printOf("new"), ...fields }, fresh: {} });
    expect(await ends([waiting, next])).toEqual([[printOf("a"), "gone"], [printOf("older"), end]]);
  }); // prettier-ignore
});

describe("for people", () => {
  const steps = [
    step("create", "fresh", { fresh: ROTATED }),
    step("replace", "web|<b>@x", { old: { expiresAt: day(20), previous: previous("older"), previousToken: "[secret]" }, fresh: ROTATED, reasons: ["expiresAt"] }),
    step("update", "c", { old: {}, fresh: {} }),
  ]; // prettier-ignore
  const warning = notice("warning: acme/shop/dev/private/fresh: lives for more than a year");

  it("a table says until when old tokens work, and what it comes to", async () => {
    const told = notice(`warning: ${LABEL("web|<b>@x")}: is due since ${day(-10)}, so it is to be rotated (README.md#due-rotations)`); // prettier-ignore
    const { stdout } = await preview(digest(steps, [told, warning]));
    const lines = stdout.split("\n");
    expect(lines[1]).toMatch(new RegExp(`^fresh +private +mint +works until ${day(90)}$`));
    expect(lines[2]).toMatch(
      new RegExp(`rotate +due since ${day(-10)} +works until ${day(90)} +${printOf("web|<b>@x")} works until ${day(20)}$`),
    ); // prettier-ignore
    expect(lines[3]).toMatch(new RegExp(`${printOf("older")} \\(previous token\\) revoked at the end of the update$`)); // prettier-ignore
    expect(lines[5]).toBe("warning: acme/shop/dev/private/fresh: lives for more than a year");
    expect(lines[7]).toBe(
      "An update now: 1 minted, 1 rotated. 1 updated in the state only: no rotation, no request.",
    );
  });

  it("markdown is a table in which a name cannot break out, link, or call anybody", async () => {
    const { stdout } = await preview(digest(steps, [warning]), "--format", "markdown");
    const rows = stdout.split("\n").filter((line) => line.startsWith("| "));
    expect(rows).toHaveLength(4);
    expect(rows[3]).toMatch(/^\| `web`\\\|`<b>@x` \| private \| rotate \|/);
    for (const row of rows) expect(row.replace(/\\\|/g, "").match(/\|/g)).toHaveLength(7);
    expect(rows[3]).toContain(`works until ${day(20)}<br>`);
    expect(stdout).toContain("- **Warning:** acme/shop/dev/private/fresh: lives for more than a year");
  });

  it("an adoption and a token that is gone are told for what they are", async () => {
    const { stdout } = await preview(digest([
      step("create", "by-hand", { fresh: { adopt: "[secret]" } }),
      step("replace", "c", { old: {}, fresh: { adopt: "[secret]", expiresAt: day(70) }, reasons: ["adopt", "expiresAt"] }),
      step("replace", "d", { old: { gone: true }, fresh: {}, reasons: ["token"] }),
    ]));
    expect(stdout.split("\n").slice(1, 4).map((line) => line.split(/ {2,}/).slice(2, 6))).toEqual([
      ["adopt", `works until ${day(60)}`],
      ["replace", "another token is adopted", `works until ${day(70)}`, `${printOf("c")} works until ${day(60)}`],
      ["replace", "gone, as a refresh found", `works until ${day(60)}`, `${printOf("d")} is gone: nothing is sent`],
    ]);
    expect(stdout).toMatch(/^An update now: 1 adopted, 2 replaced\.$/m);
  }); // prettier-ignore

  it("what only an unknown input would replace may be replaced, and is not counted among the replaced", async () => {
    const unknown = { old: {}, fresh: { scopes: UNKNOWN }, reasons: ["scopes"] };
    const both = { old: {}, fresh: { scopes: UNKNOWN, channelIds: [2] }, reasons: ["scopes", "channelIds"] };
    const { stdout } = await preview(digest([step("replace", "a", unknown), step("replace", "b", both)]));
    expect(stdout.split("\n").slice(1, 3).map((line) => line.split(/ {2,}/)[2])).toEqual(["may be replaced", "replace"]);
    expect(stdout).toMatch(/^An update now: 1 replaced, 1 may be replaced \(only the update knows an input\)\.$/m);
  }); // prettier-ignore

  it("a plan without tokens says so", async () => {
    const { stdout, code } = await preview(digest([]));
    expect(stdout).toBe("An update now: no token is minted, rotated, replaced or removed.\n");
    expect(code).toBe(0);
  });
});

describe("where a preview comes from", () => {
  const text = digest([step("create", "a", { fresh: {} })]);

  it("runs Pulumi with all steps shown, and hands on what stands behind --", async () => {
    const told = await cli(["preview", "--stack", "dev", "--", "--replace", "x"], {
      now: NOW,
      pulumi: () => ({ stdout: text }),
    });
    expect(told.runs).toEqual([
      [...["preview", "--json", "--show-replacement-steps", "--show-sames"], ...["--stack", "dev", "--replace", "x"]],
    ]);
    expect(told.stdout).toContain("1 minted");
  }); // prettier-ignore

  it("reads standard input for -", async () => {
    const { stdout } = await cli(["preview", "--file", "-"], { now: NOW, stdin: text });
    expect(stdout).toContain("1 minted");
  });

  const failure = { message: "error: first\n  of two lines\n", severity: "error", urn: "x" };
  /** Earlier versions had no address at the end of their messages. */
  const linked = { ...failure, message: withLink("storeHash: no store", "store_missing") };
  it.each<[string, string, RegExp]>([
    ["a preview that failed", digest([], [failure, failure]), /^the preview failed: first of two lines \(and 1 more\)$/],
    ["one that failed by an error of the provider", digest([], [linked, failure]), /^the preview failed: storeHash: no store \(https:\S+\/errors\.md#store_missing\) \(and 1 more\)$/],
    ["an export", exported(), /^p\.json: this is not the JSON that `pulumi preview --json` prints: it has no steps$/],
    ["half a preview", text.slice(0, -9), /^p\.json: it is truncated/],
    ["no JSON", "Previewing update (dev):", /^p\.json: it is not JSON$/],
    ["nothing", "", /^p\.json: it is empty$/],
    ["the engine's events", '{"sequence":0,"timestamp":1}\n{"sequence":1}', /without PULUMI_ENABLE_STREAMING_JSON_PREVIEW$/],
    ["steps that are no list", JSON.stringify({ steps: {} }), /damaged/],
  ])("refuses %s in one line", async (_, content, why) => {
    const { code, stdout, stderr } = await preview(content);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    const [, line = ""] = /^pulumi-bigcommerce-tokens: ([^\n]+)\n$/.exec(stderr) ?? [];
    expect(line).toMatch(why);
  }); // prettier-ignore

  it("tells the errors of a preview that failed under its own hands, and of a Pulumi that did", async () => {
    const own = await cli(["preview"], { pulumi: () => ({ code: 255, stdout: digest([], [failure]) }) });
    expect(own.stderr).toContain("the preview failed: first of two lines\n");
    const other = await cli(["preview"], { pulumi: () => ({ code: 255, stderr: "error: no stack named 'x' found" }) });
    expect(other.stderr).toContain("no stack named 'x' found");
    expect([own.code, other.code]).toEqual([1, 1]);
  }); // prettier-ignore

  it.each([["--stack", "dev"], ["--", "--replace", "x"]])("a file goes without %s", async (...args) => {
    expect((await preview(text, ...args)).code).toBe(1);
  }); // prettier-ignore

  it("knows three formats, and --json as every command does", async () => {
    const { code, stdout, stderr } = await preview(text, "--format", "html");
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/^[^\n]*'html' is invalid. Allowed choices are table, json, markdown.\n$/);
    const [short, long] = [await preview(text, "--json"), await preview(text, "--format", "json")];
    expect(short).toEqual(long);
    expect(JSON.parse(short.stdout)).toHaveProperty("tokens");
  });

  it("does not guess between --json and another format", async () => {
    const { code, stdout, stderr } = await preview(text, "--json", "--format", "markdown");
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/^[^\n]*--json[^\n]* cannot be used with [^\n]*--format[^\n]*\n$/);
  });
});

it("prints no token, though the preview was made with --show-secrets", async () => {
  const secret = `eyJhbGciOiJFUzI1NiJ9.${"ab".repeat(40)}.${"cd".repeat(40)}`;
  const rotation = step("replace", "a", {
    old: { expiresAt: day(20), token: secret, previous: previous("older"), previousToken: secret },
    fresh: ROTATED,
    reasons: ["expiresAt"],
  });
  for (const format of ["table", "json", "markdown"]) {
    const { stdout } = await preview(digest([rotation]), "--format", format);
    expect(stdout).toContain(printOf("a"));
    expect(leaksIn(stdout, [secret])).toBe(0);
  }
});
