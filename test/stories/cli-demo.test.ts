import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import type { ToldAudit } from "../cli/histories";
import { commandLine, type CommandLineOptions } from "../support/command-line";
import { KeptDemo } from "../support/kept-demo";
import { filesWithLeaks, leaksIn } from "../support/leaks";

const ROOT = join(__dirname, "..", "..");
const PATIENCE_MS = 600_000;

let kept: KeptDemo;
/** The credential, and the values of tokens, which nothing may print. */
const secrets: string[] = [];

beforeAll(async () => {
  kept = await KeptDemo.start();
  secrets.push(kept.environment()["BIGCOMMERCE_ACCESS_TOKEN"] ?? "");
  await learn();
}, PATIENCE_MS);

afterAll(async () => {
  const { code, output, left } = await kept.close();
  expect({ code, leaks: leaksIn(output, secrets) }).toEqual({ code: 0, leaks: 0 });
  expect(output).toMatch(/^step 14 of 14 {2}/m);
  expect(output).toMatch(/done and tidied up in \d+ s\n/);
  expect(left).toEqual([expect.stringMatching(/^bigcommerce-tokens-report-/)]);
}, PATIENCE_MS);

afterEach(() => {
  expect(leaksIn(kept.output, secrets)).toBe(0);
  expect(kept.output).not.toMatch(/eyJ[\w-]{8,}/);
});

const run = (args: readonly string[], options?: CommandLineOptions) => commandLine(kept, args, options);
const ok = async (args: readonly string[], options?: CommandLineOptions): Promise<string> => {
  const { code, stdout, stderr } = await run(args, options);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return stdout;
};
const passphrase = () => {
  const { PULUMI_CONFIG_PASSPHRASE } = kept.environment();
  return { env: { PULUMI_CONFIG_PASSPHRASE } };
};

/** The values of the tokens that there are now. */
async function learn(): Promise<Readonly<Record<string, string>>> {
  const outputs = JSON.parse(await kept.pulumi("stack", "output", "--json", "--show-secrets")) as Record<string, string>; // prettier-ignore
  const tokens = ["serverToken", "webToken", "supportToken"].map((name) => outputs[name] ?? "");
  for (const token of tokens) if (!secrets.includes(token)) secrets.push(token);
  return outputs;
}

interface Rows {
  readonly tokens: readonly Readonly<Record<string, string>>[];
}
/** `resource, role, state`, and what the store says. */
async function rows(...args: readonly string[]) {
  const { code, stdout } = await run(["status", "--json", ...args]);
  const { tokens } = JSON.parse(stdout) as Rows;
  return {
    code,
    rows: tokens.map(({ resource, role, state, inTheStore }) =>
      [resource, role, state, inTheStore].filter((each) => each !== undefined).join(", "),
    ),
  };
}
const fingerprint = async (name: string) => {
  const { tokens } = JSON.parse(await ok(["status", "--json"])) as Rows;
  return tokens.find(({ resource, role }) => resource === name && role === "current")?.["fingerprint"] ?? "";
};

const STORY = [
  ...["#1 minted server confirmed", "#1 minted support confirmed", "#1 minted web confirmed"],
  ...["#3 left to expire server reported", "#3 rotated server confirmed"],
  ...["#4 replaced server confirmed", "#4 revoked server reported", "#4 revoked server reported"],
  ...["#5 revoked server reported", "#5 revoked support reported", "#5 revoked web reported"],
  ...["#6 minted server confirmed", "#6 minted support confirmed", "#6 minted web confirmed"],
];

