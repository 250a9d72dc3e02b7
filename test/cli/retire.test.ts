import { fingerprint as fingerprintOf } from "../../provider/domain/fingerprint";
import { commandIn, Store } from "./issuing";
import { NOW, shown } from "./states";

let store: Store;
const run = commandIn(() => store, "retire");

const retire = async (...args: readonly string[]) => run(args);

/** All but the reading of lists, which holds no token. */
const requests = () => store.requests().filter((line) => !line.startsWith("GET "));

const decrypted = (runs: readonly (readonly string[])[]) => runs.some((args) => args.includes("--show-secrets") && args[0] === "stack"); // prettier-ignore

/** Two resources, each with a predecessor that works; and their predecessors. */
async function twoOverlaps() {
  const olds = [await store.mint(), await store.mint()];
  const news = [await store.mint(), await store.mint()];
  store.resources = olds.map((old, at) =>
    store.held(`server${at}`, news[at] ?? old, { previous: store.previous(old) }),
  );
  return { olds: olds.map(({ fingerprint }) => fingerprint) };
}

it("shows the predecessors that work, and revokes none without --yes", async () => {
  store = await Store.open();
  const { olds } = await twoOverlaps();
  const { code, stdout } = await retire();
  const lines = stdout.split("\n");
  expect(lines[1]).toMatch(new RegExp(`^server0 +private +abc123 +${olds[0] ?? ""} +2027-03-11 12:00 \\(in 60 d\\) +jti$`)); // prettier-ignore
  expect(stdout).toMatch(
    /2 previous tokens would be revoked: run this again with --yes, when everything has the new tokens\./,
  );
  expect([code, requests()]).toEqual([0, []]);
});

it("revokes them by jti with --yes, without decrypting anything, and leaves their successors", async () => {
  store = await Store.open();
  const { olds } = await twoOverlaps();
  const { code, stdout, runs } = await retire("--yes");
  expect(store.revoked()).toEqual(olds);
  expect(stdout.match(/revoke accepted/g)).toHaveLength(2);
  expect(stdout).toMatch(/2 of 2 revoked .* The state still names them until they expire\./);
  expect([code, decrypted(runs)]).toEqual([0, false]);
});

it("revokes by value where a store gave no jti, having decrypted the state once", async () => {
  store = await Store.open({ generation: 1 });
  const { olds } = await twoOverlaps();
  const { code, stdout, runs } = await retire("--yes");
  expect([code, store.revoked()]).toEqual([0, olds]);
  expect(stdout).toMatch(/ value +revoke accepted/);
  expect(runs.filter((args) => args[0] === "stack" && args.includes("--show-secrets"))).toHaveLength(1);
});

