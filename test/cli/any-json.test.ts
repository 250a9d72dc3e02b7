import fc from "fast-check";

import { cli, type FakeSystemOptions, quickClock, type Told } from "./fake-system";
import { JWT } from "./hostile";
import { historyFiles } from "./histories";
import { day, deployment, NOW, previous, printOf, SECRET, shown, token, urnOf } from "./states";

type Json = unknown;

/** Every document that a command reads, as it should be. */
const state = deployment(
  token("a", { outputs: { previous: previous("b", { expiresAt: day(40) }), listName: "l", apiUrl: "https://x.example", effectiveExpiresAt: day(50), verified: true, gone: false, adopted: "x" } }),
  token("web", { kind: "storefront", outputs: { fingerprint: printOf("web"), allowedCorsOrigins: ["https://a.example"], channelIds: [1, shown(2), SECRET] } }),
  token("old", { outputs: { fingerprint: printOf("old") }, rest: { delete: true, taint: false, protect: false, initErrors: ["x"] } }),
); // prettier-ignore
const inputs = {
  label: "acme/shop/dev/private/a",
  storeHash: "abc123",
  channelIds: [1],
  scopes: ["Customer"],
  expiresAt: day(90),
  lifetime: "90d",
  rotateBefore: "30d",
  overlap: "auto",
  onDelete: "revoke",
};
const type = "pulumi-nodejs:dynamic/bigcommerce:PrivateToken";
const step = (op: string, rest: object) => ({
  ...{ op, urn: urnOf("a"), replaceReasons: ["scopes", "expiresAt"] },
  oldState: {
    type,
    id: "jti-a",
    inputs,
    outputs: {
      ...inputs,
      expiresAt: day(10),
      fingerprint: printOf("a"),
      effectiveExpiresAt: day(9),
      previous: previous("b", { expiresAt: day(40) }),
    },
  },
  newState: { type, inputs, outputs: inputs },
  ...rest,
});
const DOCUMENTS: Readonly<Record<string, Json>> = {
  export: { version: 3, deployment: { ...state, pending_operations: [{ resource: token("p"), type: "creating" }] } },
  update: { kind: "update", startTime: NOW - 60, endTime: NOW - 10, message: "m", result: "succeeded", version: 0, environment: { "git.author": "a", "git.head": "b", "git.dirty": "true" }, resourceChanges: { create: 1 } },
  event: { sequence: 7, timestamp: NOW - 30, diagnosticEvent: { message: "bigcommerce-tokens: minted o/p/s/private/a 0123456789abcdef never", severity: "error", urn: urnOf("a") } },
  preview: { changeSummary: {}, steps: [step("replace", {}), step("create", { oldState: undefined }), step("delete", {}), step("delete-replaced", {}), step("update", {})], diagnostics: [{ message: "bigcommerce-tokens: warning: x", severity: "info" }] },
  config: { "bigcommerce:storeHash": { value: "abc123", secret: false }, "bigcommerce:stores": { value: '{"abc123":{"accessToken":"x"}}' } },
  ls: [{ name: "dev", current: true, updateInProgress: false, url: "https://app.pulumi.com/o/p/dev" }],
  whoami: { user: "u", url: "file:///backend" },
  manifest: { version: "3.251.0", dependencies: { "pulumi-bigcommerce-tokens": "1" } },
  seed: { stores: [{ hash: "abc123", accounts: [{ clientId: "c", accessToken: "t", scopes: ["store_storefront_api"] }], channels: [1] }], tokens: [{ kind: "private", channelIds: [1], scopes: ["Customer"], expiresAt: 0, name: "n" }], quota: { requests: 100, windowMs: 1000 } },
}; // prettier-ignore

const STATE_COMMANDS = [["status"], ["status", "--json", "--within", "52w"], ["status", "--urns-due"], ["status", "--live"], ["retire"], ["retire", "--yes"], ["orphans"], ["inspect"], ["doctor"], ["revoke", "--fingerprint", printOf("a")], ["revoke", "--wait", "0"]]; // prettier-ignore
const AUDITS = ["table", "json", "html", "markdown"].map((format) => ["audit", "--history", "h", "--events", "log", "--format", format]); // prettier-ignore
/** What reads each of them. */
const READERS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  export: [...STATE_COMMANDS, ...AUDITS, ["audit", "diff", "x.json", "x.json"], ["audit", "--history", "h", "--live-between", "90d", "1d"]],
  update: [...AUDITS, ["inspect", "--history", "h"]],
  event: AUDITS,
  preview: ["table", "json", "markdown"].map((format) => ["preview", "--format", format]),
  config: [["orphans"], ["doctor"], ["status", "--live"], ["retire", "--yes"], ["revoke", "--fingerprint", printOf("a")], ["revoke", "--wait", "0"]],
  ls: [["status", "--all"], ["audit"], ["orphans", "--stack", "dev"], ["inspect"], ["revoke", "--wait", "0"]],
  whoami: [["audit"], ["orphans"], ["inspect"]],
  manifest: [["doctor"]],
  seed: [["emulator", "--seed", "seed.json"]],
}; // prettier-ignore

/** What a command starts with; made anew for each, as its clock goes on. */
type Start = () => FakeSystemOptions;

