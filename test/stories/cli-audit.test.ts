import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import type { ToldAudit } from "../cli/histories";
import { mintByHand } from "../support/by-hand";
import { commandLine } from "../support/command-line";
import { DAY } from "../support/program";
import { HOST, itOnClasses, Stack } from "../support/stack";

const SERVER = (channels: string) =>
  `const server = new PrivateToken("server", { channelIds: ${channels}, scopes: ["Customer"], lifetime: "90d", rotateBefore: "30d" });
   new Consumer("shop", { value: server.fingerprint });`;
const WEB = `new StorefrontToken("web", { channelIds: [1], allowedCorsOrigins: ["https://a.example"], lifetime: "360d" });`;
const LEGACY = `new PrivateToken("legacy", { adopt: new pulumi.Config().requireSecret("byHand"), channelIds: [1], scopes: ["Unauthenticated"], lifetime: "90d" });`;

/** What an event log makes sure. A line of the plugin could be anybody's. */
const SURE =
  HOST === "plugin"
    ? { accepted: "reported", confirmed: "reported" }
    : { accepted: "accepted", confirmed: "confirmed" };

let stack: Stack;
/** What each update printed, and the log of its events, which holds every token in clear. */
const prints = () => join(stack.folder, "up.log");
const eventLog = () => join(stack.folder, "up.jsonl");
const text = (file: string) => {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
};

async function up(...args: readonly string[]): Promise<void> {
  const one = join(stack.folder, "one.jsonl");
  const { output } = await stack.pulumi("up", "--yes", "--skip-preview", "--event-log", one, ...args);
  writeFileSync(prints(), text(prints()) + output);
  writeFileSync(eventLog(), text(eventLog()) + text(one));
}

