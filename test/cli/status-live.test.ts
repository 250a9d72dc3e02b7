import type { EmulatorOptions } from "../../emulator";
import { leaksIn } from "../support/leaks";
import { cli, type FakeSystemOptions, type Told } from "./fake-system";
import { exported, type Exported, NOW, previous, SECRET, token } from "./states";
import { CREDENTIAL, OTHER_CREDENTIAL, Stores } from "./stores";

let stores: Stores | undefined;
afterEach(async () => {
  await stores?.emulator.close();
  stores = undefined;
});

const open = async (options: Partial<EmulatorOptions> = {}) => (stores = await Stores.open(options));

async function live(
  resources: readonly Exported[],
  args: readonly string[] = [],
  options: FakeSystemOptions = {},
): Promise<Told & { readonly rows: readonly (readonly string[])[] }> {
  const pulumi = ([kind, verb]: readonly string[]) => {
    if (verb === "ls") return { stdout: '[{"name":"dev"}]' };
    return kind === "stack"
      ? { stdout: exported(...resources) }
      : { code: 255, stderr: "error: no config\n" };
  };
  const told = await cli(["status", "--live", ...args], {
    now: NOW,
    env: stores!.env,
    pulumi,
    columns: 200,
    ...options,
  });
  expect(leaksIn(told.stdout + told.stderr, stores!.secrets)).toBe(0);
  const rows = told.stdout.split("\n\n")[0]?.split("\n").slice(1) ?? [];
  return { ...told, rows: rows.map((line) => line.split(/ {2,}/)) };
}

/** The name and the last two cells of each row: the state, and what the store says. */
const told = (rows: readonly (readonly string[])[]) => rows.map((row) => [row[0], ...row.slice(-2)]);

it("tells, of each token of a state, what the store's list says of it", async () => {
  const { mint, revoke } = bound(await open());
  const [alive, revoked, pending] = [await mint("alive"), await mint("revoked"), await mint("pending")];
  const foreign = await mint("foreign", { credential: OTHER_CREDENTIAL });
  await revoke(revoked);
  await revoke(pending);
  const { rows, code } = await live([
    stores!.state("alive", alive),
    stores!.state("revoked", revoked),
    stores!.state("pending", pending, { rest: { delete: true } }),
    stores!.state("foreign", foreign),
    token("gone", { outputs: { apiUrl: stores!.emulator.url } }),
  ]);
  expect(told(rows)).toEqual([
    ["alive", "ok", "live"],
    ["foreign", "in doubt", "another account's"],
    ["gone", "gone", "gone"],
    ["pending", "pending delete", "revoked"],
    ["revoked", "revoked", "revoked outside"],
  ]);
  expect(code).toBe(3);
});

it("an account that minted nothing of a family is known by its tokens of another", async () => {
  const { mint } = bound(await open());
  const foreign = { outputs: { apiUrl: stores!.emulator.url, apiAccount: "client-b" } };
  const own = { outputs: { apiUrl: stores!.emulator.url } };
  const states = [
    stores!.state("alive", await mint("alive")),
    token("foreign", { kind: "storefront", ...foreign }),
    token("gone", { kind: "storefront", ...own }),
  ];
  expect(told((await live(states)).rows).map((cells) => [cells[0], cells[2]])).toEqual([
    ["alive", "live"],
    ["foreign", "another account's"],
    ["gone", "gone"],
  ]);
  expect(told((await live(states.slice(1))).rows).map((cells) => [cells[0], cells[2]])).toEqual([
    ["foreign", "gone or another account's"],
    ["gone", "gone or another account's"],
  ]);
});

it.each([
  ["revoked outside", 3, async ({ mint, revoke }: Bound) => {
    const issued = await mint("a");
    await revoke(issued);
    return stores!.state("a", issued);
  }],
  ["live", 0, async ({ mint }: Bound) => stores!.state("a", await mint("a"))],
])("a token that is %s makes the exit code %d", async (finding, code, make) => {
  const state = await make(bound(await open()));
  const found = await live([state]);
  expect([told(found.rows)[0]?.[2], found.code]).toEqual([finding, code]);
}); // prettier-ignore

