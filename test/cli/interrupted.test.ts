import { cli } from "./fake-system";
import { commandIn, Store } from "./issuing";
import { DAY, day, exported, type Exported, NOW, previous, printOf, token } from "./states";

type Rest = Readonly<Record<string, unknown>>;

/** As Pulumi leaves a record that it deleted first, where the update ended before its successor was made. */
const interrupted = (outputs: Rest = {}, rest: Rest = {}): Exported =>
  token("a", { outputs, rest: { pendingReplacement: true, ...rest } });

const status = async (args: readonly string[], ...resources: readonly Exported[]) =>
  cli(["status", ...args], {
    now: NOW,
    pulumi: ([, verb]) => ({ stdout: verb === "ls" ? '[{"name":"acme/shop/dev"}]' : exported(...resources) }),
  });

describe("status", () => {
  it("shows the token that an interrupted replacement left, until when it works and how to end it", async () => {
    const { stdout, code } = await status([], interrupted());
    expect(code).toBe(3);
    expect(stdout).toMatch(/\na .*  interrupted replacement\n/);
    expect(stdout).toContain(`\na ${printOf("a")}: an update was interrupted after it deleted a dependency and before it minted the new token: this token works until ${day(60)}. `); // prettier-ignore
    expect(stdout).toMatch(new RegExp(`To revoke it now: revoke --fingerprint ${printOf("a")}\\n`));
    expect(stdout).toContain(
      "1 token in dev: 1 interrupted replacement. A `pulumi up` now would rotate none.",
    );
  });

  it("quotes a stack's name for the shell", async () => {
    const { stdout } = await status(["--stack", "a/b/it's $(x)"], interrupted());
    expect(stdout).toContain(`revoke --fingerprint ${printOf("a")} --stack 'a/b/it'\\''s $(x)'\n`);
  });

  it.each([["--stack", "acme/shop/dev"], ["--all"]])("names the stack that was asked for in the command: %s", async (...args) => {
    expect((await status(args, interrupted())).stdout).toMatch(`revoke --fingerprint ${printOf("a")} --stack acme/shop/dev\n`);
  }); // prettier-ignore

  it("tells programs by its role and its state", async () => {
    const { stdout } = await status(["--json"], interrupted());
    expect((JSON.parse(stdout) as { tokens: unknown[] }).tokens).toEqual([
      expect.objectContaining({
        ...{ role: "pending replacement", state: "interrupted replacement", needsPerson: true, rotates: false },
        ...{ fingerprint: printOf("a"), expiresAt: day(60), note: expect.stringContaining("revoke --fingerprint") },
      }),
    ]);
  }); // prettier-ignore

  it.each<[string, Exported]>([
    ["never expires", interrupted({ expiresAt: "never", lifetime: undefined, rotateBefore: undefined })],
    ["was never proven", interrupted({ verified: false })],
    ["has no overlap", interrupted({ overlap: "never" })],
    ["has expired since", interrupted({ expiresAt: day(-1) })],
    ["was gone before", interrupted({ gone: true })],
  ])("says of one that was revoked or is dead that the next update mints another: it %s", async (_, resource) => {
    const { code, stdout } = await status([], resource);
    expect(code).toBe(2);
    expect(stdout).toMatch(/\na .*  interrupted replacement\n/);
    expect(stdout).toMatch(/\na \w{16}: an update was interrupted before it minted the new token, and its token (has expired|is gone|was to be revoked): the next `pulumi up` mints the new one\n/);
    expect(stdout).not.toContain("revoke --fingerprint");
    const { stdout: urns } = await status(["--urns-due"], resource);
    expect(urns).toBe(`--target=${String(resource["urn"])}\n--target-dependents\n`);
  }); // prettier-ignore

  it.each<[string, Rest]>([
    ["retainOnDelete", { retainOnDelete: true }],
    ["deletedWith", { deletedWith: "urn:pulumi:dev::shop::x::y" }],
  ])("shows one whose deletion asked the provider for nothing, whatever its rule: %s", async (_, rest) => {
    const { code, stdout } = await status([], interrupted({ overlap: "never" }, rest));
    expect([code, stdout]).toEqual([3, expect.stringContaining("interrupted replacement")]);
  });

  it("counts its previous token as revoked, because the delete that left the token revoked that one", async () => {
    const { stdout } = await status(["--json"], interrupted({ previous: previous("old") }));
    expect((JSON.parse(stdout) as { tokens: unknown[] }).tokens).toHaveLength(1);
  });

  it.each<[string, Rest]>([
    ["a refresh saw gone", { gone: true }],
    ["was never proven", { verified: false }],
  ])("shows the previous token of one that %s, because the new token carries it over", async (_, rest) => {
    const resource = interrupted({ ...rest, previous: previous("old") });
    const { stdout } = await status(["--json"], resource);
    expect((JSON.parse(stdout) as { tokens: unknown[] }).tokens).toEqual([
      expect.objectContaining({ role: "pending replacement", state: "interrupted replacement", settledBy: "up" }),
      expect.objectContaining({ role: "predecessor", state: "left to expire", fingerprint: printOf("old") }),
    ]);
  }); // prettier-ignore

  it("offers no argument for `up`, which would not rotate it", async () => {
    expect(await status(["--urns-due"], interrupted())).toMatchObject({ code: 3, stdout: "" });
  });
});

