import type { FakeSystemOptions } from "./fake-system";
import { commandIn, type MintOptions, Store } from "./issuing";
import { NOW } from "./states";

let store: Store;
const orphans = commandIn(() => store, "orphans");

type Engine = NonNullable<FakeSystemOptions["pulumi"]>;

const HOUR = 3_600;
const NONCE = "0123456789abcdef0123456789abcdef";

/** Jtis that the command shows. */
async function shown(
  args: readonly string[] = [],
  rest: FakeSystemOptions = {},
): Promise<readonly unknown[]> {
  const { stdout } = await orphans([...args, "--json"], rest);
  const told = JSON.parse(stdout) as { version: number; orphans: { jti: string }[] };
  expect(told.version).toBe(1);
  return told.orphans.map(({ jti }) => jti);
}

const lost = (name = "server", rest: MintOptions = {}) =>
  store.mint({ listName: `acme/shop/dev/private/${name}#${NONCE}`, ...rest });

/** A store with one token that the state holds, and two hours that have gone by since whatever `before` mints. */
async function opened<T>(
  before: () => Promise<T>,
  options: Parameters<typeof Store.open>[0] = {},
): Promise<T> {
  store = await Store.open(options);
  const held = await lost("held");
  store.resources = [store.held("held", held, { listName: `acme/shop/dev/private/held#${NONCE}` })];
  const result = await before();
  store.emulator.clock.advance(2 * HOUR);
  return result;
}

