import { leaksIn } from "../support/leaks";
import { cli } from "./fake-system";
import { day, exported, type Exported, NOW, previous, printOf, SECRET, shown, token, urnOf } from "./states";

/** A Pulumi with these stacks, of which `dev` is the selected one. */
function engine(stacks: Readonly<Record<string, string>>) {
  return (args: readonly string[]) => {
    const [, verb, ...rest] = args;
    if (verb === "ls") return { stdout: JSON.stringify(Object.keys(stacks).map((name) => ({ name }))) };
    const stack = rest[rest.indexOf("--stack") + 1] ?? "dev";
    const text = stacks[rest.includes("--stack") ? stack : "dev"];
    return text === undefined
      ? { code: 255, stderr: `error: no stack named '${stack}' found\n` }
      : { stdout: text };
  };
}

const status = (args: readonly string[], ...resources: readonly Exported[]) =>
  cli(["status", ...args], { now: NOW, pulumi: engine({ dev: exported(...resources) }) });

interface Told {
  readonly settledBy: "up" | "person" | null;
  readonly needsPerson: boolean;
}

const DUE = { outputs: { expiresAt: day(29) } };
const OVERDUE = { outputs: { expiresAt: day(14) } };
const FIXED = { lifetime: undefined, rotateBefore: undefined };

it("shows one row a live token, predecessors behind their successors, and all of it with --wide", async () => {
  const { stdout, code } = await status(
    ["--wide"],
    token("web", { kind: "storefront", outputs: { channelIds: [1, 2], allowedCorsOrigins: ["https://a.example"] } }),
    token("server", { outputs: { previous: previous("old") } }),
    token("support", { kind: "impersonation", outputs: { ...FIXED, expiresAt: "never", apiAccount: undefined } }),
  );
  const [title = "", ...rows] = stdout.split("\n").map((line) => line.split(/ {2,}/));
  expect(title).toEqual([
    ...["resource", "kind", "store", "API account", "channels", "scopes or origins"],
    ...["fingerprint", "issued", "expires", "rotates", "state"],
  ]);
  expect(rows.slice(0, 4)).toEqual([
    ["server", "private", "abc123", "client-a", "1", "Customer", printOf("server"), "2026-12-11", "2027-03-11 in 60 d", "in 30 d", "ok"],
    ["server (previous)", "private", "abc123", "client-a", "1", "Customer", printOf("old"), "2026-10-22", "2027-01-20 in 10 d", "-", "left to expire"],
    ["support", "impersonation", "abc123", "-", "1", "-", printOf("support"), "2026-12-11", "never", "-", "never expires"],
    ["web", "storefront", "abc123", "client-a", "1, 2", "https://a.example", printOf("web"), "2026-12-11", "2027-03-11 in 60 d", "in 30 d", "ok"],
  ]);
  expect(stdout.trimEnd().split("\n").at(-1)).toBe(
    "4 tokens in dev: 2 ok, 1 left to expire, 1 never expires. A `pulumi up` now would rotate none.",
  );
  expect(code).toBe(0);
}); // prettier-ignore

it.each<[string, number, readonly Exported[]]>([
  ["is 0 without tokens", 0, []],
  ["is 0 where nothing is to be done", 0, [token("a", { outputs: { previous: previous("old") } })]],
  ["is 2 where an up now would rotate", 2, [token("a"), token("b", DUE)]],
  ["is 2 for a token that a refresh saw gone", 2, [token("a", { outputs: { gone: true } })]],
  ["is 2 for a tainted token", 2, [token("a", { rest: { taint: true } })]],
  ["is 2 for an overdue token", 2, [token("a", OVERDUE), token("b", DUE)]],
  ["is 2 for an expired token with a lifetime", 2, [token("a", { outputs: { expiresAt: day(-1) } })]],
  ["is 2 for a token that waits for its deletion", 2, [token("a"), token("b", { rest: { delete: true } })]],
  ["is 2 for a token that is not proven", 2, [token("a", { outputs: { verified: false } })]],
  ["is 3 for a due token that is protected", 3, [token("b", DUE), token("a", { ...DUE, rest: { protect: true } })]],
  ["is 3 for a token that is gone and protected", 3, [token("a", { outputs: { gone: true }, rest: { protect: true } })]],
  ["is 3 for a fixed expiration that has passed", 3, [token("b", DUE), token("a", { outputs: { ...FIXED, expiresAt: day(-1) } })]],
  ["is 3 for an expiration that is a secret", 3, [token("a", { outputs: { ...FIXED, expiresAt: SECRET } })]],
  ["is 3 for an interrupted replacement", 3, [token("a", { rest: { pendingReplacement: true } })]],
])("the exit code %s", async (_, code, resources) => {
  for (const args of [[], ["--json"], ["--urns-due"], ["--within", "52w"]]) {
    expect([args, (await status(args, ...resources)).code]).toEqual([args, code]);
  }
  const { tokens } = JSON.parse((await status(["--json"], ...resources)).stdout) as { tokens: readonly Told[] };
  const open = tokens.map(({ settledBy, needsPerson }) => [settledBy, needsPerson]);
  // The rows say who settles them, and explain the exit code.
  expect(code === 3).toBe(open.some(([settledBy]) => settledBy === "person"));
  expect(code === 0).toBe(open.every(([settledBy]) => settledBy === null));
  for (const [settledBy, needsPerson] of open) expect(needsPerson).toBe(settledBy === "person");
}); // prettier-ignore