describe("with a store", () => {
  let store: Store;
  const run = async (name: string, ...args: readonly string[]) => commands[name]!(args);
  const commands = Object.fromEntries(
    ["status", "revoke", "retire", "orphans", "inspect", "doctor"].map((name) => [name, commandIn(() => store, name)]),
  ); // prettier-ignore
  const open = async () => {
    store = await Store.open();
    const listName = `organization/shop/dev/private/a#${"0".repeat(32)}`;
    const issued = await store.mint({ listName });
    store.resources = [{ ...store.held("a", issued, { listName }), pendingReplacement: true }];
    return issued;
  };

  it("revoke --fingerprint ends it, and status --live then leaves the rest to the next update", async () => {
    const { fingerprint } = await open();
    const { code, stdout } = await run("revoke", "--fingerprint", fingerprint);
    expect([code, store.revoked()]).toEqual([0, [fingerprint]]);
    expect(stdout).toContain(" · pending replacement of acme/shop/dev/private/a · ");
    expect(stdout).not.toContain("--replace");
    const live = await run("status", "--live");
    expect([live.code, live.stdout]).toEqual([
      2,
      expect.stringMatching(
        /interrupted replacement {2}revoked\n[^]*its token works no more: the next `pulumi up` mints/,
      ),
    ]);
  });

  it("status --live alarms where the rule had it revoked and the store's list shows it as valid", async () => {
    const issued = await open();
    store.resources = [{ ...store.held("a", issued, { overlap: "never" }), pendingReplacement: true }];
    const { code, stdout } = await run("status", "--live");
    expect([code, stdout]).toEqual([3, expect.stringContaining("the store's list shows it as valid")]);
  });

  it("orphans counts it as held", async () => {
    await open();
    store.emulator.clock.advance(DAY);
    expect(await run("orphans")).toMatchObject({ code: 0, stdout: expect.stringContaining("No orphan") });
  });

  it("retire leaves it alone: no successor has taken its place", async () => {
    await open();
    const { stdout } = await run("retire", "--yes");
    expect([stdout, store.revoked()]).toEqual(["No previous token of dev still works.\n", []]);
  });

  it.each([{ gone: true }, { verified: false }])(
    "retire keeps a previous token that the new token will carry over: %j",
    async (outputs) => {
      const issued = await open();
      const held = store.held("a", issued, { ...outputs, previous: previous("old") });
      store.resources = [{ ...held, pendingReplacement: true }];
      const { code, stdout } = await run("retire", "--yes", "--json");
      expect([code, store.revoked()]).toEqual([1, []]);
      expect(JSON.parse(stdout)).toMatchObject({
        predecessors: [{ fingerprint: printOf("old"), result: "kept" }],
      });
    },
  );

  it("inspect finds it", async () => {
    const { token: value } = await open();
    const { stdout } = await commands["inspect"]!(["--stack", "dev"], { stdin: value });
    expect(stdout).toMatch(/held by +a \(private\), stack \S+: interrupted replacement\n/);
  });

  it("doctor counts it among the tokens that an API account minted", async () => {
    await open();
    const held = store.resources[0] as { outputs: Rest };
    store.resources = [{ ...held, outputs: { ...held.outputs, apiAccount: "client-c" } }];
    expect((await run("doctor")).stdout).toContain("the state also holds tokens of client-c");
  });
});
