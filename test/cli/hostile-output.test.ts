import { cli, type FakeSystemOptions, fakeSystem, quickClock } from "./fake-system";
import { runProgram } from "../../cli/program";
import { fingerprint } from "../../provider/domain/fingerprint";
import { filesAt, FOLDER, FORGED, hostilePulumi, JWT, MODULES, NASTY, openHostileStore } from "./hostile";
import { exported, NOW, token } from "./states";

/** All that a terminal obeys, but line feeds and our own colours. */
const OBEYED = /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u;
const OWN_COLOUR = /\x1b\[(?:1|2|31|32|33|0)m/g;

let store: Awaited<ReturnType<typeof openHostileStore>>;
beforeAll(async () => {
  store = await openHostileStore();
});
afterAll(() => store.close());

function system(rest: FakeSystemOptions = {}): FakeSystemOptions {
  const env = { BIGCOMMERCE_API_URL: store.url, BIGCOMMERCE_ACCESS_TOKEN: "c".repeat(31) };
  return {
    clock: quickClock(NOW),
    env,
    files: filesAt(store.url),
    modules: MODULES,
    pulumi: hostilePulumi(store.url),
    ...rest,
  };
}

function expectHarmless(text: string): void {
  const plain = text.replace(OWN_COLOUR, "");
  const at = [plain.search(OBEYED), plain.indexOf(JWT.slice(0, 30))].filter((each) => each >= 0);
  expect(at.map((each) => JSON.stringify(plain.slice(Math.max(0, each - 60), each + 20)))).toEqual([]);
  expect(text.split("\n").filter((line) => line.startsWith(FORGED))).toEqual([]);
}

const BY_FORMAT = (args: readonly string[], formats: readonly string[]) =>
  formats.map((format) => [...args, "--format", format]);
const STATE = ["--file", `state${NASTY}`];
const HISTORY = ["--history", FOLDER];
const PRINT = ["--fingerprint", "706c61696e303030"];

const COMMANDS: readonly (readonly string[])[] = [
  ...[[], ["--json"], ["--urns-due"], ["--live"], ["--live", "--json"], ["--all"], STATE, ["--stack", NASTY]].map((args) => ["status", ...args]),
  ...[["--stack", JWT], ["--file", NASTY], ["--file", `broken${NASTY}`], ["--within", NASTY], ["--all", ...STATE]].map((args) => ["status", ...args]),
  ...BY_FORMAT(["audit", ...HISTORY, "--events", `log${NASTY}`, "--events", `quiet${NASTY}`], ["table", "json", "markdown", "html"]),
  ...BY_FORMAT(["audit", ...HISTORY, "--live-between", "2026-12-01", "2027-01-01"], ["table", "json", "markdown", "html", NASTY]),
  ...BY_FORMAT(["audit", "diff", `before${NASTY}`, `state${NASTY}`], ["table", "json", "markdown", "html"]),
  ...[["--history", `other${NASTY}`], ["--history", NASTY], ["--history", NASTY, "--stack", NASTY], ["--stack", NASTY], ["--since", NASTY], ["--events", NASTY], []].map((args) => ["audit", ...args]),
  ["audit", "diff", NASTY, `broken${NASTY}`],
  ...[[], ["--json"], HISTORY, ["--history", NASTY], STATE, ["--stack", NASTY]].map((args) => ["inspect", ...args]),
  ...[[], ["--json"], ["--all"], STATE, ["--file", NASTY]].map((args) => ["doctor", ...args]),
  ...BY_FORMAT(["preview"], ["table", "json", "markdown", NASTY]),
  ...BY_FORMAT(["preview", "--file", `preview${NASTY}`], ["table", "json", "markdown"]),
  ...[["--file", `failed${NASTY}`], ["--file", NASTY], ["--stack", NASTY], ["--", NASTY, JWT]].map((args) => ["preview", ...args]),
  ...[[], ["--json"], ["--stack", NASTY], ["--store", "abc123"], ["--store", NASTY], ["--store", "abc123", "--wait", NASTY], PRINT, [...PRINT, "--json"], ["--fingerprint", NASTY], [...PRINT, "--store", "zzz"]].map((args) => ["revoke", "--wait", "0", ...args]),
  ...[[], ["--json"], ["--yes"], ["--yes", "--json"], ["--stack", NASTY]].map((args) => ["retire", ...args]),
  ...[[], ["--json"], ["--store", NASTY], ["--store", JWT], ["--stack", NASTY], ["--stack", `organization/shop/dev${NASTY}`], ["--revoke", "--jti", NASTY], ["--revoke", "--jti", "jti-stray"], ["--revoke", "--jti", "jti-stray", "--json"], ["--revoke", "--fingerprint", NASTY]].map((args) => ["orphans", ...args]),
  ...[["--seed", `seed${NASTY}`], ["--seed", NASTY], ["--port", NASTY], ["--generation", NASTY]].map((args) => ["emulator", ...args]),
  ...[[], ["--help"], [NASTY], ["status", `--${NASTY}`], ["audit", "--help"], ["help", NASTY], ["inspect", JWT]],
]; // prettier-ignore

/** The displays that make a difference: text alone is laid out for a terminal. */
function displaysOf(args: readonly string[]): readonly FakeSystemOptions[] {
  const isText = !args.some((each) => /^(--json|json|markdown|html)$/.test(each));
  const terminals = [60, 200].map((columns) => ({ columns, colour: true }));
  return isText ? [{}, ...terminals] : [terminals[0]!];
}

const TITLED = COMMANDS.map(
  (args, at) =>
    [`${at} ${args.join(" ").replaceAll(NASTY, "(hostile)").replaceAll(JWT, "(token)")}`, args] as const,
);

it.each(TITLED)("no control or bidi character, forged line or token comes out of %s", async (_, args) => {
  for (const options of displaysOf(args)) {
    const stdin = args[0] === "inspect" || args[0] === "revoke" ? JWT : "";
    const interrupted = Promise.resolve();
    const told = await cli(args, system({ stdin, interrupted, answers: ["y"], ...options }));
    expect(told.stdout + told.stderr).toMatch(/./);
    expect(told.stdout + told.stderr).not.toMatch(/internal error/);
    expectHarmless(told.stdout);
    expectHarmless(told.stderr);
  }
}); // prettier-ignore

it.each([
  ...[["stack export"], ["stack ls"], ["whoami"], ["config"], ["preview"], ["version"]],
])("nor where Pulumi fails at %s, and says so in such words", async (verb) => {
  for (const command of [["status"], ["audit"], ["inspect"], ["doctor"], ["preview"], ["retire"], ["orphans"], ["revoke", ...PRINT], ["revoke"], ["revoke", "--store", "abc123"]]) {
    const told = await cli([...command, "--json"], system({ stdin: JWT, pulumi: hostilePulumi(store.url, [verb]) }));
    expect(told.stdout + told.stderr).not.toMatch(/internal error/);
    expectHarmless(told.stdout);
    expectHarmless(told.stderr);
  }
}); // prettier-ignore

it("the question of orphans --revoke is asked in one harmless line", async () => {
  const { system: host, told } = fakeSystem(["orphans", "--revoke", "--jti", "jti-stray"], system({ answers: ["n"] })); // prettier-ignore
  await runProgram(host);
  expect(told().stderr).toMatch(
    /^Revoke private token jti-stray of organization\/shop\/dev\/private\/x[^\n]+\? \[y\/N\] $/,
  );
  expectHarmless(told().stderr);
});

it.each([
  ["that a state holds", JWT, "jti-x", { outputs: { fingerprint: fingerprint(JWT), label: NASTY, apiAccount: NASTY, storeHash: "abc123" } }],
  ["that a state of another store holds", JWT, "jti-x", { outputs: { fingerprint: fingerprint(JWT), storeHash: NASTY } }],
  ["with the id of a token that a state holds", `eyJ.${Buffer.from(JSON.stringify({ jti: "jti-x", token_type: 3 })).toString("base64url")}.x`, "jti-x", { outputs: { fingerprint: NASTY } }],
])("nor of revoke, for a token %s under hostile names", async (_, stdin, id, options) => {
  const resource = token(NASTY, { stack: `dev${NASTY}`, id, ...options });
  const hostile = hostilePulumi(store.url);
  const pulumi: FakeSystemOptions["pulumi"] = (args) =>
    args[1] === "export" && args.some((each) => each.includes(NASTY)) ? { stdout: exported(resource) } : hostile(args);
  for (const args of [[], ["--json"], ["--store", "abc123"], ["--store", "zzz"]]) {
    const told = await cli(["revoke", "--wait", "0", ...args], system({ stdin, pulumi }));
    expect(told.stdout + told.stderr).toMatch(/./);
    expect(told.stdout + told.stderr).not.toMatch(/internal error/);
    expectHarmless(told.stdout);
    expectHarmless(told.stderr);
  }
}); // prettier-ignore

it("JSON keeps every value as it is", async () => {
  const { stdout } = await cli(["status", "--json"], system());
  const { tokens } = JSON.parse(stdout) as { tokens: { label?: string; resource: string }[] };
  expect(tokens.map(({ resource }) => resource)).toContain(`p${NASTY}`);
  expect(tokens.map(({ label }) => label)).toContain(NASTY);
});

it("colours of a text are not taken for our own, which stay", async () => {
  const { stdout } = await cli(["status"], system({ columns: 400, colour: true }));
  expect(stdout).toMatch(/\x1b\[33mdue\x1b\[0m/);
  expect(stdout).not.toMatch(/\x1b\[31mred/);
});
