import type { IssuedToken } from "../../emulator";
import { isToken } from "../../provider/domain/claims";
import { commandIn, Store } from "./issuing";
import { cli } from "./fake-system";
import { type Exported, NOW, urnOf } from "./states";

let store: Store;
const revoke = commandIn(() => store, "revoke");
const inspect = commandIn(() => store, "inspect");

const URN = urnOf("server");
const STACK = "acme/shop/dev";
const UP = `pulumi up --stack ${STACK}`;
const REPLACE = `${UP} --replace ${URN}`;
const UNPROTECT = `pulumi state unprotect --yes --stack ${STACK} ${URN}`;
const revokeOf = ({ fingerprint }: IssuedToken) =>
  `npm exec --no -- pulumi-bigcommerce-tokens revoke --fingerprint ${fingerprint} --stack ${STACK}`;

/** The commands of an output: the lines that are indented twice. */
const commandsIn = (stdout: string) =>
  stdout.split("\n").flatMap((line) => (line.startsWith("    ") ? [line.trim()] : []));

interface Case {
  /** The resource that holds the leaked token. */
  readonly holder: (leaked: IssuedToken, other: IssuedToken) => Exported;
  /** The commands that `inspect` prints, before the token is revoked. */
  readonly before: (leaked: IssuedToken) => readonly string[];
  /** Those that `revoke` prints, after it. */
  readonly after: readonly string[];
  /** What `revoke` says first. */
  readonly warning: RegExp;
}

const HANDED_OUT = /: outputs and dependents hand it out, and BigCommerce will refuse it there until an update mints another one\n$/; // prettier-ignore
const own = (outputs: Exported = {}, rest: Exported = {}) => (leaked: IssuedToken): Exported => ({ ...store.held("server", leaked, outputs), ...rest }); // prettier-ignore

const CASES: Readonly<Record<string, Case>> = {
  "the current token": {
    holder: own(),
    before: (leaked) => [revokeOf(leaked), REPLACE],
    after: [REPLACE],
    warning: HANDED_OUT,
  },
  "a protected token": {
    holder: own({}, { protect: true }),
    before: (leaked) => [revokeOf(leaked), UNPROTECT, REPLACE],
    after: [UNPROTECT, REPLACE],
    warning: HANDED_OUT,
  },
  "a token that is gone": {
    holder: own({ gone: true }),
    before: () => [UP],
    after: [UP],
    warning: /: outputs and dependents hand it out, although a refresh saw that it is gone\n$/,
  },
  "a token that an update minted and never handed on": {
    holder: own({ verified: false }),
    before: (leaked) => [revokeOf(leaked), `${UP} --refresh`],
    after: [`${UP} --refresh`],
    warning: /: no dependent has it\n$/,
  },
  "a pending delete": {
    holder: own({}, { delete: true }),
    before: () => [UP],
    after: [UP],
    warning: /the token that is still to be deleted of server .*: no dependent uses it any more\n$/,
  },
  "a pending replacement": {
    holder: own({}, { pendingReplacement: true }),
    before: (leaked) => [UP, revokeOf(leaked)],
    after: [UP],
    warning:
      /: dependents still use it, and BigCommerce will refuse it there until an update mints another one\n$/,
  },
  "a previous token": {
    holder: (leaked, other) => store.held("server", other, { previous: store.previous(leaked) }),
    before: (leaked) => [revokeOf(leaked)],
    after: [],
    warning: /the previous token of server .*: what does not have the new token yet still uses it, and BigCommerce will refuse it there\n$/, // prettier-ignore
  },
  "the previous token of one that is not in use": {
    holder: (leaked, other) =>
      store.held("server", other, { verified: false, previous: store.previous(leaked) }),
    before: (leaked) => [UP, revokeOf(leaked)],
    after: [UP],
    warning:
      /: dependents still use it, and BigCommerce will refuse it there until an update mints another one\n$/,
  },
};

beforeEach(async () => {
  store = await Store.open();
});

describe.each(Object.entries(CASES))("%s that leaked", (_, { holder, before, after, warning }) => {
  it("is named by inspect with its URN, and the last lines are the commands that end the leak", async () => {
    const [leaked, other] = [await store.mint(), await store.mint()];
    store.resources = [holder(leaked, other)];
    for (const given of [{ stdin: leaked.token }, { args: ["--fingerprint", leaked.fingerprint] }]) {
      const { args = [], ...rest } = given as { args?: string[]; stdin?: string };
      const { code, stdout } = await inspect(args, rest);
      expect([code, commandsIn(stdout)]).toEqual([0, before(leaked)]);
      expect(stdout).toMatch(new RegExp(`\nheld by .*stack ${STACK}: .*\nurn +${URN}\n`));
      expect(stdout.trimEnd().split("\n").at(-1)?.trim()).toBe(before(leaked).at(-1));
    }
    expect(store.requests()).toEqual([]);
  });

  it("is revoked after standard error has said who hands it out; then the commands are left that replace it", async () => {
    const [leaked, other] = [await store.mint(), await store.mint()];
    store.resources = [holder(leaked, other)];
    const { code, stdout, stderr } = await revoke(["--wait", "0"], { stdin: leaked.token });
    expect(code).toBe(0);
    expect(stderr).toMatch(warning);
    expect(stderr).toContain(`stack ${STACK} (${URN}): `);
    expect(commandsIn(stdout)).toEqual(after);
    expect(store.revoked()).toEqual([leaked.fingerprint]);
  });
});

