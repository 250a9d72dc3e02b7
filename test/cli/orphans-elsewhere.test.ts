import type { IssuedToken } from "../../emulator";
import { commandIn, Store } from "./issuing";
import type { Exported } from "./states";

let store: Store;
const orphans = commandIn(() => store, "orphans");

const nonce = (digit: string) => digit.repeat(32);
const listName = (name: string, digit = "0") => `acme/shop/dev/private/${name}#${nonce(digit)}`;
const UNREADABLE = { code: 255, stderr: "error: no stack named 'acme/shop/old' found\n" };

let one: IssuedToken;
let two: IssuedToken;
beforeEach(async () => {
  store = await Store.open();
  one = await store.mint({ listName: listName("one", "1") });
  two = await store.mint({ listName: listName("two", "2") });
  store.emulator.clock.advance(7_200);
});

const named = (...tokens: readonly IssuedToken[]) => tokens.flatMap(({ jti = "" }) => ["--jti", jti]);
const told = async () => {
  const { code, stdout, runs } = await orphans(["--json"]);
  const { orphans: left, ...rest } = JSON.parse(stdout) as {
    readonly orphans: readonly { readonly jti: string }[];
    readonly heldElsewhere: readonly unknown[];
    readonly problems: readonly string[];
    readonly remarks: readonly string[];
  };
  return { code, left: left.map(({ jti }) => jti), ...rest, read: exportsIn(runs) };
};
/** The stacks of which the state was read, in order. */
const exportsIn = (runs: readonly (readonly string[])[]) =>
  runs.filter(([, noun]) => noun === "export").map((args) => args[args.indexOf("--stack") + 1]);

describe("a live token under this stack's labels that another stack holds", () => {
  it("is no orphan: the stack that holds it is named", async () => {
    store.others = { "acme/shop/prod": [store.held("one", one), store.held("two", two)] };
    const { code, stdout } = await orphans();
    expect(code).toBe(0);
    expect(stdout).toMatch(/^stack acme\/shop\/prod holds 2 valid tokens with a label of this stack: no orphan\. /);
    expect(stdout).toMatch(/\nNo orphan of acme\/shop\/dev\. Searched store abc123\.\n$/);
    expect(stdout).not.toContain(one.jti);
    const { heldElsewhere } = await told();
    expect(heldElsewhere).toContainEqual({ stack: "acme/shop/prod", jti: one.jti, label: "acme/shop/dev/private/one", storeHash: "abc123" });
  }); // prettier-ignore

  it.each<[string, (token: IssuedToken) => Exported]>([
    ["by its id", (token) => store.held("one", token)],
    ["by its name in the list alone", (token) => ({ ...store.held("one", token, { listName: listName("one", "1") }), id: "0123456789abcdef" })],
    ["as a predecessor", (token) => store.held("one", two, { previous: store.previous(token) })],
    ["as a predecessor whose revocation was asked for", (token) => store.held("one", two, { previous: store.previous(token, { fate: "revoke" }) })],
    ["as a pending delete", (token) => ({ ...store.held("one", token), delete: true })],
    ["as deleted before its replacement", (token) => ({ ...store.held("one", token), pendingReplacement: true })],
  ])("is told %s", async (_, resource) => {
    store.others = { "acme/shop/prod": [resource(one), store.held("two", two)] };
    expect(await told()).toMatchObject({ code: 0, left: [], problems: [] });
  }); // prettier-ignore

  it("is told in this stack's own state when it was deleted before its replacement", async () => {
    store.resources = [
      { ...store.held("one", one), pendingReplacement: true },
      { ...store.held("two", two), delete: true },
    ];
    expect(await told()).toMatchObject({ code: 0, left: [], read: ["acme/shop/dev"] });
  });

  it("is told of stacks of other projects and organizations", async () => {
    store.others = {
      "acme/blog/dev": [store.held("one", one)],
      "other/shop/dev": [store.held("two", two)],
    };
    expect(await told()).toMatchObject({ code: 0, left: [] });
  });

  it("leaves the others orphans", async () => {
    store.others = { "acme/shop/prod": [store.held("one", one)] };
    expect(await told()).toMatchObject({ code: 3, left: [two.jti], problems: [] });
  });

  it("is not revoked, and the stack that holds it is named", async () => {
    store.others = { "acme/shop/prod": [store.held("one", one)] };
    const { code, stdout, stderr } = await orphans(["--revoke", ...named(one)], { answers: ["y"] });
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/: nothing was revoked, because stack acme\/shop\/prod holds it\n$/);
    expect(store.revoked()).toEqual([]);
  });

  it("is kept where the other stack recorded it between question and answer", async () => {
    const pulumi = store.system().pulumi!;
    let reads = 0;
    store.others = { "acme/shop/prod": [] };
    const { code, stdout } = await orphans(["--revoke", ...named(one)], {
      answers: ["y"],
      pulumi: (args) => {
        const isSecond = args[1] === "export" && args.includes("acme/shop/prod") && (reads += 1) === 2;
        if (isSecond) store.others = { "acme/shop/prod": [store.held("one", one)] };
        return pulumi(args);
      },
    });
    expect(stdout).toContain("kept, because another stack holds it");
    expect([code, store.revoked()]).toEqual([3, []]);
  });
});