it("an update that was interrupted while it minted needs a person", async () => {
  const state = JSON.parse(exported()) as { deployment: Record<string, unknown> };
  const type = "pulumi-nodejs:dynamic/bigcommerce:PrivateToken";
  state.deployment["pending_operations"] = [{ type: "creating", resource: { urn: urnOf("server"), type } }];
  const files = { "x.json": JSON.stringify(state) };
  const { code, stdout } = await cli(["status", "--file", "x.json"], { files, now: NOW });
  expect(code).toBe(3);
  expect(stdout).toMatch(/server: an update was interrupted while it minted this token/);
});

describe("--within", () => {
  const within = async (span: string) => {
    const fixed = token("fixed", { outputs: { ...FIXED, expiresAt: day(9) } });
    const { stdout } = await status(["--within", span], fixed, token("server"), token("web", DUE));
    return stdout.split("\n").slice(1, 4).map((line) => line.split(/ {2,}/).at(-1)); // prettier-ignore
  };
  it.each([
    ["8d", ["ok", "ok", "due"]],
    ["9d", ["expires in 9 d", "ok", "due"]],
    ["30d", ["expires in 9 d", "due in 30 d", "due"]],
  ])("%s points out what becomes due or expires by then", async (span, states) => {
    expect(await within(span)).toEqual(states);
  });

  it("says so to programs beside the state of today", async () => {
    const { stdout } = await status(["--within", "30d", "--json"], token("server"));
    expect(JSON.parse(stdout).tokens).toEqual([expect.objectContaining({ state: "ok", upcoming: "due" })]);
  });

  it.each(["14", "d", "two weeks", ""])("refuses %j in one line", async (span) => {
    const { code, stdout, stderr } = await status(["--within", span]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toBe(
      "pulumi-bigcommerce-tokens: --within takes a whole number and s, m, h, d or w, such as 14d\n",
    );
  });
});

describe("--urns-due", () => {
  const protectedOne = token("c", { ...DUE, rest: { protect: true } });
  const PROTECTED =
    '"c" is omitted, and `pulumi up` needs --target: it is protected: a `pulumi up` that would rotate it fails\n';
  const PAST =
    /^"f" is omitted, and `pulumi up` needs --target: a `pulumi up` that would replace it fails, because its expiresAt has passed: [^\n]+\n$/;

  it("prints an argument a line for all that an up settles, and its dependants", async () => {
    const expired = token("d", { outputs: { expiresAt: day(-1) } });
    const dead = token("e", { outputs: { ...FIXED, expiresAt: day(-1) } });
    const { stdout, stderr, code } = await status(
      ["--urns-due"],
      ...[token("a"), token("b", DUE), token("b", { rest: { delete: true } }), expired, dead],
      ...[token("f", { outputs: { gone: true } }), token("g", { rest: { delete: true } })],
      ...[token("h", { outputs: { verified: false } }), token("i", { rest: { taint: true } })],
    );
    const urns = ["b", "d", "f", "g", "h", "i"].map((name) => `--target=${urnOf(name)}\n`);
    expect([stdout, stderr, code]).toEqual([`${urns.join("")}--target-dependents\n`, "", 3]);
  });

  it.each<[string, Exported, string | RegExp]>([
    ["protected", protectedOne, PROTECTED],
    [
      "past its fixed end and gone",
      token("f", { outputs: { ...FIXED, gone: true, expiresAt: day(-1) } }),
      PAST,
    ],
    [
      "past its fixed end and tainted",
      token("f", { outputs: { ...FIXED, expiresAt: day(-1) }, rest: { taint: true } }),
      PAST,
    ],
  ])("omits a token on which every up fails, and says so: %s", async (_, resource, said) => {
    const waiting = token("c", { rest: { delete: true } });
    const found = await status(
      ["--urns-due"],
      token("b", DUE),
      resource,
      ...(resource === protectedOne ? [waiting] : []),
    );
    expect(found).toMatchObject({ code: 3, stdout: `--target=${urnOf("b")}\n--target-dependents\n` });
    expect(found.stderr).toEqual(typeof said === "string" ? said : expect.stringMatching(said));
    expect(await status(["--urns-due"], resource)).toMatchObject({
      code: 3,
      stdout: "",
      stderr: found.stderr,
    });
  });

  it.each([
    ["a wildcard", "star*", /^"star\*" is due, and omitted: [^\n]*wildcard; rename the resource, with aliases: \[\{ name: "star\*" \}\]; renaming sends no request\n$/],
    ["a line feed", "x\n--config=a:b=c", /^"x\\n--config=a:b=c" is due, and omitted: it has a control character, [^\n]*aliases: \[\{ name: "x\\n--config=a:b=c" \}\][^\n]*\n$/],
    ["NUL", "x\0y", /control character/],
    ["a line separator", "x\u2028y", /control character/],
    ["half a character", "x\ud800y", /control character/],
    ["a change of direction", "x\u202ey", /^"x\\u202ey" is due, and omitted: it has characters that are not shown;/],
  ])("leaves out a name with %s, says so, and how to put it right, and prints the others", async (_, name, said) => {
    const others = await status(["--urns-due"], token("b", DUE), token(name, DUE));
    expect(others.code).toBe(3);
    expect(others.stdout).toBe(`--target=${urnOf("b")}\n--target-dependents\n`);
    expect(others.stderr).toMatch(said);
    expect(others.stderr).toMatch(/^[^\n]+\n$/);
    const alone = await status(["--urns-due"], token(name, DUE));
    expect(alone).toMatchObject({ code: 3, stdout: "", stderr: others.stderr });
    const notDue = await status(["--urns-due"], token("b", DUE), token(name));
    expect(notDue).toMatchObject({ code: 2, stdout: others.stdout, stderr: "" });
  }); // prettier-ignore

  it("prints nothing where nothing is due, and says so by its exit code", async () => {
    expect(await status(["--urns-due"], token("a"))).toMatchObject({ stdout: "", stderr: "", code: 0 });
  });

  it("is for one stack", async () => {
    const { code, stderr } = await status(["--urns-due", "--all"]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/one stack/);
  });
});

it("--json says all of it in stable keys, and nothing that is secret", async () => {
  const hidden = token("hid", { outputs: { channelIds: SECRET } });
  const { stdout } = await status(["--json"], token("server", DUE), hidden);
  const { tokens, ...rest } = JSON.parse(stdout);
  expect(rest).toEqual({
    ...{ version: 1, at: "2027-01-10T12:00:00Z", exitCode: 2, stacks: ["dev"], strays: [] },
    ...{ interrupted: [], problems: [] },
  });
  expect(tokens[1]).toEqual({
    ...{ stack: "dev", resource: "server", urn: urnOf("server"), kind: "private", role: "current" },
    ...{ storeHash: "abc123", apiAccount: "client-a", channelIds: [1], scopes: ["Customer"] },
    ...{ fingerprint: printOf("server"), id: "jti-server", jti: "jti-server" },
    ...{ label: "acme/shop/dev/private/server", issuedAt: day(-30), expiresAt: day(29), rotateAt: day(-1) },
    ...{ state: "due", rotates: true, overdue: false, settledBy: "up", needsPerson: false },
  });
  expect(tokens[0]).toMatchObject({ secrets: ["channelIds"] });
  expect(tokens[0]).not.toHaveProperty("channelIds");
});

it("what the state keeps secret is said to be a secret", async () => {
  const outputs = { storeHash: SECRET, channelIds: SECRET, scopes: SECRET };
  const { stdout } = await status(["--wide"], token("hid", { outputs }));
  expect(stdout.split("\n")[1]).toMatch(/^hid +private +\[secret\] +client-a +\[secret\] +\[secret\]/);
});

it.each<[string, unknown]>([
  ["a number", 1_800_000_000],
  ["no time", "soon"],
  ["absent", undefined],
])("an expiration that is %s is unreadable, not secret and not never: exit code 3", async (_, expiresAt) => {
  const files = { "x.json": exported(token("server", { outputs: { expiresAt, channelIds: "1" } })) };
  const { stdout, code } = await cli(["status", "--file", "x.json"], { now: NOW, files });
  expect(stdout.split("\n")[1]).toMatch(/^server .* \[unreadable\] .* unreadable$/);
  expect(stdout).toMatch(/server.*: the state is damaged and does not tell when this token expires; to mint a new one: pulumi up --replace urn:pulumi:dev::shop::pulumi-nodejs:dynamic\/bigcommerce:PrivateToken::server$/m);
  expect(stdout).not.toMatch(/\[secret\]|never/);
  expect(code).toBe(3);
  const programs = JSON.parse((await cli(["status", "--file", "x.json", "--json"], { now: NOW, files })).stdout);
  expect(programs.tokens).toEqual([expect.objectContaining({ state: "unreadable", settledBy: "person" })]);
  expect(programs.tokens[0]).not.toHaveProperty("expiresAt");
}); // prettier-ignore

it("JSON says since when a token is gone", async () => {
  const gone = token("server", { outputs: { gone: true, goneAt: day(-2) } });
  const { tokens } = JSON.parse((await status(["--json"], gone)).stdout);
  expect(tokens).toEqual([expect.objectContaining({ state: "due", goneAt: day(-2), settledBy: "up" })]);
});

it("an export that shows its secrets is read without repeating one", async () => {
  const jwt = `eyJ0eXAiOiJKV1QifQ.${"q".repeat(40)}.${"z".repeat(40)}`;
  const outputs = { token: shown(jwt), previous: previous("old"), previousToken: shown(jwt) };
  for (const args of [[], ["--json"], ["--urns-due"]]) {
    const { stdout, stderr } = await status(args, token("server", { ...DUE, outputs: { ...DUE.outputs, ...outputs } }));
    expect(leaksIn(stdout + stderr, [jwt])).toBe(0);
  }
}); // prettier-ignore

describe("the state", () => {
  const stacks = {
    dev: exported(token("server")),
    "organization/other/prod": exported(token("web", { kind: "storefront", stack: "prod", ...DUE })),
  };
  const run = (...args: readonly string[]) => cli(["status", ...args], { now: NOW, pulumi: engine(stacks) });

  it("is that of the selected stack, by default", async () => {
    const { stdout, runs } = await run();
    expect(stdout).toMatch(/^server .* ok$/m);
    expect(runs).toEqual([["stack", "export"]]);
  });

  it("is that of --stack", async () => {
    const { stdout, runs, code } = await run("--stack", "organization/other/prod");
    expect(stdout).toMatch(/^web .* due$/m);
    expect(runs).toEqual([["stack", "export", "--stack", "organization/other/prod"]]);
    expect(code).toBe(2);
  });

  it("is that of every stack of the backend, with --all", async () => {
    const { stdout, runs, code } = await run("--all");
    expect(stdout).toMatch(/^dev +server .* ok$/m);
    expect(stdout).toMatch(/^organization\/other\/prod +web .* due$/m);
    expect(stdout).toMatch(/^2 tokens in 2 stacks: 1 ok, 1 due\. A `pulumi up` now would rotate 1\.$/m);
    expect(runs[0]).toEqual(["stack", "ls", "--all", "--json"]);
    expect(code).toBe(2);
  });

  it("is that of every stack that can be read, with --all; the others are named with the reason: exit code 1", async () => {
    const damaged = { ...stacks, "organization/other/broken": '{"version":3,"deployment":{"resources":7}}' };
    const ls = JSON.stringify(
      [...Object.keys(damaged), "organization/other/denied"].map((name) => ({ name })),
    );
    const pulumi = (args: readonly string[]) => (args[1] === "ls" ? { stdout: ls } : engine(damaged)(args));
    const { stdout, code } = await cli(["status", "--all"], { now: NOW, pulumi });
    expect(stdout).toMatch(/^dev +server .* ok$/m);
    expect(stdout).toMatch(/^organization\/other\/prod +web .* due$/m);
    expect(stdout).toMatch(
      /^organization\/other\/broken: stack organization\/other\/broken: its deployment is damaged/m,
    );
    expect(stdout).toMatch(
      /^organization\/other\/denied: pulumi stack export --stack organization\/other\/denied failed: no stack named/m,
    );
    expect(stdout).toMatch(/^2 tokens in 2 stacks: 1 ok, 1 due\./m);
    expect(code).toBe(1);
    const programs = JSON.parse((await cli(["status", "--all", "--json"], { now: NOW, pulumi })).stdout);
    expect(programs).toMatchObject({ exitCode: 1, stacks: ["dev", "organization/other/prod"] });
    expect(programs.problems).toEqual([expect.stringContaining("broken"), expect.stringContaining("denied")]);
  });

  it("is that of no stack where none can be read", async () => {
    const pulumi = (args: readonly string[]) =>
      args[1] === "ls" ? { stdout: '[{"name":"x"}]' } : engine({})(args);
    const { stdout, code } = await cli(["status", "--all"], { now: NOW, pulumi });
    expect([code, stdout.split("\n")[0]]).toEqual([
      1,
      "x: pulumi stack export --stack x failed: no stack named 'x' found",
    ]);
  });

  it("is that of a file, or of standard input, and no pulumi is run", async () => {
    const options = { now: NOW, files: { "x.json": stacks.dev }, stdin: stacks.dev };
    for (const file of ["x.json", "-"]) {
      const { stdout, runs } = await cli(["status", "--file", file], options);
      expect(stdout).toMatch(/^server .* ok$/m);
      expect(runs).toEqual([]);
    }
  });

  it("is never asked for its secrets", async () => {
    for (const args of [[], ["--all"], ["--stack", "dev"]]) {
      expect((await run(...args)).runs.flat()).not.toContain("--show-secrets");
    }
  });
});

const NO_PULUMI =
  "there is no pulumi on PATH: install the Pulumi CLI, or give --file with an export made by `pulumi stack export --file`";
it.each([
  ["no such stack", ["--stack", "nope"], "pulumi stack export --stack nope failed: no stack named 'nope' found"],
  ["no such file", ["--file", "nope"], "nope: the file does not exist"],
  ["a folder", ["--file", "folder"], "folder: this is a folder, not a file"],
  ["a file that is no export", ["--file", "folder/x"], "folder/x: it is not JSON"],
  ["two sources", ["--file", "x", "--all"], "--file and --all exclude one another: give one of them"],
  ["three sources", ["--file", "x", "--all", "--stack", "y"], "--stack, --file and --all exclude one another: give one of them"],
  ["an empty path", ["--file", ""], "a path is empty, as that of a variable that is not set: name a file or folder"],
  ["an unknown option", ["--jason"], "unknown option '--jason' (Did you mean --json?)"],
])("%s is one line of error, exit code 1", async (_, args, message) => {
  const options = { files: { "folder/x": "hello" }, pulumi: engine({ dev: exported() }) };
  const { code, stdout, stderr } = await cli(["status", ...args], options);
  expect({ code, stdout, stderr }).toEqual({ code: 1, stdout: "", stderr: `pulumi-bigcommerce-tokens: ${message}\n` });
}); // prettier-ignore

it("no pulumi is one line of error, exit code 1", async () => {
  const { code, stderr } = await cli(["status"]);
  expect({ code, stderr }).toEqual({ code: 1, stderr: `pulumi-bigcommerce-tokens: ${NO_PULUMI}\n` });
});

describe("the table", () => {
  const LONG = `${"a-resource-with-a-long-name-".repeat(3)}end`;
  const each = [
    token("web", { kind: "storefront", outputs: { allowedCorsOrigins: ["https://a.example"], previous: previous("older") } }),
    token("due", DUE),
    token("late", OVERDUE),
    token("first", { rest: { pendingReplacement: true } }),
    token("guarded", { ...DUE, rest: { protect: true } }),
    token("support", { kind: "impersonation", outputs: { ...FIXED, expiresAt: "never" } }),
    token(LONG, { outputs: { gone: true, goneAt: day(-2) } }),
  ];
  const many = Array.from({ length: 20 }, (_, at) => token(`token-${at}`, at % 2 ? DUE : {}));
  const tableOf = (stdout: string) => stdout.split("\n\n")[0]?.split("\n") ?? [];
  const widths = (stdout: string) => tableOf(stdout).map((line) => line.length);

  it("has four columns, and under it a line for each token that needs action, with its fingerprint", async () => {
    const { stdout, code } = await cli(["status"], { now: NOW, columns: 160, pulumi: engine({ dev: exported(...each) }) });
    const [table = "", lines = "", sum = ""] = stdout.trimEnd().split("\n\n");
    expect(table.split("\n").map((line) => line.split(/ {2,}/))).toEqual([
      ["resource", "expires", "rotates", "state"],
      [expect.stringMatching(/^a-resource-.*-end$/), "2027-03-11 in 60 d", "in 30 d", "gone"],
      ["due", "2027-02-08 in 29 d", "24 h ago", "due"],
      ["first", "2027-03-11 in 60 d", "in 30 d", "interrupted replacement"],
      ["guarded", "2027-02-08 in 29 d", "24 h ago", "due"],
      ["late", "2027-01-24 in 14 d", "overdue 16 d ago", "due"],
      ["support", "never", "-", "never expires"],
      ["web", "2027-03-11 in 60 d", "in 30 d", "ok"],
      ["web (previous)", "2027-01-20 in 10 d", "-", "left to expire"],
    ]);
    const [gone, due, first, guarded, late, ...others] = lines.split("\n");
    expect(gone).toBe(`${LONG} ${printOf(LONG)}: missing since ${day(-2)}; the next \`pulumi up\` mints a new one`);
    expect(due).toBe(`due ${printOf("due")}: due: the next \`pulumi up\` rotates it`);
    expect(first).toMatch(new RegExp(`^first ${printOf("first")}: an update was interrupted `));
    expect(guarded).toBe(`guarded ${printOf("guarded")}: it is protected: a \`pulumi up\` that would rotate it fails`);
    expect(late).toMatch(new RegExp(`^late ${printOf("late")}: overdue: half of its rotation window has passed`));
    expect(others).toEqual([]);
    expect(sum).toBe("8 tokens in dev: 1 gone, 3 due, 1 interrupted replacement, 1 never expires, 1 ok, 1 left to expire. A `pulumi up` now would rotate 3.");
    expect(code).toBe(3);
  });

  it.each([
    ["80 columns where there is no terminal", undefined, 80, []],
    ["a terminal of 60", 60, 60, []],
    ["a terminal of 80", 80, 80, []],
    ["a terminal of 140", 140, 140, []],
    ["a terminal of 80, with the stacks", 80, 80, ["--all"]],
  ])("is never wider than %s", async (_, columns, most, args) => {
    const stacks = { dev: exported(...each), "organization/another-project/production": exported(...each, ...many) };
    const options = { now: NOW, ...(columns !== undefined && { columns }), pulumi: engine(stacks) };
    const { stdout } = await cli(["status", ...args], options);
    expect(Math.max(...widths(stdout))).toBeLessThanOrEqual(most);
    // One line a token, under one line of titles.
    expect(tableOf(stdout)).toHaveLength(1 + (args.length > 0 ? 2 * 8 + 20 : 8));
    expect(stdout).not.toContain("private");
  });

  it("of 20 tokens of which half are due names each of them once below", async () => {
    const { stdout } = await cli(["status"], { now: NOW, columns: 80, pulumi: engine({ dev: exported(...many) }) });
    const [table = "", lines = ""] = stdout.split("\n\n");
    expect([table.split("\n").length, lines.split("\n").length]).toEqual([21, 10]);
  });

  it("is in colour: what an update settles, what a person has to", async () => {
    const options = { now: NOW, columns: 80, colour: true, pulumi: engine({ dev: exported(...each) }) };
    const { stdout } = await cli(["status"], options);
    const painted = (code: number, text: string) => `\x1b[${code}m${text}\x1b[0m`;
    expect(stdout).toMatch(new RegExp(`due  .*${escaped(painted(33, "due"))}`));
    expect(stdout).toMatch(new RegExp(`guarded  .*${escaped(painted(31, "due"))}`));
    expect(stdout).toMatch(new RegExp(`web  .*${escaped(painted(32, "ok"))}`));
  });
  const escaped = (text: string) => text.replace(/[[\]\\]/g, "\\$&");
}); // prettier-ignore