it.each([
  [10, "not seen", 0],
  [299, "not seen", 0],
  [300, "gone", 3],
])("a token of %d s that the list does not show is %s, because a list may lag behind a mint: exit code %d", async (age, finding, code) => {
  const { mint, held } = bound(await open());
  const { state } = await held("alive");
  const lost = await mint("lost");
  stores!.emulator.forget(lost);
  const issuedAt = new Date((NOW - age) * 1000).toISOString();
  const found = await live([state, stores!.state("lost", lost, { outputs: { issuedAt } })]);
  expect([told(found.rows).at(-1), found.code]).toEqual([["lost", finding === "gone" ? "gone" : "ok", finding], code]);
}); // prettier-ignore

it.each([undefined, 80])("fits 80 columns with what the store says, with a live token of a long name that no state has: terminal %s", async (columns) => {
  const { mint } = bound(await open());
  const foreign = await mint("foreign", { credential: OTHER_CREDENTIAL });
  await mint("lost-token-of-a-resource-with-a-long-name-that-fills-a-line");
  const states = [stores!.state("foreign", foreign), token("first", { outputs: { apiUrl: stores!.emulator.url }, rest: { pendingReplacement: true } })];
  const { stdout, code } = await live(states, [], columns === undefined ? { columns: undefined } as never : { columns });
  const [table = "", lines = ""] = stdout.split("\n\n");
  expect(table.split("\n")).toHaveLength(4);
  expect(Math.max(...table.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
  expect(lines).toMatch(/^acme\/shop\/dev\/private\/lost-token-\S*-line \(id \S+, store abc123\): no state holds this live token/m);
  expect(lines).toMatch(new RegExp(`^foreign ${foreign.fingerprint}: API account client-b minted it, and its list was not read: give its credential as BIGCOMMERCE_ACCESS_TOKEN_ABC123_PREVIOUS$`, "m"));
  expect(code).toBe(3);
}); // prettier-ignore

it("one of five that was revoked is revoked in state, colour, line, summary and exit code", async () => {
  const { mint, revoke } = bound(await open());
  const names = ["a", "b", "c", "d", "e"];
  const issued = await Promise.all(names.map((name) => mint(name)));
  await revoke(issued[2]!);
  const states = names.map((name, at) => stores!.state(name, issued[at]!));
  const { stdout, rows, code } = await live(states, [], { colour: true });
  expect(code).toBe(3);
  expect(rows[2]?.join(" ")).toMatch(/^c .*\x1b\[31mrevoked\x1b\[0m .*\x1b\[31mrevoked outside\x1b\[0m$/);
  const line = `c ${issued[2]!.fingerprint}: revoked outside of this stack, as the store's list shows; \`pulumi up --refresh\` mints a new one\n`;
  expect(stdout).toContain(line);
  expect(stdout).toContain("5 tokens in dev: 4 ok, 1 revoked. ");
  const programs = JSON.parse((await live(states, ["--json"])).stdout) as { tokens: readonly Readonly<Record<string, unknown>>[] };
  expect(programs.tokens[2]).toMatchObject({ state: "ok", inTheStore: "revoked outside", settledBy: "person", needsPerson: true });
}); // prettier-ignore

it.each<[string, Readonly<Record<string, unknown>>]>([
  ["is to be replaced", {}],
  ["waits for its deletion", { delete: true }],
  ["was to be replaced when an update was interrupted", { pendingReplacement: true }],
])("a token that the state calls gone and the list shows as valid needs a person, who is told how to revoke it: it %s", async (_, rest) => {
  const { mint } = bound(await open());
  const issued = await mint("a");
  const state = stores!.state("a", issued, { outputs: { gone: true }, rest });
  const { rows, code, stdout } = await live([state]);
  expect([told(rows), code]).toEqual([[["a", "in doubt", "live"]], 3]);
  expect(stdout).toContain(`no update revokes it. To revoke it now: revoke --fingerprint ${issued.fingerprint}\n`);
}); // prettier-ignore

it.each([
  ["is not due", {}, "person", 3],
  ["is due", { expiresAt: new Date((NOW + 20 * 86_400) * 1_000).toISOString() }, "up", 2],
])("a token that the list shows as expired before its time is expired: it %s", async (_, outputs, settledBy, code) => {
  const { mint } = bound(await open());
  const state = stores!.state("a", await mint("a"), { outputs });
  const expired = () => {
    stores!.emulator.faults.push({
      kind: "reply",
      method: "GET",
      reply: ({ body }) => {
        for (const row of (body as { data: Record<string, unknown>[] }).data) row["is_expired"] = true;
        return { body };
      },
    });
  };
  expired();
  const found = await live([state]);
  expect([told(found.rows), found.code]).toEqual([[["a", "expired", "expired"]], code]);
  expired();
  const { tokens } = JSON.parse((await live([state], ["--json"])).stdout) as { tokens: readonly unknown[] };
  expect(tokens).toEqual([expect.objectContaining({ settledBy })]);
}); // prettier-ignore

it("a token that was revoked before it expired is told as revoked", async () => {
  const { mint, revoke } = bound(await open());
  const issued = await mint("a");
  await revoke(issued);
  stores!.emulator.faults.push({
    kind: "reply",
    method: "GET",
    reply: ({ body }) => {
      for (const row of (body as { data: Record<string, unknown>[] }).data) row["is_expired"] = true;
      return { body };
    },
  });
  const { rows } = await live([stores!.state("a", issued)]);
  expect(told(rows)).toEqual([["a", "revoked", "revoked outside"]]);
});

it("a token that a refresh saw gone alarms nobody any more: the next update replaces it", async () => {
  const { mint, revoke } = bound(await open());
  const issued = await mint("a");
  await revoke(issued);
  const { rows, code } = await live([stores!.state("a", issued, { outputs: { gone: true } })]);
  expect([told(rows), code]).toEqual([[["a", "gone", "revoked outside"]], 2]);
});

it("a predecessor that was revoked before its time alarms nobody: its successor works", async () => {
  const { mint, revoke } = bound(await open());
  const [old, current] = [await mint("server"), await mint("server")];
  await revoke(old);
  const apiUrl = stores!.emulator.url;
  const facts = previous("old", { id: old.jti, fingerprint: old.fingerprint, apiUrl });
  const { rows, code } = await live([stores!.state("server", current, { outputs: { previous: facts } })]);
  expect(told(rows)).toEqual([
    ["server", "ok", "live"],
    ["server (previous)", "revoked", "revoked"],
  ]);
  expect(code).toBe(0);
});

it("a predecessor that another account minted alarms nobody: it is left to expire", async () => {
  const { mint } = bound(await open());
  const [old, current] = [await mint("server", { credential: OTHER_CREDENTIAL }), await mint("server")];
  const apiUrl = stores!.emulator.url;
  const facts = previous("old", {
    id: old.jti,
    fingerprint: old.fingerprint,
    apiUrl,
    apiAccount: "client-b",
  });
  const { rows, code } = await live([stores!.state("server", current, { outputs: { previous: facts } })]);
  expect([told(rows)[1]?.[2], code]).toEqual(["another account's", 0]);
});

it("a predecessor whose revocation was asked for is shown where the store has it live", async () => {
  const { mint } = bound(await open());
  const [old, current] = [await mint("server"), await mint("server")];
  const apiUrl = stores!.emulator.url;
  const facts = previous("old", { id: old.jti, fingerprint: old.fingerprint, apiUrl, fate: "revoke" });
  const { rows, code, stdout } = await live([
    stores!.state("server", current, { outputs: { previous: facts } }),
  ]);
  expect(told(rows)).toContainEqual(["server (previous)", "unproven", "live"]);
  expect(stdout).toMatch(/its revocation was requested, but the store's list shows it as valid/);
  expect(code).toBe(3);
});

describe("a token that is live and in no state", () => {
  const left = async (listName: string | undefined, args: readonly string[]) => {
    const { mint, held } = bound(await open());
    const { state } = await held("server");
    await mint("lost", { ...(listName !== undefined && { listName }) });
    return live([state], args);
  };
  const FOREIGN = `acme/other/dev/private/x#${"ab".repeat(16)}`;

  it("is shown, with whose it was", async () => {
    const { rows, code, stdout } = await left(undefined, ["--wide"]);
    expect(rows[1]).toEqual([
      ...["acme/shop/dev/private/lost", "private", "abc123", "client-a", "1", "Customer", "-"],
      ...["2027-01-10", "2027-03-11 in 60 d", "-", "in no state", "live"],
    ]);
    expect(stdout).toMatch(/1 ok, 1 in no state/);
    expect(code).toBe(3);
  });

  it.each([FOREIGN, "made by hand"])("is counted only, where its name is another's: %s", async (listName) => {
    const { rows, code, stdout } = await left(listName, []);
    expect(rows).toHaveLength(1);
    expect(stdout).toMatch(/store abc123 holds 1 live token of this API account under other labels or none/);
    expect(code).toBe(0);
  });

  it("is shown whatever its name with --all, which knows every stack", async () => {
    const { rows, code } = await left(FOREIGN, ["--all"]);
    expect(told(rows)[1]).toEqual(["acme/other/dev/private/x", "in no state", "live"]);
    expect(code).toBe(3);
  });

  it("is not shown with --all while a stack cannot be read, which may hold it", async () => {
    const { mint, held } = bound(await open());
    const { state } = await held("server");
    await mint("lost");
    const pulumi = ([kind, verb, ...rest]: readonly string[]) => {
      if (verb === "ls") return { stdout: '[{"name":"dev"},{"name":"prod"}]' };
      if (kind !== "stack" || rest.includes("prod")) return { code: 255, stderr: "error: denied\n" };
      return { stdout: exported(state) };
    };
    const { rows, code, stdout } = await live([], ["--all"], { pulumi });
    expect([rows.map(([name]) => name), code]).toEqual([["server"], 1]);
    expect(stdout).toMatch(/^live tokens that no state holds are not shown, because a stack that could not be read may hold them$/m);
  }); // prettier-ignore

  it("is JSON for programs", async () => {
    const { stdout } = await left(undefined, ["--json"]);
    const { strays, tokens } = JSON.parse(stdout);
    expect(tokens).toEqual([expect.objectContaining({ inTheStore: "live" })]);
    expect(strays).toEqual([
      {
        ...{ storeHash: "abc123", apiUrl: stores!.emulator.url, kind: "private", apiAccount: "client-a" },
        ...{ jti: stores!.emulator.issued[1]?.jti, name: `acme/shop/dev/private/lost#${"0f".repeat(16)}` },
        ...{ channelIds: [1], scopes: ["Customer"], allowedCorsOrigins: [] },
        ...{ issuedAt: "2027-01-10T12:00:00Z", expiresAt: "2027-03-11T12:00:00Z" },
      },
    ]);
  });
});

it("a store without lists is said to have none", async () => {
  const { held } = bound(await open({ generation: 1 }));
  const { rows, code } = await live([(await held("server")).state]);
  expect(told(rows)).toEqual([["server", "ok", "no list"]]);
  expect(code).toBe(0);
});

it("a token without a jti cannot be looked up", async () => {
  const { held, mint } = bound(await open());
  await mint("other", { listName: "x" });
  const { issued } = await held("server");
  const state = token("server", { id: issued.fingerprint, outputs: { fingerprint: issued.fingerprint, apiUrl: stores!.emulator.url } });
  const { rows } = await live([state]);
  expect(told(rows)[0]).toEqual(["server", "ok", "no jti"]);
}); // prettier-ignore

it("a list of several pages is read to its end, and nothing else is asked of the store", async () => {
  const { mint } = bound(await open({ quota: { requests: 1000, windowMs: 30_000 } }));
  const first = await mint("first");
  for (let count = 0; count < 250; count += 1) await mint("x", { listName: "made by hand" });
  const before = stores!.emulator.requests.length;
  const { rows } = await live([stores!.state("first", first)]);
  expect(told(rows)[0]).toEqual(["first", "ok", "live"]);
  expect(stores!.emulator.requests.slice(before).map(({ method }) => method)).toEqual(["GET", "GET"]);
});

describe("a list that is odd", () => {
  type Page = { data: Record<string, unknown>[]; meta: { pagination: Record<string, unknown> } };
  const listed = async (change: (page: Page) => void) => {
    const { mint } = bound(await open());
    const [alive, odd] = [await mint("alive"), await mint("odd")];
    stores!.emulator.faults.push({
      kind: "reply",
      method: "GET",
      reply: ({ body }) => {
        change(body as Page);
        return { body };
      },
    });
    const apiUrl = stores!.emulator.url;
    return live([stores!.state("alive", alive), stores!.state("odd", odd), token("lost", { outputs: { apiUrl } })]);
  };
  const rowOf = ({ data }: Page, name: string) => data.find((row) => String(row["name"]).includes(`/${name}#`))!;

  it.each<[string, (page: Page) => void, string, string]>([
    ["with a row without an id", (page) => page.data.push({ name: 7 }), "live", "not seen"],
    ["with a row that is nothing", (page) => page.data.push(null as never), "live", "not seen"],
    ["with a row that does not say whether it was revoked", (page) => delete rowOf(page, "odd")["is_revoked"], "not seen", "gone"],
    ["that counts more than it shows", ({ meta }) => (meta.pagination["total"] = 3), "live", "not seen"],
    ["whose rows tell no more than they must", (page) => {
      page.data = page.data.map(({ jti, is_revoked, is_expired }) => ({ jti, is_revoked, is_expired }));
    }, "live", "gone or another account's"],
  ])("%s is read all the same, and what it hides is not called gone", async (_, change, odd, lost) => {
    const { rows, stdout } = await listed(change);
    expect(told(rows).map((cells) => [cells[0], cells[2]])).toEqual([["alive", "live"], ["lost", lost], ["odd", odd]]);
    expect(stdout).not.toContain("the list of private tokens");
  });
}); // prettier-ignore

it.each([400, 404, 422, 501])("a store that answers %i for its list is said to have none", async (status) => {
  const { held } = bound(await open());
  const { state } = await held("server");
  stores!.emulator.faults.push({ kind: "status", status, method: "GET" });
  const { rows, code } = await live([state]);
  expect([told(rows), code]).toEqual([[["server", "ok", "no list"]], 0]);
});

describe("the credential", () => {
  it("comes from the environment, or from the configuration of the stack", async () => {
    const { held } = bound(await open());
    const { state } = await held("server");
    const pulumi = (args: readonly string[]) => {
      if (args[0] === "stack") return { stdout: exported(state) };
      const config = {
        "bigcommerce:storeHash": { value: "abc123", secret: false },
        "bigcommerce:accessToken": { value: CREDENTIAL, secret: true },
        "bigcommerce:apiUrl": { value: stores!.emulator.url, secret: false },
      };
      return { stdout: JSON.stringify(config) };
    };
    const { rows, runs } = await live([], ["--stack", "dev"], { env: {}, pulumi });
    expect(told(rows)).toEqual([["server", "ok", "live"]]);
    expect(runs).toContainEqual(["config", "--json", "--show-secrets", "--stack", "dev"]);
  });

  it.each<[string, Record<string, string>, RegExp]>([
    ["missing", {}, /^no credential for store abc123: set environment variable BIGCOMMERCE_ACCESS_TOKEN_ABC123,/m],
    ["refused", { BIGCOMMERCE_ACCESS_TOKEN: "f".repeat(31) }, /^the list of private tokens in store abc123: answered 401/m],
  ])("that is %s is said, and makes the exit code 1", async (_, credential, message) => {
    const { held } = bound(await open());
    const { state } = await held("server");
    const env = { BIGCOMMERCE_API_URL: stores!.emulator.url, ...credential };
    const { rows, code, stdout } = await live([state], [], { env });
    expect(told(rows)).toEqual([["server", "ok", "unknown"]]);
    expect(stdout).toMatch(message);
    expect(code).toBe(1);
  });

  it("of the API account before is asked what the present one's list does not show", async () => {
    const { mint } = bound(await open());
    const [own, before] = [await mint("own"), await mint("before", { credential: OTHER_CREDENTIAL })];
    await mint("lost", { credential: OTHER_CREDENTIAL });
    const states = [
      stores!.state("own", own),
      stores!.state("before", before),
      token("missing", { outputs: { apiUrl: stores!.emulator.url, apiAccount: "client-b" } }),
    ];
    const env = { ...stores!.env, BIGCOMMERCE_ACCESS_TOKEN_ABC123_PREVIOUS: OTHER_CREDENTIAL };
    expect(told((await live(states, [], { env })).rows)).toEqual([
      ["before", "ok", "live"],
      ["missing", "gone", "gone"],
      ["own", "ok", "live"],
      ["acme/shop/dev/private/lost", "in no state", "live"],
    ]);
    expect(told((await live(states)).rows).map((cells) => cells[2])).toEqual(["another account's", "another account's", "live"]);
    const same = { ...stores!.env, BIGCOMMERCE_ACCESS_TOKEN_ABC123_PREVIOUS: CREDENTIAL };
    const asked = stores!.emulator.requests.length;
    await live(states, [], { env: same });
    expect(stores!.emulator.requests.length - asked).toBe(1);
  });

  it("of the API account before, whose list is not whole, leaves open what became of a token of that account", async () => {
    const { mint } = bound(await open());
    await mint("own");
    await mint("before", { credential: OTHER_CREDENTIAL });
    const missing = token("missing", { outputs: { apiUrl: stores!.emulator.url, apiAccount: "client-b" } });
    const env = { ...stores!.env, BIGCOMMERCE_ACCESS_TOKEN_ABC123_PREVIOUS: OTHER_CREDENTIAL };
    stores!.emulator.faults.push({
      kind: "reply",
      method: "GET",
      after: 1,
      reply: ({ body }) => {
        (body as { meta: { pagination: Record<string, unknown> } }).meta.pagination["total"] = 9;
        return { body };
      },
    });
    expect(told((await live([missing], [], { env })).rows)[0]).toEqual(["missing", "ok", "not seen"]);
  });

  it("that is refused leaves what the account before still shows", async () => {
    const { mint } = bound(await open());
    const before = stores!.state("before", await mint("before", { credential: OTHER_CREDENTIAL }));
    const env = { ...stores!.env, BIGCOMMERCE_ACCESS_TOKEN: "f".repeat(31), BIGCOMMERCE_ACCESS_TOKEN_ABC123_PREVIOUS: OTHER_CREDENTIAL };
    const { rows, code } = await live([before], [], { env });
    expect([told(rows), code]).toEqual([[["before", "ok", "live"]], 1]);
  }); // prettier-ignore

  it("of the API account before that is refused is said, and hides nothing of the present one's list", async () => {
    const { held } = bound(await open());
    const { state } = await held("server");
    const env = { ...stores!.env, BIGCOMMERCE_ACCESS_TOKEN_ABC123_PREVIOUS: "f".repeat(31) };
    const { rows, code, stdout } = await live([state], [], { env });
    expect(told(rows)).toEqual([["server", "ok", "live"]]);
    expect(stdout).toMatch(/^the list of private tokens in store abc123: answered 401/m);
    expect(code).toBe(1);
  });

  it("never goes to a host that only a state names", async () => {
    await open();
    const before = stores!.emulator.requests.length;
    const state = token("server", { outputs: { apiUrl: "https://elsewhere.example" } });
    const { code, stdout } = await live([state]);
    expect(stdout).toMatch(/its tokens were minted at https:\/\/elsewhere\.example, and this run is set to/);
    expect([code, stores!.emulator.requests.length - before]).toEqual([1, 0]);
  });
}); // prettier-ignore

it("a store that is a secret is not asked, and that is said", async () => {
  await open();
  const { rows, code, stdout } = await live([token("server", { outputs: { storeHash: SECRET } })]);
  expect(told(rows)).toEqual([["server", "ok", "unknown"]]);
  expect(stdout).toMatch(/^server: its store is a secret in the state, so no list was asked for it$/m);
  expect(code).toBe(0);
});

type Bound = ReturnType<typeof bound>;
function bound(of: Stores) {
  return { mint: of.mint.bind(of), revoke: of.revoke.bind(of), held: of.held.bind(of) };
}