describe("what an orphan is", () => {
  it("a live token under a label of this stack with a nonce, which stands in none of its state", async () => {
    const orphan = await opened(() => lost());
    const { code, stdout } = await orphans([]);
    expect(code).toBe(3);
    expect(stdout.split("\n")[1]).toMatch(
      new RegExp(`^acme/shop/dev/private/server +private +abc123 +${orphan.jti ?? ""} +2027-01-10 12:00 +works until 2027-03-11T12:00:00Z$`),
    );
    expect(stdout).toMatch(/\n1 orphan of acme\/shop\/dev: no state that you can read holds it, and nothing rotates or revokes it\./);
  }); // prettier-ignore

  it("none where the state holds all, predecessors included", async () => {
    await opened(async () => {
      const older = await lost("held");
      const [resource] = store.resources;
      const outputs = {
        ...(resource?.["outputs"] as object),
        previous: store.previous(older, { fate: "revoke" }),
      };
      store.resources = [{ ...resource, outputs }];
    });
    const { code, stdout } = await orphans([]);
    expect([code, stdout]).toEqual([0, "No orphan of acme/shop/dev. Searched store abc123.\n"]);
  });

  it.each<[string, MintOptions]>([
    ["another stack", { listName: `acme/shop/dev2/private/server#${NONCE}` }],
    ["another project", { listName: `acme/shop2/dev/private/server#${NONCE}` }],
    ["another organization", { listName: `acme2/shop/dev/private/server#${NONCE}` }],
    ["another kind's label", { listName: `acme/shop/dev/impersonation/server#${NONCE}` }],
    ["no nonce", { listName: "acme/shop/dev/private/server" }],
    ["half a nonce", { listName: "acme/shop/dev/private/server#0123" }],
    ["a label without a name", { listName: `acme/shop/dev/private/#${NONCE}` }],
    ["somebody's own name", { listName: "server of the shop" }],
    ["no name", {}],
  ])("%s is never touched", async (_, options) => {
    const other = await opened(() => store.mint(options));
    expect(await shown()).toEqual([]);
    const { code, stderr } = await orphans(["--revoke", "--jti", other.jti ?? ""], { answers: ["y", "y"] });
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /nothing was revoked, because no valid token with this id has a label of this stack/,
    );
    expect(store.revoked()).toEqual([]);
  });

  it("dead ones are none", async () => {
    await opened(async () => {
      await lost("expired", { expiresAt: NOW + HOUR });
      const { jti = "" } = await lost("revoked");
      const path = `/stores/abc123/v3/storefront/api-token-private/${jti}`;
      const headers = { "X-Auth-Token": store.credentials["client-a"], Accept: "application/json" };
      await fetch(`${store.emulator.url}${path}`, { method: "DELETE", headers });
    });
    expect(await shown()).toEqual([]);
  });

  it("finds those of every kind, and of the API account before", async () => {
    const [web, old] = await opened(async () => [
      await store.mint({ kind: "storefront", listName: `acme/shop/dev/storefront/web#${NONCE}` }),
      await lost("server", { account: "client-b" }),
    ]);
    expect(await shown()).toEqual([web.jti]);
    store.env["BIGCOMMERCE_ACCESS_TOKEN_ABC123_PREVIOUS"] = store.credentials["client-b"];
    expect(new Set(await shown())).toEqual(new Set([web.jti, old.jti]));
  });

  it("says that a store without the list shows none; where no other has one, nothing was looked into", async () => {
    store = await Store.open({ generation: 1 });
    store.resources = [store.held("server", await store.mint())];
    const { code, stdout } = await orphans([]);
    expect(code).toBe(3);
    expect(stdout).toContain("no store was searched, because none has a list of its tokens\n");
    expect(stdout).toContain("store abc123 has no list of its tokens, so that no orphan can be found there");
  });

  it.each([
    ["without an id", { is_revoked: false, is_expired: false }],
    ["of which its id alone is understood", { jti: "odd", is_revoked: "no", is_expired: false }],
  ])("are found beside a row %s, and that the list was not read whole is said", async (_, odd) => {
    const orphan = await opened(() => lost());
    store.emulator.faults.push({
      kind: "reply",
      path: /api-token-private$/,
      reply: ({ body }) => ({ body: { ...(body as object), data: [odd, ...(body as { data: unknown[] }).data] } }),
    });
    const { code, stdout } = await orphans([]);
    expect([code, stdout.includes(orphan.jti!)]).toEqual([3, true]);
    expect(stdout).toContain(
      "the list of private tokens in store abc123 could not be read whole, because it is too long, not counted, not understood, or changed meanwhile",
    );
  }); // prettier-ignore

  it.each([
    ["holds a row that is not understood", (body: object) => ({ ...body, data: [{ jti: "odd" }] })],
    ["is not counted", (body: object) => ({ ...body, meta: {} })],
  ])("of a list that %s, nothing found is no sign that there is none: exit code 3", async (_, cut) => {
    await opened(async () => Promise.resolve());
    store.emulator.faults.push({
      kind: "reply",
      path: /api-token-private$/,
      times: Infinity,
      reply: ({ body }) => ({ body: cut(body as object) }),
    });
    const { code, stdout } = await orphans([]);
    expect([code, stdout]).toEqual([3, expect.stringContaining("but not everything could be searched")]);
    const { problems } = JSON.parse((await orphans(["--json"])).stdout) as { problems: string[] };
    expect(problems).toEqual([expect.stringMatching(/private tokens in store abc123 could not be read whole/)]);
  }); // prettier-ignore

  it("is an error where a list that is needed cannot be read in three attempts", async () => {
    await opened(() => lost());
    store.emulator.faults.push({ kind: "status", status: 503, path: /api-token-private$/, times: Infinity });
    const { code, stdout } = await orphans([]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/the list of private tokens in store abc123: answered 503/);
    expect(store.emulator.requests.filter(({ status }) => status === 503)).toHaveLength(3);
  });
});