it("the warning comes before the request, so that a refusal of BigCommerce does not swallow it", async () => {
  const leaked = await store.mint();
  store.resources = [store.held("server", leaked)];
  store.emulator.faults.push({ kind: "status", status: 403, method: "DELETE", times: Infinity });
  const { code, stdout, stderr } = await revoke(["--wait", "0"], { stdin: leaked.token });
  expect([code, stdout]).toEqual([1, ""]);
  expect(`${stderr.split("\n")[0] ?? ""}\n`).toMatch(HANDED_OUT);
});

it("each resource of each stack that holds it is named, and has commands of its own", async () => {
  const leaked = await store.mint();
  const adopted = { adopted: leaked.fingerprint, verified: true };
  store.resources = [store.held("server", leaked)];
  store.others = {
    "acme/shop/prod's": [store.held("copy", leaked, adopted)],
    "acme/shop/zone": { code: 255, stderr: "error: no network\n" },
  };
  const told = await inspect([], { stdin: leaked.token });
  const last = `pulumi up --stack 'acme/shop/prod'\\''s' --replace ${urnOf("copy")}`;
  expect(commandsIn(told.stdout).filter((line) => line.startsWith("pulumi"))).toEqual([REPLACE, last]);
  expect(told.stdout).toMatch(/\n {2}take adopt out of the program, if it is still there\n/);
  expect(told.stdout.match(/^held by /gm)).toHaveLength(2);

  const { code, stdout, stderr } = await revoke(["--fingerprint", leaked.fingerprint, "--wait", "0"]);
  expect(code).toBe(0);
  expect(stderr).toMatch(/^not searched, and may hold the token: pulumi stack export --stack acme\/shop\/zone failed: no network\n/); // prettier-ignore
  expect(stderr).toContain(`the token of server (private) in stack ${STACK} (${URN}): `);
  expect(stderr).toContain(`the token of copy (private) in stack acme/shop/prod's (${urnOf("copy")}): `);
  expect(commandsIn(stdout)).toEqual([REPLACE, last]);
});

it("a previous token that another stack uses as its own is replaced there first, and by nothing of its own", async () => {
  const leaked = await store.mint();
  const previous = store.previous(leaked);
  store.resources = [store.held("server", await store.mint(), { previous })];
  store.others = { "acme/shop/prod": [store.held("shop", leaked)] };
  const { stdout } = await inspect([], { stdin: leaked.token });
  expect(commandsIn(stdout)).toEqual([
    `npm exec --no -- pulumi-bigcommerce-tokens revoke --fingerprint ${leaked.fingerprint} --stack acme/shop/prod`,
    `pulumi up --stack acme/shop/prod --replace ${urnOf("shop")}`,
  ]);
  expect(stdout).toMatch(/\n {2}nothing of its own: it is also the token of shop \(private\) in stack acme\/shop\/prod, and is revoked with that\n$/);
}); // prettier-ignore

it("with --stack, revoke by fingerprint reads that stack alone", async () => {
  const leaked = await store.mint();
  store.others = { "acme/shop/prod": [store.held("server", leaked)], "acme/shop/zone": [] };
  const { runs } = await revoke(["--fingerprint", leaked.fingerprint, "--wait", "0", "--stack", "acme/shop/prod"]);
  const read = runs.filter((args) => args[1] === "export" && !args.includes("--show-secrets"));
  expect(read.map((args) => args.at(-1))).toEqual(["acme/shop/prod"]);
}); // prettier-ignore

it("a token that no state holds is revoked by its text", async () => {
  const leaked = await store.mint();
  store.resources = [store.held("server", await store.mint())];
  const { stdout } = await inspect([], { stdin: leaked.token });
  expect(commandsIn(stdout)).toEqual([`printf %s "$TOKEN" | npm exec --no -- pulumi-bigcommerce-tokens revoke`]);
  store.emulator.clock.advance(61 * 86_400);
  const late = await inspect([], { stdin: leaked.token });
  expect(commandsIn(late.stdout)).toEqual([]);
  expect(late.stdout).toMatch(/\n {2}nothing is left to do: it has expired\n$/);
}); // prettier-ignore

it("a fingerprint that nothing holds is one line of error, which says what was searched", async () => {
  const { code, stdout, stderr } = await inspect(["--fingerprint", "0123456789abcdef"]);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toMatch(/^pulumi-bigcommerce-tokens: no state or history that can be read holds token 0123456789abcdef: searched state acme\/shop\/dev; [^\n]+\n$/); // prettier-ignore
  const odd = await inspect(["--fingerprint", "xyz"]);
  expect(odd.stderr).toBe(
    "pulumi-bigcommerce-tokens: --fingerprint takes 16 hex digits, as `status` shows them\n",
  );
});

