import { normaliseToken } from "../../cli/tokens/pasted-token";
import { leaksIn } from "../support/leaks";
import { fingerprint } from "../../provider/domain/fingerprint";
import { cli, type FakeSystemOptions } from "./fake-system";
import { day, DAY, deployment, exported, type Exported, NOW, previous, token as held, urnOf } from "./states";

/** As BigCommerce makes them; the signature is none. */
function jwt(claims: Readonly<Record<string, unknown>>): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ typ: "JWT", alg: "ES256" })}.${part(claims)}.${"s1gn".repeat(20)}`;
}

const seconds = (text: string) => Date.parse(text) / 1000;
const USUAL = {
  ...{ cid: [1, 2], cors: [] as string[], eat: NOW + 20 * DAY, iat: NOW - 10 * DAY, iss: "BC" },
  ...{ jti: "0b51-77", sid: 1_000_000_001, sub: "client-a", sub_type: 2 },
};
const PRIVATE = jwt({ ...USUAL, token_type: 3 });

async function inspect(stdin: string, args: readonly string[] = [], options: FakeSystemOptions = {}) {
  const told = await cli(["inspect", ...args], { stdin, now: NOW, ...options });
  expect(leaksIn(told.stdout + told.stderr, [normaliseToken(stdin)])).toBe(0);
  const lines = told.stdout.split("\n").map((line) => /^(\S+(?: \S+)?) {2,}(.*)$/.exec(line)?.slice(1));
  const fields = lines.filter((line) => line !== undefined) as [string, string][];
  return { ...told, field: (name: string) => fields.filter(([label]) => label === name).map(([, text]) => text) };
} // prettier-ignore

/** A Pulumi of these stacks. */
const engine = (stacks: Readonly<Record<string, string>>, url = "https://api.pulumi.com") => {
  return (args: readonly string[]) => {
    if (args[0] === "whoami") return { stdout: JSON.stringify({ user: "me", url }) };
    if (args[1] === "ls") return { stdout: JSON.stringify(Object.keys(stacks).map((name) => ({ name }))) };
    return { stdout: stacks[args[args.indexOf("--stack") + 1] ?? ""] ?? "" };
  };
};

const recorded = (name: string, token: string, outputs: Readonly<Record<string, unknown>> = {}) =>
  held(name, { outputs: { fingerprint: fingerprint(token), ...outputs } });

it.each([
  ["as it is", PRIVATE],
  ["with a line break behind it", `${PRIVATE}\n`],
  ["broken into lines", PRIVATE.replace(/.{40}/g, "$&\r\n  ")],
  ["in quotes", `"${PRIVATE}"`],
  ["as a variable", `TOKEN=${PRIVATE}`],
  ["as an exported variable in quotes", `export BIGCOMMERCE_TOKEN='${PRIVATE}'\n`],
  ["as a member of JSON", `  "token": "${PRIVATE}",`],
  ["behind Bearer", `Bearer ${PRIVATE}`],
  ["as a header", `Authorization: Bearer ${PRIVATE}`],
  ["as a header in a variable in quotes", `AUTH="bearer ${PRIVATE}";`],
  ["behind a byte order mark", `\ufeff${PRIVATE}`],
])("a token is understood %s", (_, text) => {
  expect(normaliseToken(text)).toBe(PRIVATE);
});

it.each([
  ["nothing", " \n", /standard input is empty: pass the token there, never as an argument/],
  ["a word", "hello", /this is not a token of BigCommerce/],
  ["an access token", "a1b2c3d4".repeat(4).slice(1), /it looks like the access token of an API account/],
  ["two tokens", `${PRIVATE}\n${PRIVATE}`, /these are several tokens: pass one at a time/],
])("%s is refused in one line that does not repeat it", async (_, stdin, message) => {
  const { code, stdout, stderr } = await cli(["inspect"], { stdin });
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toMatch(message);
  expect(stderr).toMatch(/^[^\n]+\n$/);
  expect(stderr).not.toMatch(/hello|a1b2|eyJ/);
});

it("is never an argument, and is not repeated as one", async () => {
  const { code, stdout, stderr } = await cli(["inspect", PRIVATE], { stdin: PRIVATE });
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(leaksIn(stderr, [PRIVATE])).toBe(0);
});

it("tells what a token says of itself, with no state at hand", async () => {
  const { field, code } = await inspect(PRIVATE);
  expect(code).toBe(0);
  expect(field("kind")).toEqual(["private (token_type 3, by exclusion)"]);
  expect(field("fingerprint")).toEqual([fingerprint(PRIVATE)]);
  expect(field("jti")).toEqual(["0b51-77"]);
  expect(field("store")).toEqual(["id 1000000001"]);
  expect(field("API account")).toEqual(["client-a"]);
  expect(field("channels")).toEqual(["1, 2"]);
  expect(field("issued")).toEqual(["2026-12-31 12:00 (10 d ago)"]);
  expect(field("expires")).toEqual(["2027-01-30 12:00 (in 20 d)"]);
  expect(field("held by")).toEqual(["unknown"]);
  expect(field("not searched")[0]).toMatch(/^there is no pulumi on PATH/);
});

it("is found in a stack beside one whose state cannot be read, which is named", async () => {
  const stacks = { dev: exported(recorded("server", PRIVATE)), broken: '{"version":3,"dep' };
  const { field, code } = await inspect(PRIVATE, [], { pulumi: engine(stacks) });
  expect(code).toBe(0);
  expect(field("held by")).toEqual([expect.stringMatching(/^server \(private\), stack dev: /)]);
  expect(field("not searched")).toEqual([expect.stringMatching(/^stack broken: it is truncated/)]);
});

it.each<[string, Readonly<Record<string, unknown>>, string]>([
  ["1", { token_type: 1 }, "storefront"],
  ["2", { token_type: 2 }, "impersonation"],
  ["that is not known", { token_type: 9 }, "unknown (token_type 9)"],
  ["that is missing", {}, "unknown"],
])("a token of a type %s is %s", async (_, claims, kind) => {
  expect((await inspect(jwt({ ...USUAL, ...claims }))).field("kind")).toEqual([kind]);
});

it("a token without claims that can be read is told by its fingerprint alone", async () => {
  const odd = `a.${"b".repeat(40)}.c`;
  const { field, code } = await inspect(odd);
  expect(code).toBe(0);
  expect(field("fingerprint")).toEqual([fingerprint(odd)]);
  expect(field("channels")).toEqual(["unknown"]);
});

describe("what ends when, and what is so already", () => {
  const told = async (claims: Readonly<Record<string, unknown>>, now = NOW) => {
    const token = jwt({ ...USUAL, ...claims });
    const { field } = await inspect(token, [], { now });
    const { stdout } = await inspect(token, ["--json"], { now });
    const { endings, limits } = JSON.parse(stdout) as { endings: { at?: string; what: string }[]; limits: string[] };
    expect(endings.map(({ at, what }) => (at === undefined ? what : `${at.slice(0, 10)}: ${what}`))).toEqual(field("ends"));
    expect(limits).toEqual(field("limit"));
    return { ends: field("ends"), limits };
  };
  const BROWSERS = "works only in browsers (made after 2026-06-30, https://docs.bigcommerce.com/docs/start/authentication/graphql-storefront): a server needs a PrivateToken";
  const BOUND = "not accepted since 2027-03-31, for it has no allowed origin (as others quote https://docs.bigcommerce.com/docs/storefront/graphql/authentication)";
  const OLD = "2027-03-31: storefront tokens made by 2026-06-30 stop working from servers (https://docs.bigcommerce.com/docs/start/authentication/graphql-storefront): a server needs a PrivateToken";
  const BARE = "2027-03-31: BigCommerce stops accepting storefront tokens without an allowed origin, such as this one (as others quote https://docs.bigcommerce.com/docs/storefront/graphql/authentication)";
  const origins = { cors: ["https://a.example"] };
  const iat = seconds("2026-06-30T23:59:59Z");
  const long = { eat: seconds("2028-01-01T00:00:00Z") };
  const END = "2028-01-01: it expires";
  it.each([
    ["an older storefront token with origins", { token_type: 1, iat, ...origins, ...long }, [OLD, END], []],
    ["an older storefront token without", { token_type: 1, iat, ...long }, [OLD, BARE, END], []],
    ["a newer storefront token", { token_type: 1, iat: iat + 1, ...origins, ...long }, [END], [BROWSERS]],
    ["a newer storefront token without origins", { token_type: 1, iat: iat + 1, ...long }, [BARE, END], [BROWSERS]],
    ["an expired storefront token", { token_type: 1, iat, eat: NOW - DAY }, ["2027-01-09: it expired"], []],
    ["a private token", { token_type: 3, ...long }, [END], []],
    ["a token without an end", { token_type: 3, eat: undefined }, ["it never expires: it works until it is revoked"], []],
  ])("of %s", async (_, claims, ends, limits) => {
    expect(await told(claims)).toEqual({ ends, limits });
  });

  it("of a storefront token without origins that was issued when they were needed already", async () => {
    const late = seconds("2027-04-01T00:00:00Z");
    const { ends, limits } = await told({ token_type: 1, iat: late, ...long }, late + DAY);
    expect({ ends, limits }).toEqual({ ends: [END], limits: [BROWSERS, BOUND] });
  });
}); // prettier-ignore

describe("whose it is", () => {
  it("is told with what the hash in a child's label stands for", async () => {
    const label = "acme/shop/dev/private/0123456789abcdef-server";
    const child = recorded("server", PRIVATE, { label });
    const urn = urnOf("server").replace("::pulumi-nodejs", "::my:shop:Front$pulumi-nodejs");
    const told = async (held: Exported) =>
      (await inspect(PRIVATE, ["--file", "x.json"], { files: { "x.json": exported(held) } })).field("label");
    expect(await told({ ...child, urn })).toEqual([
      `${label} (0123456789abcdef stands for its parent resource)`,
    ]);
    expect(await told(recorded("server", PRIVATE))).toEqual([]);
  });

  it("is found in whatever stack of the backend holds it", async () => {
    const stacks = { dev: exported(held("other")), "organization/shop/prod": exported(recorded("server", PRIVATE)) };
    const { field, runs } = await inspect(PRIVATE, [], { pulumi: engine(stacks) });
    expect(field("held by")).toEqual(["server (private), stack organization/shop/prod: ok"]);
    expect([field("kind"), field("store"), field("scopes")]).toEqual([
      ...[["private"], ["abc123 (id 1000000001)"], ["Customer"]],
    ]);
    expect(runs.flat()).not.toContain("--show-secrets");
  }); // prettier-ignore

  it.each<[string, Exported, string]>([
    ["a predecessor that works", previous("old"), "previous token of server (private), stack dev: left to expire"],
    ["one that was to be revoked", previous("old", { fate: "revoke" }), "previous token of server (private), stack dev: its revocation was asked for"],
    ["one that has expired", previous("old", { expiresAt: day(-1) }), "previous token of server (private), stack dev: expired"],
  ])("is found for %s", async (_, facts, expected) => {
    const state = held("server", { outputs: { previous: { ...facts, fingerprint: fingerprint(PRIVATE) } } });
    const { field } = await inspect(PRIVATE, [], { pulumi: engine({ dev: exported(state) }) });
    expect(field("held by")).toEqual([expected]);
  }); // prettier-ignore

  it("is found in an export, without a pulumi", async () => {
    const files = { "x.json": exported(recorded("server", PRIVATE)) };
    const { field, runs } = await inspect(PRIVATE, ["--file", "x.json"], { files });
    expect(field("held by")).toEqual(["server (private), stack x.json: ok"]);
    expect(runs).toEqual([]);
  });

  it("an end that the token does not name is its state's", async () => {
    const endless = jwt({ ...USUAL, eat: undefined, token_type: 3 });
    const { field } = await inspect(endless, [], { pulumi: engine({ dev: exported(recorded("a", endless)) }) });
    expect([field("expires"), field("ends")]).toEqual([["2027-03-11 12:00 (in 60 d)"], ["2027-03-11: it expires"]]);
  }); // prettier-ignore

  it("is none of those that were searched, and they are named", async () => {
    const { field } = await inspect(PRIVATE, [], { pulumi: engine({ dev: exported(held("a")) }) });
    expect(field("held by")).toEqual(["none of these: state dev"]);
    expect(field("not searched")[0]).toMatch(/^no history was searched: name a stack of Pulumi Cloud by --stack/);
  });
}); // prettier-ignore

describe("the history of a backend of files", () => {
  const entry = (name: string, place: number, ...resources: readonly Exported[]) => {
    const folder = `/state/.pulumi/history/shop/${name}/${name}-${place}00`;
    const environment = { "git.author": "Ada" };
    const update = { kind: "update", startTime: seconds(day(place - 40)), message: "rotate", environment, result: "succeeded" };
    const checkpoint = { stack: `organization/shop/${name}`, latest: deployment(...resources) };
    return { [`${folder}.history.json`]: JSON.stringify(update), [`${folder}.checkpoint.json`]: JSON.stringify({ version: 3, checkpoint }) };
  };
  const files = {
    ...entry("dev", 1, held("server")),
    ...entry("dev", 2, recorded("server", PRIVATE)),
    ...entry("dev", 3, held("server", { outputs: { previous: { ...previous("old"), fingerprint: fingerprint(PRIVATE) } } })),
    ...entry("dev", 4, held("server")),
    ...entry("prod", 1, held("web")),
  };
  const now = { dev: exported(held("server")) };
  const FORMERLY =
    "previous token of server (private), stack shop/dev, formerly: in its states from " +
    "update 2 (2026-12-03 12:00, Ada, rotate) to update 3 (2026-12-04 12:00, Ada, rotate), as the previous token";

  it("tells between which updates a token was held that no state holds any more", async () => {
    const pulumi = engine(now, "file:///state");
    const { field, stdout } = await inspect(PRIVATE, [], { files, pulumi });
    expect(field("held by")).toEqual([FORMERLY]);
    expect(stdout).not.toMatch(/not searched/);
  });

  it.each(["/state", "/state/.pulumi/history", "/state/.pulumi/history/shop/dev"])("is looked for in %s", async (folder) => {
    const { field } = await inspect(PRIVATE, ["--history", folder], { files, pulumi: engine(now) });
    expect(field("held by")).toEqual([FORMERLY]);
  });

  it("is that of the stack that was named", async () => {
    const pulumi = engine({ prod: exported(held("web")) }, "file:///state");
    const { field } = await inspect(PRIVATE, ["--stack", "prod"], { files, pulumi });
    expect(field("held by")).toEqual(["none of these: state prod, history /state/.pulumi/history/shop/prod"]);
  });

  it("that is not there, though it was named, is one line of error", async () => {
    const { code, stderr } = await inspect(PRIVATE, ["--history", "/nope"], { files, pulumi: engine(now) });
    expect({ code, stderr }).toEqual({ code: 1, stderr: "pulumi-bigcommerce-tokens: /nope: the folder does not exist\n" });
  });
}); // prettier-ignore

it("in Pulumi Cloud, the versions of a stack that is named are its history", async () => {
  const pulumi = (args: readonly string[]) => {
    if (args[1] === "history") {
      const updates = [3, 2, 1].map((version) => ({ version, kind: "update", result: "succeeded", startTime: day(version - 40) }));
      return { stdout: JSON.stringify(updates) };
    }
    const version = args.includes("--version") ? args[args.indexOf("--version") + 1] : undefined;
    if (version === "2") return { stdout: exported(recorded("server", PRIVATE)) };
    return engine({ dev: exported(held("server")) })(args);
  };
  const { field } = await inspect(PRIVATE, ["--stack", "dev"], { pulumi });
  expect(field("held by")).toEqual([
    "server (private), stack shop/dev, formerly: in the state of update 2 (2026-12-03 12:00), as the current token",
  ]);
}); // prettier-ignore

it("is JSON for programs", async () => {
  const pulumi = engine({ dev: exported(recorded("server", PRIVATE)) });
  const { stdout } = await inspect(PRIVATE, ["--json"], { pulumi });
  expect(JSON.parse(stdout)).toEqual({
    ...{
      version: 1,
      at: "2027-01-10T12:00:00Z",
      fingerprint: fingerprint(PRIVATE),
      kind: "private",
      tokenType: 3,
    },
    ...{ jti: "0b51-77", storeId: 1_000_000_001, apiAccount: "client-a", channelIds: [1, 2] },
    ...{ allowedCorsOrigins: [], issuedAt: day(-10), expiresAt: day(20) },
    limits: [],
    endings: [{ at: day(20), what: "it expires" }],
    heldBy: [
      {
        ...{ stack: "dev", project: "shop", resource: "server", urn: recorded("server", PRIVATE)["urn"] },
        ...{
          role: "current",
          label: "acme/shop/dev/private/server",
          storeHash: "abc123",
          scopes: ["Customer"],
        },
        state: "ok",
        next: [
          {
            text: "to stop it at once, before anything has another token",
            command: `npm exec --no -- pulumi-bigcommerce-tokens revoke --fingerprint ${fingerprint(PRIVATE)} --stack dev`,
          },
          {
            text: "mints another one, gives it to all dependents, then revokes this one",
            command: `pulumi up --stack dev --replace ${urnOf("server")}`,
          },
        ],
      },
    ],
    searched: ["state dev"],
    problems: [],
  });
});

it.each<[string, Readonly<Record<string, unknown>>, string, object]>([
  [
    "was adopted",
    { adopted: fingerprint(PRIVATE) },
    "ok; adopted, not minted",
    { state: "ok", adopted: true },
  ],
  ["came after one that was adopted", { adopted: "0".repeat(16) }, "ok", { state: "ok" }],
  ["is gone", { gone: true }, "due; a refresh saw that it is gone", { state: "due", gone: true }],
])("says of a token whether it %s", async (_, outputs, said, json) => {
  const options = { files: { "x.json": exported(recorded("server", PRIVATE, outputs)) } };
  const { field } = await inspect(PRIVATE, ["--file", "x.json"], options);
  expect(field("held by")).toEqual([`server (private), stack x.json: ${said}`]);
  const { stdout } = await inspect(PRIVATE, ["--file", "x.json", "--json"], options);
  const [holder] = (JSON.parse(stdout) as { heldBy: object[] }).heldBy;
  expect(holder).toMatchObject(json);
  expect(["adopted", "gone"].filter((key) => key in (holder ?? {}) && !(key in json))).toEqual([]);
});