describe("--revoke", () => {
  it("asks for each that is named, and revokes what is answered with yes", async () => {
    const [one, two, three] = await opened(async () => [await lost("a"), await lost("b"), await lost("c")]);
    const args = [one, two, three].flatMap((each) => ["--jti", each.jti ?? ""]);
    const { code, stdout, stderr } = await orphans(["--revoke", ...args], { answers: ["y", "", "YES"] });
    expect(code).toBe(3);
    expect(stderr.match(/Revoke private token \S+ of acme\/shop\/dev\/private\/[abc] in store abc123, which works until \S+\? \[y\/N\] /g)).toHaveLength(3);
    expect(store.revoked()).toEqual([one.fingerprint, three.fingerprint]);
    expect(stdout).toContain(`${one.jti ?? ""}: revoke accepted`);
    expect(stdout).toContain(`${two.jti ?? ""}: kept\n`);
  }); // prettier-ignore

  it.each([
    ["yes", ["y"], 0, /: revoke accepted/],
    ["no", ["n"], 3, /: kept\n/],
    ["nothing, because the input ended", [], 3, /: kept\n/],
  ])("exits with 0 only where all are revoked: answered %s", async (_, answers, expected, said) => {
    const orphan = await opened(() => lost());
    const { code, stdout } = await orphans(["--revoke", "--jti", orphan.jti ?? ""], { answers });
    expect(code).toBe(expected);
    expect(stdout).toMatch(said);
  });

  it("leaves what the state holds by the time of the answer", async () => {
    const orphan = await opened(() => lost());
    const system = store.system();
    let exports = 0;
    const { code, stdout } = await orphans(["--revoke", "--jti", orphan.jti ?? ""], {
      answers: ["y"],
      pulumi: (args) => {
        const isSecond = args[1] === "export" && (exports += 1) === 2;
        if (isSecond) store.resources = [...store.resources, store.held("server", orphan)];
        return system.pulumi?.(args) ?? {};
      },
    });
    expect(stdout).toContain("kept, because the state holds it now");
    expect([code, store.revoked()]).toEqual([3, []]);
  });

  it("refuses a token under an hour old: an update may be about to record it", async () => {
    await opened(async () => Promise.resolve());
    const young = await lost();
    const { stdout } = await orphans([]);
    const until = new Date((store.now() + HOUR) * 1000).toISOString().replace(".000", "");
    expect(stdout).toMatch(new RegExp(`  too young until ${until}\n`));
    expect(stdout).toMatch(new RegExp(`\nToo young until ${until}\\. To revoke it from then on:\n {2}npm exec --no -- pulumi-bigcommerce-tokens orphans --revoke --jti ${young.jti ?? ""} --stack acme/shop/dev\n$`));
    expect(JSON.parse((await orphans(["--json"])).stdout)).toMatchObject({ orphans: [{ tooYoung: true, tooYoungUntil: until }] });
    store.emulator.clock.advance(HOUR - 1);
    const refused = await orphans(["--revoke", "--jti", young.jti ?? ""], { answers: ["y"] });
    expect(refused.stderr).toMatch(/nothing was revoked, because it is too young until \S+Z: an update may still record it/);
    expect([refused.code, store.revoked()]).toEqual([1, []]);
    store.emulator.clock.advance(1);
    await orphans(["--revoke", "--jti", young.jti ?? ""], { answers: ["y"] });
    expect(store.revoked()).toEqual([young.fingerprint]);
  }); // prettier-ignore

  it("ends with the whole command, the stores that were named included, and with another for those that are too young", async () => {
    const orphan = await opened(() => lost("it's"));
    const young = await lost("young");
    const { stdout } = await orphans(["--store", "abc123"]);
    expect(stdout).toContain(`\nTo revoke it now:\n  npm exec --no -- pulumi-bigcommerce-tokens orphans --revoke --jti ${orphan.jti ?? ""} --store abc123 --stack acme/shop/dev\nToo young until `);
    expect(stdout.split("\n").at(-2)).toContain(`--jti ${young.jti ?? ""} `);
    store.others = { "acme/shop/old": { code: 255, stderr: "error: no network" } };
    expect((await orphans([])).stdout).not.toContain("npm exec");
  }); // prettier-ignore

  it("revokes none of several where one is not to be revoked", async () => {
    const orphan = await opened(() => lost());
    const young = await lost("young");
    const args = ["--jti", orphan.jti ?? "", "--jti", young.jti ?? ""];
    const { code, stderr } = await orphans(["--revoke", ...args], { answers: ["y", "y"] });
    expect([code, store.revoked()]).toEqual([1, []]);
    expect(stderr).not.toContain("[y/N]");
  });

  it("says which revocation failed", async () => {
    const orphan = await opened(() => lost(), { revokedLimit: 0 });
    const { code, stdout } = await orphans(["--revoke", "--jti", orphan.jti ?? ""], { answers: ["y"] });
    expect(code).toBe(1);
    expect(stdout).toMatch(/: not revoked: Revoking token \S+: .*422/);
  });

  it.each<[string, readonly string[], FakeSystemOptions, RegExp]>([
    ["no name", ["--revoke"], { answers: [] }, /--revoke needs --jti or --fingerprint/],
    ["a name without --revoke", ["--jti", "x"], { answers: [] }, /--jti and --fingerprint name what --revoke revokes: give --revoke as well/],
    ["no terminal", ["--revoke", "--jti", "x"], {}, /asks for each token: run it in a terminal/],
    ["a fingerprint that nothing knows", ["--revoke", "--fingerprint", "0123456789abcdef"], { answers: ["y"] }, /name the token by --jti/],
  ])("refuses %s in one line", async (_, args, rest, why) => {
    await opened(() => lost());
    const { code, stdout, stderr } = await orphans(args, rest);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/^pulumi-bigcommerce-tokens: [^\n]+\n$/);
    expect(stderr).toMatch(why);
    expect(store.revoked()).toEqual([]);
  }); // prettier-ignore

  it("takes a fingerprint that the stack's history knows", async () => {
    const orphan = await opened(() => lost());
    const state = { version: 3, deployment: { resources: [store.held("server", orphan)] } };
    const stem = "/backend/.pulumi/history/shop/dev/dev-1";
    const files = {
      [`${stem}.history.json`]: JSON.stringify({ kind: "update", result: "succeeded" }),
      [`${stem}.checkpoint.json`]: JSON.stringify({ version: 3, checkpoint: { latest: state.deployment } }),
    };
    const args = ["--stack", "dev", "--revoke", "--fingerprint", orphan.fingerprint];
    expect((await orphans(args, { answers: ["y"], files })).code).toBe(0);
    expect(store.revoked()).toEqual([orphan.fingerprint]);
  });
});