async function told(...args: readonly string[]): Promise<ToldAudit> {
  const { code, stdout, stderr } = await commandLine(stack, ["audit", "--format", "json", ...args]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return JSON.parse(stdout) as ToldAudit;
}

/** `#update what resource (evidence)`. */
const lines = ({ events }: ToldAudit) =>
  events.map(({ update, what, token, evidence }) => `#${update?.number ?? "-"} ${what} ${token?.resource ?? "-"} (${evidence})`); // prettier-ignore

beforeAll(async () => {
  stack = await Stack.start(SERVER("[1]") + WEB);
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=Ann", "-c", "user.email=ann@a.example", ...args], { cwd: join(stack.folder, "program"), stdio: "ignore" }); // prettier-ignore
  git("init");
  git("add", ".");
  git("commit", "-m", "tokens of the shop");
  // The option --event-log exists with this alone.
  stack.env["PULUMI_DEBUG_COMMANDS"] = "true";
  await up("--message", "first | <b>tokens</b>");
  stack.advance(65 * DAY);
  await up();
  await stack.ok("stack", "export", "--file", "before.json");
  stack.program(SERVER("[2]") + WEB);
  stack.env["FAIL_CONSUMER"] = "1";
  await up();
  delete stack.env["FAIL_CONSUMER"];
  stack.env["PULUMI_DIY_BACKEND_GZIP"] = "true";
  await up();
  stack.program(SERVER("[2]"));
  stack.env["BIGCOMMERCE_ON_DELETE"] = "letExpire";
  await up();
  delete stack.env["BIGCOMMERCE_ON_DELETE"];
  await stack.ok("stack", "export", "--file", "after.json");
});
afterAll(() => stack.close());

const FROM_STATE = [
  "#1 minted server (confirmed)",
  "#1 minted web (confirmed)",
  "#2 rotated server (confirmed)",
  "#2 left to expire server (inferred)",
  "#3 replaced server (confirmed)",
  "#3 failed server (inferred)",
];

it("tells a real history, half of it compressed, without a passphrase, and calls nothing revoked", async () => {
  const story = lines(await told());
  expect(story.slice(0, 2).sort()).toEqual(FROM_STATE.slice(0, 2));
  expect(story.slice(2, 6)).toEqual(FROM_STATE.slice(2));
  expect(story.slice(6).sort()).toEqual([
    "#4 ended server (inferred)",
    "#4 ended server (inferred)",
    "#5 ended web (inferred)",
  ]);
});

it("names author, commit, message and time of an update, and the input that replaced a token", async () => {
  const { events } = await told();
  expect(events[0]?.update).toMatchObject({
    ...{ number: 1, kind: "update", result: "succeeded", message: "first | <b>tokens</b>", user: "Ann" },
    ...{ commit: expect.stringMatching(/^[0-9a-f]{40}$/), isDirty: false, startedAt: expect.any(String) },
  });
  expect(events.find(({ what }) => what === "replaced")?.changes).toEqual([
    { input: "channelIds", from: "[1]", to: "[2]" },
  ]);
});

it.each(["up.log", "up.jsonl"])(
  "knows from %s what BigCommerce accepted, or is said to have, and that is what it revoked",
  async (log) => {
    const audit = await told("--events", join(stack.folder, log));
    const revoked = audit.events.filter(({ what }) => what === "revoked");
    const evidence = log === "up.log" ? "reported" : SURE.accepted;
    expect(revoked.map((each) => each.evidence)).toEqual([evidence, evidence]);
    expect(revoked.map(({ token }) => token?.fingerprint).sort()).toEqual(
      stack.emulator.issued.filter(({ revokedAt }) => revokedAt !== undefined).map(({ fingerprint }) => fingerprint).sort(), // prettier-ignore
    );
    expect(lines(audit)).toContain(
      `#5 left to expire web (${log === "up.log" || HOST === "plugin" ? "reported" : "inferred"})`,
    );
  },
);

itOnClasses("names exactly the tokens that were alive in a span", async () => {
  const now = stack.emulator.clock.now();
  const at = (time: number) => new Date(time * 1_000).toISOString();
  for (const [from, to] of [
    [now - 60 * DAY, now - 50 * DAY],
    [now + 10, now + 20],
    [now + 100 * DAY, now + 200 * DAY],
  ] as const) {
    // prettier-ignore
    const { alive } = await told("--events", eventLog(), "--live-between", at(from), at(to));
    const live = stack.emulator.issued.filter(
      ({ issuedAt, expiresAt, revokedAt }) => issuedAt <= to && Math.min(expiresAt ?? Infinity, revokedAt ?? Infinity) > from, // prettier-ignore
    );
    expect(alive?.map(({ fingerprint }) => fingerprint).sort()).toEqual(live.map(({ fingerprint }) => fingerprint).sort()); // prettier-ignore
    // What is only said to be revoked is named as well, and not as sure.
    const said = await told("--events", prints(), "--live-between", at(from), at(to));
    const sure = said.alive?.filter(({ isSure }) => isSure) ?? [];
    expect(sure.map(({ fingerprint }) => fingerprint).sort()).toEqual(live.map(({ fingerprint }) => fingerprint).sort()); // prettier-ignore
  }
});

it("tells two real exports apart", async () => {
  expect(lines(await told("diff", "before.json", "after.json")).sort()).toEqual([
    "#- ended server (inferred)",
    "#- ended server (inferred)",
    "#- ended web (inferred)",
    "#- replaced server (confirmed)",
  ]);
});

it("shows no token in any format, not even from a log that holds them", async () => {
  const secrets = stack.emulator.issued.map(({ token }) => token);
  expect(secrets.some((secret) => text(eventLog()).includes(secret))).toBe(true);
  for (const format of ["table", "json", "markdown", "html"]) {
    const { code, stdout } = await commandLine(stack, ["audit", "--format", format, "--events", eventLog()]);
    expect(code).toBe(0);
    expect(secrets.filter((secret) => stdout.includes(secret))).toEqual([]);
  }
});

/** As somebody does it who does not know of the stack. */
async function revokeOutside(token: string): Promise<void> {
  const credential = stack.env["BIGCOMMERCE_ACCESS_TOKEN"] ?? "";
  await fetch(`${stack.emulator.url}/stores/${stack.store}/v3/storefront/api-token`, {
    method: "DELETE",
    headers: { "X-Auth-Token": credential, "Sf-Api-Token": token, Accept: "application/json" },
  });
}

/** The last token minted, as its owner knows it. */
const newest = () => stack.emulator.issued.at(-1)!;

// Each step from here on goes on from the one before.
it("tells a token that was made by hand from one that was minted, before it is adopted and after", async () => {
  const body = { channel_ids: [1], scopes: ["Unauthenticated"] };
  const credential = stack.env["BIGCOMMERCE_ACCESS_TOKEN"] ?? "";
  await stack.ok("config", "set", "--secret", "byHand", await mintByHand(stack.emulator, { store: stack.store, credential, family: "api-token-private", endsInDays: 80, body })); // prettier-ignore
  stack.advance(DAY);
  stack.program(SERVER("[2]") + LEGACY);
  const { PULUMI_CONFIG_PASSPHRASE } = stack.environment();
  const { stdout } = await commandLine(stack, ["preview", "--json"], { env: { PULUMI_CONFIG_PASSPHRASE } });
  const { tokens } = JSON.parse(stdout) as { tokens: { resource: string; what: string }[] };
  expect(tokens.map(({ resource, what }) => `${resource} ${what}`)).toEqual(["legacy adopt"]);

  await up();
  const { fingerprint, issuedAt } = newest();
  for (const log of [[], ["--events", prints()], ["--events", eventLog()]]) {
    const audit = await told(...log);
    const adoption = audit.events.filter(({ what }) => what === "adopted");
    expect(adoption).toMatchObject([{ token: { fingerprint }, update: { number: 6 }, detail: expect.stringMatching(/^issued at/) }]);
  }
  const [from, to] = [issuedAt + 1, issuedAt + 2].map((time) => new Date(time * 1_000).toISOString());
  const { alive } = await told("--live-between", from ?? "", to ?? "");
  expect(alive?.map((token) => token.fingerprint)).toContain(fingerprint);
}); // prettier-ignore

const ends = async (print: string, ...args: readonly string[]) =>
  (await told(...args)).tokens?.find(({ fingerprint }) => fingerprint === print)?.end;

it("knows what a refresh saw gone: status says due, an up with its arguments replaces it, audit when it ended", async () => {
  const { token, fingerprint } = newest();
  const server = String((await stack.token("server")).outputs["fingerprint"]);
  await revokeOutside(token);
  await revokeOutside(stack.emulator.issued.find((each) => each.fingerprint === server)?.token ?? "");
  await stack.ok("refresh", "--yes", "--skip-preview");
  const status = await commandLine(stack, ["status"]);
  expect([status.code, status.stdout]).toEqual([2, expect.stringMatching(/\nlegacy \w{16}: missing[^\n]*; the next `pulumi up` mints a new one\n/)]);
  const due = await commandLine(stack, ["status", "--urns-due"]);
  const targets = [`--target=${await stack.urn("legacy")}`, `--target=${await stack.urn("server")}`];
  expect([due.code, due.stdout.trim().split("\n")]).toEqual([2, [...targets, "--target-dependents"]]);

  await up(...due.stdout.trim().split("\n"));
  const story = lines(await told()).slice(-5);
  expect([...story].sort()).toEqual([
    ...["#6 adopted legacy (inferred)", "#7 drifted legacy (confirmed)"],
    ...["#7 drifted server (confirmed)", "#8 replaced legacy (confirmed)", "#8 replaced server (confirmed)"],
  ]);
  for (const print of [fingerprint, server]) expect(await ends(print)).toMatchObject({ how: "drifted", evidence: "confirmed" });
}); // prettier-ignore

it("takes the word of an up --refresh for what it saw gone, and replaced at once; printed, it is reported", async () => {
  const { token, fingerprint } = newest();
  await revokeOutside(token);
  await up("--refresh");
  expect(await ends(fingerprint)).toMatchObject({ evidence: "inferred" });
  for (const [log, evidence] of [[prints(), "reported"], [eventLog(), SURE.confirmed]] as const) {
    expect(await ends(fingerprint, "--events", log)).toMatchObject({ how: "drifted", evidence });
  } // prettier-ignore
});

it("has the history after a destroy, and says what is missing once the stack is removed", async () => {
  await stack.destroy();
  expect(lines(await told()).at(-1)).toMatch(/^#10 ended (server|legacy) \(inferred\)$/);
  await stack.ok("stack", "rm", "--yes");
  const { code, stderr } = await commandLine(stack, ["audit", "--stack", "dev"]);
  expect({ code, stderr }).toEqual({ code: 1, stderr: "pulumi-bigcommerce-tokens: there is no stack dev in this backend\n" }); // prettier-ignore
});