function startWith(documents: Readonly<Record<string, Json>>): Start {
  const texts = new Map(
    Object.entries(documents).map(([name, each]) => [
      name,
      JSON.stringify(each ?? null).replaceAll(JSON.stringify(DEEP), DEPTH),
    ]),
  );
  const text = (name: string) => texts.get(name) ?? "null";
  const { deployment: latest } = (documents["export"] ?? {}) as { deployment?: Json };
  const folder = historyFiles([
    { day: -2, tokens: [] },
    { day: -1, tokens: [] },
  ]);
  const [first, second] = Object.keys(folder).filter((name) => name.endsWith(".checkpoint.json"));
  const checkpoint = JSON.stringify({ version: 3, checkpoint: { latest: latest ?? null } }).replaceAll(
    JSON.stringify(DEEP),
    DEPTH,
  );
  const files = {
    ...folder,
    [first!.replace("checkpoint", "history")]: text("update"),
    [first!]: checkpoint,
    ...(documents["export"] === DOCUMENTS["export"] ? {} : { [second!]: checkpoint }),
    ...{ "x.json": text("export"), "seed.json": text("seed"), log: text("event") },
    ...{ "/program/Pulumi.yaml": "name: shop\n", "/program/package.json": text("manifest"), "/m.json": text("manifest") },
  }; // prettier-ignore
  const pulumi: FakeSystemOptions["pulumi"] = ([verb, noun]) => {
    const name = verb === "stack" ? (noun === "ls" ? "ls" : noun === "export" ? "export" : "") : (verb ?? "");
    return name === "version" ? { stdout: "v3.259.0" } : { stdout: text(name) };
  };
  const modules = { "@pulumi/pulumi/package.json": "/m.json", "pulumi-bigcommerce-tokens/package.json": "/m.json" }; // prettier-ignore
  // A host that refuses every connection.
  const env = { BIGCOMMERCE_API_URL: "http://127.0.0.1:9", BIGCOMMERCE_TIMEOUT_S: "1" };
  return () => ({
    files,
    pulumi,
    modules,
    env,
    clock: quickClock(NOW),
    stdin: JWT,
    interrupted: Promise.resolve(),
  });
}

/** It ends as usual, or with one line of error. */
function problemIn({ code, stdout, stderr }: Told): string | undefined {
  const fault = /internal error[^\n]*/.exec(stdout + stderr)?.[0];
  if (fault !== undefined) return fault;
  return code === 1 && stdout === "" && !/^([^\n]+\n)+$/.test(stderr) ? `told ${stderr}` : undefined;
}

async function problems(name: string, documents: Readonly<Record<string, Json>>): Promise<readonly string[]> {
  const found: string[] = [];
  const start = startWith(documents);
  for (const args of READERS[name] ?? []) {
    const problem = problemIn(await cli(args, start()));
    if (problem !== undefined) found.push(`${args.join(" ")}: ${problem}`);
  }
  return found;
}

/** The resource of a state whose facts are the same as those of its first resource, but for its kind. */
const SAME_FACTS = /^deployment\.resources\.1\.(.*)/;

/** Every place in a document, once where another resource has it as well. */
function distinctPlacesIn(value: Json): readonly (readonly string[])[] {
  const places = placesIn(value);
  const known = new Set(places.map((place) => place.join(".")));
  return places.filter((place) => {
    const [, fact] = SAME_FACTS.exec(place.join(".")) ?? [];
    return fact === undefined || !known.has(`deployment.resources.0.${fact}`);
  });
}

/** Every place in a document. */
function placesIn(value: Json, before: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== "object" || value === null) return [before];
  return [before, ...Object.entries(value).flatMap(([key, each]) => placesIn(each, [...before, key]))];
}

function replaced(value: Json, [key, ...rest]: readonly string[], by: Json): Json {
  if (key === undefined) return by;
  const copy = Array.isArray(value) ? [...(value as Json[])] : { ...(value as object) };
  (copy as Record<string, Json>)[key] = replaced((value as Record<string, Json>)[key], rest, by);
  return copy;
}

/** Stands for lists in lists, deeper than a function can call itself. */
const DEEP = "(deep)";
const DEPTH = "[".repeat(20_000) + "]".repeat(20_000);
const ODD: readonly Json[] = [null, true, 0, -1, 1e300, "", "never", "x", "%ZZ", "2027-99-99T99:99:99Z", "+275760-09-13T00:00:00Z", "[secret]", [], [null], {}, { a: null }, SECRET, shown(null), DEEP, "file:///%ZZ", "https://%ZZ"]; // prettier-ignore

it("reads its documents as they should be", async () => {
  for (const name of Object.keys(DOCUMENTS)) expect(await problems(name, DOCUMENTS)).toEqual([]);
});

it.each(Object.keys(DOCUMENTS))("whatever stands for a value of the document %s, each command that reads it ends as usual or in one line of error", async (name) => {
  const found = new Set<string>();
  for (const place of distinctPlacesIn(DOCUMENTS[name])) {
    const documents = { ...DOCUMENTS, [name]: replaced(DOCUMENTS[name], place, null) };
    for (const problem of await problems(name, documents)) found.add(`${place.join(".")}: ${problem}`);
  }
  expect([...found]).toEqual([]);
}); // prettier-ignore

const anyJson = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...ODD) }, { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) }); // prettier-ignore

it("several at once, and of any value", async () => {
  const change = fc
    .constantFrom(...Object.keys(DOCUMENTS))
    .chain((name) =>
      fc.record({
        name: fc.constant(name),
        changes: fc.array(fc.tuple(fc.constantFrom(...placesIn(DOCUMENTS[name])), anyJson), { minLength: 1, maxLength: 3 }),
      }),
    ); // prettier-ignore
  await fc.assert(
    fc.asyncProperty(change, async ({ name, changes }) => {
      const document = changes.reduce((value, [place, odd]) => {
        try {
          return replaced(value, place, odd);
        } catch {
          return value;
        }
      }, DOCUMENTS[name]);
      expect(await problems(name, { ...DOCUMENTS, [name]: document })).toEqual([]);
    }),
    { numRuns: 150 },
  );
});