describe("while an update holds the stack", () => {
  const service = (isUpdating: boolean): Engine => (args) => {
    if (args[0] === "whoami") return { stdout: JSON.stringify({ url: "https://api.pulumi.com/root" }) };
    if (args[1] === "ls") return { stdout: JSON.stringify([{ name: "acme/dev", updateInProgress: isUpdating }, { name: "acme/x", updateInProgress: true }]) };
    return store.system().pulumi?.(args) ?? {};
  }; // prettier-ignore

  it("a lock in a backend of files refuses all", async () => {
    await opened(() => lost());
    const files = { "/backend/.pulumi/locks/organization/shop/dev/5378.json": "{}" };
    const { code, stdout, stderr } = await orphans([], { files });
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/an update of acme\/shop\/dev is running, .* `pulumi cancel`/);
    expect(store.requests()).toEqual([]);
  });

  it("the lock of another stack refuses nothing", async () => {
    await opened(() => lost());
    const files = { "/backend/.pulumi/locks/organization/shop/other/5378.json": "{}" };
    expect((await orphans([], { files })).code).toBe(3);
  });

  it.each([
    [true, 1],
    [false, 3],
  ])("Pulumi Cloud says whether one is under way: %s", async (isUpdating, code) => {
    await opened(() => lost());
    expect((await orphans([], { pulumi: service(isUpdating) })).code).toBe(code);
  });

  it("a backend that does not say makes it the reader's part", async () => {
    await opened(() => lost());
    const pulumi: Engine = (args) =>
      args[0] === "whoami" ? { stdout: JSON.stringify({ url: "s3://bucket" }) } : (store.system().pulumi?.(args) ?? {});
    expect((await orphans([], { pulumi })).stdout).toMatch(/this backend does not tell whether an update is running: make sure that none is/);
  }); // prettier-ignore

  it("one that begins between question and answer keeps the token", async () => {
    const orphan = await opened(() => lost());
    let looks = 0;
    const { stdout } = await orphans(["--revoke", "--jti", orphan.jti ?? ""], {
      answers: ["y"],
      pulumi: (args) => (args[0] === "whoami" && (looks += 1), service(looks > 1)(args)),
    });
    expect(stdout).toMatch(/not revoked: an update of acme\/shop\/dev is running/);
    expect(store.revoked()).toEqual([]);
  });
});

it("what the state holds is no orphan, though a refresh saw it gone and the list shows it again", async () => {
  store = await Store.open();
  const issued = await lost();
  store.emulator.clock.advance(2 * HOUR);
  const others = [store.held("other", await store.mint())];
  store.resources = others;
  expect(await shown()).toEqual([issued.jti]);
  store.resources = [...others, store.held("server", issued, { gone: true })];
  expect(await shown()).toEqual([]);
});