// Each step goes on from the one before.
it("status: a table where there is room, and what fits where there is not", async () => {
  expect(await rows()).toEqual({
    code: 0,
    rows: ["server, current, ok", "support, current, ok", "web, current, ok"],
  });
  const [head = "", ...lines] = (await ok(["status"])).split("\n");
  expect(head).toMatch(/^resource .* state$/);
  expect(lines.slice(0, 3).map((line) => line.split(" ")[0])).toEqual(["server", "support", "web"]);
  const narrow = await ok(["status"], { env: { COLUMNS: "80" } });
  expect(Math.max(...narrow.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
});

it("audit: what the demo told, from its history and what its updates printed", async () => {
  const { events } = JSON.parse(await ok(["audit", "--events", "up.log", "--json"])) as ToldAudit;
  const told = events.map(
    ({ update, what, token, evidence }) => `#${update?.number} ${what} ${token?.resource} ${evidence}`,
  );
  expect(told.sort()).toEqual(STORY);
  const inferred = JSON.parse(await ok(["audit", "--json"])) as ToldAudit;
  expect(inferred.events.filter(({ what }) => what === "revoked")).toEqual([]);
});

it("audit: as a table, as markdown and as the page that the demo wrote", async () => {
  const table = await ok(["audit", "--events", "up.log"]);
  expect(table.match(/^#\d/gm)).toHaveLength(STORY.length);
  const markdown = await ok(["audit", "--events", "up.log", "--format", "markdown"]);
  expect(markdown.match(/^\| `#\d/gm)).toHaveLength(STORY.length);
  const page = await ok(["audit", "--events", "up.log", "--format", "html"]);
  const [folder = ""] = readdirSync(kept.root).filter((name) =>
    name.startsWith("bigcommerce-tokens-report-"),
  );
  const report = readFileSync(join(kept.root, folder, "report.html"), "utf8");
  const prints = (html: string) => [...new Set(html.match(/(?<=>)[0-9a-f]{16}(?=<)/g))].sort();
  expect(prints(report)).toHaveLength(8);
  expect(prints(page)).toEqual(prints(report));
  expect(leaksIn(report, secrets)).toBe(0);
});

it("audit --live-between: who could do something, and when nobody could", async () => {
  const alive = async (from: string, to: string) =>
    (JSON.parse(await ok(["audit", "--events", "up.log", "--json", "--live-between", from, to])) as ToldAudit).alive; // prettier-ignore
  const far = ["2126-01-01", "2126-01-02"] as const;
  expect(await alive(...far)).toEqual([]);
  expect(await alive("1d", new Date().toISOString())).toHaveLength(8);
  const soon = new Date(Date.now() + 3_600_000).toISOString();
  const then = (await alive(soon, soon)) ?? [];
  const sure = then.filter(({ isSure }) => isSure);
  expect(sure.map(({ resource }) => resource).sort()).toEqual(["server", "support", "web"]);
  // A printed line alone proves no revocation.
  expect(then.length).toBeGreaterThan(sure.length);
});

it("inspect: a token of the demo's last update", async () => {
  const { serverToken = "" } = await learn();
  const known = await ok(["inspect"], { stdin: serverToken });
  expect(known).toContain("server (private), stack dev: ok");
  expect(known).toContain(await fingerprint("server"));
});

it("doctor: nothing is wrong with the demo's store and program", async () => {
  expect(await ok(["doctor"])).not.toMatch(/BAD/);
});

it("preview: nothing at first, then what a wider token would do", async () => {
  expect(await ok(["preview"], passphrase())).toBe(
    "An update now: no token is minted, rotated, replaced or removed.\n",
  );
  kept.edit('scopes: ["Unauthenticated"]', 'scopes: ["Unauthenticated", "Customer"]');
  const { tokens } = JSON.parse(await ok(["preview", "--json"], passphrase())) as {
    tokens: readonly { resource: string; what: string; ends: readonly { end: string }[] }[];
  };
  expect(tokens.map(({ resource, what, ends }) => [resource, what, ends.map(({ end }) => end)])).toEqual([
    ["server", "replace", ["left to expire"]],
  ]);
});

it("audit diff: what an update did, from the exports before and after it", async () => {
  await kept.pulumi("stack", "export", "--file", "before.json");
  await kept.shell("pulumi up --yes 2>&1 | tee -a up.log");
  await kept.pulumi("stack", "export", "--file", "after.json");
  await learn();
  const { events } = JSON.parse(
    await ok(["audit", "diff", "before.json", "after.json", "--json"]),
  ) as ToldAudit;
  expect(events.map(({ what, token }) => `${what} ${token?.resource}`).sort()).toEqual([
    ...["left to expire server", "replaced server"],
  ]);
  const whole = JSON.parse(await ok(["audit", "--events", "up.log", "--json"])) as ToldAudit;
  expect(
    whole.events
      .slice(-2)
      .map(({ update, what }) => `#${update?.number} ${what}`)
      .sort(),
  ).toEqual([...["#7 left to expire", "#7 replaced"]]);
});

it("retire: the predecessor is shown, then revoked; the store's list agrees", async () => {
  expect((await rows()).rows).toContain("server, predecessor, left to expire");
  const [, predecessor = ""] = secrets;
  const inspected = await ok(["inspect"], { stdin: predecessor });
  expect(inspected).toContain("previous token of server (private), stack dev: left to expire");
  expect(await ok(["retire"])).toContain("server");
  await ok(["retire", "--yes"]);
  const live = await rows("--live");
  expect(live.rows).toContain("server, current, ok, live");
  expect(live.rows).not.toContain("server, predecessor, left to expire, live");
});

it("revoke: a token by its fingerprint, until the store's GraphQL refuses it", async () => {
  const revoked = await run(["revoke", "--fingerprint", await fingerprint("web")], passphrase());
  expect(revoked).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('answers "Unknown JWT token"'),
    stderr: expect.stringMatching(
      /^\w{16} is the token of web \(storefront\) in stack organization\/demo\/dev .*\n$/,
    ),
  });
  const { code, rows: now } = await rows("--live");
  expect({ code, now }).toEqual({
    code: 3,
    now: expect.arrayContaining(["web, current, ok, revoked outside"]),
  });
});

it("orphans: none, then what an update that was cut off had left", async () => {
  expect(await ok(["orphans"])).toContain("organization/demo/dev");
  const { BIGCOMMERCE_API_URL = "", BIGCOMMERCE_ACCESS_TOKEN = "" } = kept.environment();
  await fetch(`${BIGCOMMERCE_API_URL}/stores/abc123/v3/storefront/api-token-private`, {
    method: "POST",
    headers: {
      ...{ "X-Auth-Token": BIGCOMMERCE_ACCESS_TOKEN, Accept: "application/json" },
      "Content-Type": "application/json",
    },
    body: JSON.stringify({
      ...{ channel_ids: [1], scopes: ["Customer"], expires_at: 0 },
      name: `organization/demo/dev/private/server#${"0af1".repeat(8)}`,
    }),
  });
  const later = {
    NODE_OPTIONS: `--require ${join(ROOT, "test", "support", "clock-preload.cjs")}`,
    TEST_CLOCK_OFFSET_S: "7200",
  };
  const { code, stdout } = await run(["orphans"], { env: later });
  expect(code).toBe(3);
  expect(stdout).toContain("1 orphan of organization/demo/dev:");
});

it("emulator: one of one's own beside the demo's, as its README says", async () => {
  const readme = readFileSync(join(ROOT, "emulator", "README.md"), "utf8");
  const block = (language: string) =>
    new RegExp(`^\`\`\`${language}\n([^\`]+)\`\`\`$`, "m").exec(readme)?.[1] ?? "";
  writeFileSync(join(kept.folder, "program", "seed.json"), block("json"));
  const look = `node -e 'fetch(process.env.BIGCOMMERCE_API_URL).then(({ status }) => console.log("status", status, process.env.BIGCOMMERCE_API_URL))'`;
  const printed = await kept.shell(`${block("sh").replace("# ... your tests ...", look)}wait`);
  const [, url = ""] = /^status 404 (http:\/\/127\.0\.0\.1:\d+)$/m.exec(printed) ?? [];
  expect(url).not.toBe("");
  expect(url).not.toBe(kept.environment()["BIGCOMMERCE_API_URL"]);
  await expect(fetch(url)).rejects.toThrow();
});

it("no secret stands in what is left of it all, but in the file that hands over the credential", () => {
  const files = filesWithLeaks(kept.folder, secrets).map((file) => file.slice(kept.folder.length + 1));
  expect(files).toEqual(["env.sh"]);
  expect(existsSync(join(kept.folder, "env.sh"))).toBe(true);
});