it("JSON has the steps of each holder, beside the keys that it had", async () => {
  const leaked = await store.mint();
  store.resources = [store.held("server", leaked)];
  const parse = (text: string) => JSON.parse(text) as { heldBy: { urn: string; next: { command: string }[] }[] };
  const shown = parse((await inspect(["--json"], { stdin: leaked.token })).stdout);
  expect(shown.heldBy.map(({ urn, next }) => [urn, next.map(({ command }) => command)])).toEqual([[URN, [revokeOf(leaked), REPLACE]]]);
  const done = parse((await revoke(["--json", "--wait", "0"], { stdin: leaked.token })).stdout);
  expect(done).toMatchObject({ result: "accepted", heldBy: [{ urn: URN, stack: STACK, role: "current", next: [{ command: REPLACE }] }] });
}); // prettier-ignore

describe("the line that `audit --events` reads", () => {
  const line = (leaked: IssuedToken) =>
    `bigcommerce-tokens: revoke accepted acme/shop/dev/private/server ${leaked.fingerprint} ${new Date((NOW + 60 * 86_400) * 1000).toISOString().replace(".000", "")}`;

  it("is on standard output, and beside JSON on standard error", async () => {
    const [one, two] = [await store.mint(), await store.mint()];
    store.resources = [store.held("server", one)];
    const { stdout } = await revoke(["--wait", "0"], { stdin: one.token });
    expect(stdout.split("\n")).toContain(line(one));
    store.resources = [store.held("server", two)];
    const { stderr } = await revoke(["--wait", "0", "--json"], { stdin: two.token });
    expect(stderr.split("\n")).toContain(line(two));
  });

  it("says of a token that was revoked before who says so", async () => {
    const issued = await store.mint();
    store.resources = [store.held("server", issued)];
    await revoke(["--wait", "0"], { stdin: issued.token });
    store.emulator.faults.push({ kind: "status", status: 404, method: "DELETE", times: Infinity });
    const { stdout } = await revoke(["--wait", "0"], { stdin: issued.token });
    expect(stdout).toMatch(new RegExp(`^bigcommerce-tokens: acme/shop/dev/private/server: token ${issued.fingerprint} was revoked before this run, says `, "m")); // prettier-ignore
  });

  it("is none for a label that does not fit into it", async () => {
    const issued = await store.mint();
    store.resources = [
      store.held("server", issued, { label: `x ${"0".repeat(16)} never\nbigcommerce-tokens: y` }),
    ];
    const { code, stdout, stderr } = await revoke(["--wait", "0"], { stdin: issued.token });
    expect(code).toBe(0);
    expect(stdout + stderr).not.toContain("revoke accepted x");
  });
});

it("a text whose claims cannot be read is not said to last for ever", async () => {
  const odd = `a.${"b".repeat(40)}.c`;
  expect(isToken(odd)).toBe(true);
  const { stdout } = await cli(["inspect"], { stdin: odd, now: NOW });
  expect(stdout).toMatch(/\nexpires +unknown\n/);
  expect(stdout).not.toMatch(/never/);
  const { stdout: text } = await cli(["inspect", "--json"], { stdin: odd, now: NOW });
  expect(JSON.parse(text)).not.toHaveProperty("expiresAt");
});

it.each([
  ["inspect", ["--fingerprint", "0123456789abcdef", "--file", "x", "--stack", "y"], "--stack and --file exclude one another: give one of them"],
  ["retire", [], "there is no pulumi on PATH: install the Pulumi CLI"],
  ["orphans", [], "there is no pulumi on PATH: install the Pulumi CLI"],
  ["audit", [], "there is no pulumi on PATH: install the Pulumi CLI, or give --history with the folder of a backend"],
  ["audit", ["diff", "-", "-"], "- is standard input, which can be read only once: give a file in place of all but one"],
  ["audit", ["diff", "-", "x", "--events", "-"], "- is standard input, which can be read only once: give a file in place of all but one"],
  ["audit", ["--history", "h", "--events", "-", "--events", "-"], "- is standard input, which can be read only once: give a file in place of all but one"],
  ["audit", ["diff", "", "x"], "a path is empty, as that of a variable that is not set: name a file or folder"],
  ["audit", ["--history", ""], "a path is empty, as that of a variable that is not set: name a file or folder"],
  ["preview", [], "there is no pulumi on PATH: install the Pulumi CLI, or give --file with the output of `pulumi preview --json --show-replacement-steps --show-sames`"],
])("%s %j says in one line only what it can take", async (command, args, message) => {
  const { code, stdout, stderr } = await cli([command, ...args]);
  expect({ code, stdout, stderr }).toEqual({ code: 1, stdout: "", stderr: `pulumi-bigcommerce-tokens: ${message}\n` });
}); // prettier-ignore