describe("how many states are read", () => {
  it("no other where this stack's own explains all", async () => {
    store.resources = [store.held("one", one), store.held("two", two)];
    store.others = { "acme/shop/prod": [] };
    expect((await told()).read).toEqual(["acme/shop/dev"]);
  });

  it("no more than explain all, those of the same project first, and none at the same time as another", async () => {
    store.others = {
      "acme/blog/dev": [],
      "acme/shop/test": [store.held("two", two)],
      "acme/shop/prod": [store.held("one", one)],
      "acme/shop/zone": [],
    };
    const pulumi = store.system().pulumi!;
    let running = 0;
    const { runs } = await orphans([], {
      pulumi: async (args) => {
        running += 1;
        expect(running).toBe(1);
        const ran = await pulumi(args);
        await new Promise(setImmediate);
        running -= 1;
        return ran;
      },
    });
    expect(exportsIn(runs)).toEqual(["acme/shop/dev", "acme/shop/prod", "acme/shop/test"]);
  });

  it("all, in a moment, where one holds thousands of tokens", async () => {
    const many = Array.from({ length: 5_000 }, (_, at) => ({
      ...store.held(`x${at}`, one),
      id: `other-${at}`,
    }));
    store.others = { "acme/shop/prod": [...many, store.held("one", one), store.held("two", two)] };
    expect(await told()).toMatchObject({ code: 0, left: [] });
  });

  it("all of them again before each revocation", async () => {
    store.others = { "acme/shop/prod": [], "acme/shop/test": [] };
    const { code, runs } = await orphans(["--revoke", ...named(one, two)], { answers: ["y", "y"] });
    expect([code, store.revoked()]).toEqual([0, [one.fingerprint, two.fingerprint]]);
    const round = ["acme/shop/dev", "acme/shop/prod", "acme/shop/test"];
    expect(exportsIn(runs)).toEqual([...round, ...round, ...round]);
  });
});

describe("a stack that cannot be read while candidates remain", () => {
  it("is named in a line: they may be held there, and nothing says how to revoke them", async () => {
    store.others = { "acme/shop/old": UNREADABLE };
    const { code, stdout } = await orphans();
    expect(code).toBe(3);
    expect(stdout).toMatch(/\nthe state of another stack could not be read, and may hold it: pulumi stack export --stack acme\/shop\/old failed: [^\n]+\n/);
    expect(stdout).toMatch(/\n2 valid tokens with a label of acme\/shop\/dev: no state that you can read holds them, but not every state could be read\. Searched store abc123\.\n$/);
    expect(stdout).not.toContain("--revoke");
    expect((await told()).problems).toEqual([expect.stringContaining("acme/shop/old")]);
  }); // prettier-ignore

  it.each([
    ["is damaged", { stdout: '{"version":3,"deployment":{"resources":7}}' }],
    ["is of a newer version", { stdout: '{"version":9,"deployment":{}}' }],
    ["is not JSON", { stdout: "nope" }],
  ])("counts as unread where its state %s", async (_, ran) => {
    store.others = { "acme/shop/old": ran };
    expect(await told()).toMatchObject({ code: 3, problems: [expect.stringContaining("acme/shop/old")] });
  });

  it("keeps no other from being read, and is of no concern once all are explained", async () => {
    store.others = { "acme/shop/old": UNREADABLE, "acme/shop/prod": [store.held("one", one), store.held("two", two)] };
    expect(await told()).toMatchObject({ code: 0, left: [], problems: [] });
  }); // prettier-ignore

  it("keeps each of them from being revoked", async () => {
    store.others = { "acme/shop/old": UNREADABLE };
    const { code, stdout, stderr } = await orphans(["--revoke", ...named(one)], { answers: ["y"] });
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/^pulumi-bigcommerce-tokens: [^\n]+: nothing was revoked, because the state of another stack could not be read, and may hold it: pulumi stack export --stack acme\/shop\/old failed: [^\n]+\n$/);
    expect(store.revoked()).toEqual([]);
  }); // prettier-ignore

  it("keeps the token where it cannot be read by the time of the answer", async () => {
    const pulumi = store.system().pulumi!;
    let lists = 0;
    const { code, stdout } = await orphans(["--revoke", ...named(one)], {
      answers: ["y"],
      pulumi: (args) => {
        if (args[1] === "ls" && (lists += 1) > 1) return { code: 255, stderr: "error: no network\n" };
        return pulumi(args);
      },
    });
    expect(stdout).toMatch(/: not revoked: the backend's stacks could not be listed, and any of them may hold it: [^\n]+no network\n/);
    expect([code, store.revoked()]).toEqual([1, []]);
  }); // prettier-ignore

  it("may be any, where the backend does not list its stacks", async () => {
    const pulumi = store.system().pulumi!;
    const { code, stdout } = await orphans([], {
      pulumi: (args) => (args[1] === "ls" ? { code: 255, stderr: "error: forbidden\n" } : pulumi(args)),
    });
    expect(code).toBe(3);
    expect(stdout).toMatch(
      /\nthe backend's stacks could not be listed, and any of them may hold it: [^\n]+forbidden\n/,
    );
  });
});