it("falls back to the value where the store no longer knows the route of the jti", async () => {
  store = await Store.open();
  const { olds } = await twoOverlaps();
  store.emulator.faults.push({ kind: "status", status: 404, method: "DELETE", path: /private\// });
  const { code } = await retire("--yes", "--json");
  expect([code, store.revoked()]).toEqual([0, olds]);
});

it("the failure of one keeps no other alive", async () => {
  store = await Store.open({ revokedLimit: 1 });
  const { olds } = await twoOverlaps();
  const { code, stdout } = await retire("--yes", "--json");
  expect([code, store.revoked()]).toEqual([1, olds.slice(0, 1)]);
  const { version, predecessors } = JSON.parse(stdout) as {
    version: number;
    predecessors: Record<string, unknown>[];
  };
  expect(version).toBe(1);
  expect(predecessors).toEqual([
    expect.objectContaining({ fingerprint: olds[0], result: "accepted", by: "jti" }),
    expect.objectContaining({
      fingerprint: olds[1],
      result: "failed",
      problem: expect.stringContaining("422"),
    }),
  ]);
});

it("says on a terminal why one was not revoked", async () => {
  store = await Store.open({ revokedLimit: 0 });
  const { olds } = await twoOverlaps();
  const { code, stdout } = await retire("--yes");
  expect(code).toBe(1);
  expect(stdout).toMatch(new RegExp(`\\n${olds[0] ?? ""}: Revoking token ${olds[0] ?? ""}: [^\\n]+\\n`));
  expect(stdout).toContain("0 of 2 revoked");
});

it.each([
  ["that has expired", { expiresAt: new Date((NOW - 1) * 1000).toISOString() }],
  ["whose revocation was asked for", { fate: "revoke" }],
])("a predecessor %s is none of them", async (_, rest) => {
  store = await Store.open();
  const [old, fresh] = [await store.mint(), await store.mint()];
  store.resources = [store.held("server", fresh, { previous: store.previous(old, rest) })];
  const { code, stdout } = await retire("--yes");
  expect([code, stdout]).toEqual([0, "No previous token of dev still works.\n"]);
  expect(requests()).toEqual([]);
});

it("sends a value nowhere that is no token, though it has the fingerprint", async () => {
  store = await Store.open({ generation: 1 });
  const [old, fresh] = [await store.mint(), await store.mint()];
  const print = fingerprintOf("another secret");
  const named = store.previous(old, { id: print, fingerprint: print });
  store.resources = [
    store.held("server", fresh, { previous: named, previousToken: shown("another secret") }),
  ];
  const { code, stdout } = await retire("--yes");
  expect(code).toBe(1);
  expect(stdout).toContain(`the state has no readable value of token ${print}`);
  expect(requests()).toEqual([]);
});

it("sends a value nowhere that is not the token of the fingerprint", async () => {
  store = await Store.open({ generation: 1 });
  const [old, fresh] = [await store.mint(), await store.mint()];
  store.resources = [store.held("server", fresh, { previous: store.previous(old, { id: "0".repeat(16), fingerprint: "0".repeat(16) }) })];
  const { code, stdout } = await retire("--yes");
  expect(code).toBe(1);
  expect(stdout).toContain("the state has no readable value of token 0000000000000000");
  expect(requests()).toEqual([]);
}); // prettier-ignore

describe.each([
  ["a refresh saw gone", { gone: true }],
  ["was minted by an update that failed before anything used it", { verified: false }],
])("where the token that replaced it %s", (_, mark) => {
  const withUnusedSuccessor = async () => {
    store = await Store.open();
    const { olds } = await twoOverlaps();
    const [first, ...others] = store.resources;
    store.resources = [{ ...first, outputs: { ...(first?.["outputs"] as object), ...mark } }, ...others];
    return olds;
  };

  it("its predecessor is the only one that works, and is kept", async () => {
    const olds = await withUnusedSuccessor();
    const { code, stdout } = await retire("--yes");
    expect(store.revoked()).toEqual(olds.slice(1));
    expect(stdout).toContain(
      `${olds[0] ?? ""}: kept, because the token that replaced it is gone or not in use yet: run \`pulumi up\`, then this again`,
    );
    expect(stdout).toMatch(/1 of 2 revoked/);
    expect(code).toBe(1);
  });

  it("that is shown before anything is done", async () => {
    const olds = await withUnusedSuccessor();
    const { code, stdout } = await retire();
    expect(stdout).toContain(`${olds[0] ?? ""}: kept, because the token that replaced it is gone`);
    expect(stdout).toMatch(
      /^1 previous token would be revoked: run this again with --yes, when everything has the new token\.$/m,
    );
    expect([code, requests()]).toEqual([0, []]);
    const { predecessors } = JSON.parse((await retire("--json")).stdout) as { predecessors: object[] };
    expect(predecessors[0]).toMatchObject({ result: "kept", problem: expect.stringMatching(/is gone/) });
    expect(predecessors[1]).not.toHaveProperty("result");
  });
});

it("an adopted token that GraphQL has not accepted is in use: its predecessor is revoked", async () => {
  store = await Store.open();
  const { olds } = await twoOverlaps();
  const [first, ...others] = store.resources;
  const { fingerprint: adopted, ...outputs } = first?.["outputs"] as Record<string, unknown>;
  store.resources = [
    { ...first, outputs: { ...outputs, fingerprint: adopted, adopted, verified: false } },
    ...others,
  ];
  const { code } = await retire("--yes");
  expect([code, store.revoked()]).toEqual([0, olds]);
});

describe("a previous token that was revoked before", () => {
  it("is not offered again where the store's list shows it, nor is it revoked again", async () => {
    store = await Store.open();
    const { olds } = await twoOverlaps();
    const [first] = store.emulator.issued;
    await run(["--yes", "--json"], {});
    expect(store.revoked()).toEqual(olds);
    const { stdout } = await retire();
    expect(stdout).toBe(
      `No previous token of dev still works.\nRevoked before, according to the store's list: ${olds[0] ?? ""} of server0, ${olds[1] ?? ""} of server1.\n`,
    );
    const sent = requests().length;
    const again = JSON.parse((await retire("--yes", "--json")).stdout) as { predecessors: object[]; revokedBefore: object[] };
    expect(again).toMatchObject({ predecessors: [], revokedBefore: [{ fingerprint: first?.fingerprint }, {}], notKnown: [] });
    expect(requests()).toHaveLength(sent);
  });

  it.each<[string, Parameters<typeof Store.open>[0], object, RegExp]>([
    ["there is no list", { generation: 1 }, {}, /Whether a token was revoked before is not known: store abc123 has no list of its tokens\./],
    ["the list cannot be read", {}, { kind: "status", status: 403, method: "GET", times: Infinity }, /is not known: the list of private tokens in store abc123: [^\n]+\./],
  ])("may be offered again where %s, and that is said", async (_, options, fault, said) => {
    store = await Store.open(options);
    await twoOverlaps();
    await retire("--yes");
    if ("kind" in fault) store.emulator.faults.push(fault as never);
    const { code, stdout } = await retire();
    expect(code).toBe(0);
    expect(stdout).toMatch(/^2 previous tokens would be revoked/m);
    expect(stdout).toMatch(said);
  });

  it("needs no credential to be shown, which is said", async () => {
    store = await Store.open();
    await twoOverlaps();
    const { BIGCOMMERCE_ACCESS_TOKEN: _, ...env } = store.env;
    const { code, stdout } = await run([], { env });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^2 previous tokens would be revoked/m);
    expect(stdout).toMatch(/is not known: no credential for store abc123/);
  });
}); // prettier-ignore

describe("a previous token that another stack uses as its own", () => {
  beforeEach(async () => {
    store = await Store.open();
  });

  it("is kept, by name, and the others are revoked", async () => {
    const { olds } = await twoOverlaps();
    const [shared = ""] = olds;
    const user = store.held("shop", store.emulator.issued.find((each) => each.fingerprint === shared)!);
    store.others = { "acme/copy/prod": [user] };
    const why = `${shared}: kept, because it is also the token of shop (private) in stack acme/copy/prod`;
    expect((await retire()).stdout).toContain(why);
    const { code, stdout } = await retire("--yes");
    expect([code, store.revoked()]).toEqual([1, olds.slice(1)]);
    expect(stdout).toContain(why);
  });

  it("a stack that cannot be read is named, and keeps nothing from being revoked", async () => {
    const { olds } = await twoOverlaps();
    store.others = { "acme/shop/zone": { code: 255, stderr: "error: no network\n" } };
    const { code, stderr } = await retire("--yes");
    expect([code, store.revoked()]).toEqual([0, olds]);
    expect(stderr).toMatch(/^not searched, and may use a token: .*acme\/shop\/zone.*no network\n$/);
  });
}); // prettier-ignore
