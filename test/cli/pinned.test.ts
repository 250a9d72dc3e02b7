import type { FakeSystemOptions } from "./fake-system";
import { commandIn, Store } from "./issuing";

let store: Store;
const run = (name: string) => commandIn(() => store, name);
const [orphans, retire, revoke] = [run("orphans"), run("retire"), run("revoke")];

/** A Pulumi in which another stack is selected as soon as it has been asked for the name of the first. */
const restless = (): FakeSystemOptions => {
  const pulumi = store.system().pulumi!;
  let isSelected = true;
  return {
    pulumi: (args) => {
      const isNamed = args.includes("--stack") || !["stack", "config"].includes(args[0] ?? "") || args[1] === "ls";
      if (!isNamed && !isSelected) return { code: 255, stderr: "error: another stack was read\n" };
      isSelected = false;
      return pulumi(args);
    },
  };
}; // prettier-ignore

const NAMED = ["--stack", "acme/shop/dev"];
/** All that a command read of a stack. */
const read = (runs: readonly (readonly string[])[]) =>
  runs.filter(([verb, noun]) => verb === "config" || (verb === "stack" && noun === "export"));

beforeEach(async () => {
  store = await Store.open();
});

it("retire reads and revokes the tokens of the stack that was selected when it began", async () => {
  const [old, current] = [await store.mint(), await store.mint()];
  store.resources = [store.held("server", current, { previous: store.previous(old) })];
  const { code, stdout, runs } = await retire(["--yes", "--json"], restless());
  expect([code, store.revoked()]).toEqual([0, [old.fingerprint]]);
  expect(JSON.parse(stdout)).toMatchObject({ stack: "dev" });
  for (const args of read(runs)) expect(args).toEqual(expect.arrayContaining(NAMED));
});

it("retire reads the values of that stack, too", async () => {
  await store.emulator.close();
  store = await Store.open({ generation: 1 });
  const [old, current] = [await store.mint(), await store.mint()];
  store.resources = [store.held("server", current, { previous: store.previous(old) })];
  const { runs } = await retire(["--yes"], restless());
  expect(store.revoked()).toEqual([old.fingerprint]);
  expect(read(runs).filter((args) => args.includes("--show-secrets"))).toHaveLength(2);
  for (const args of read(runs)) expect(args).toEqual(expect.arrayContaining(NAMED));
});

it("revoke ends the token of the stack that was selected when it began", async () => {
  const issued = await store.mint();
  store.resources = [store.held("server", issued)];
  const { runs } = await revoke(["--fingerprint", issued.fingerprint, "--wait", "0"], restless());
  expect(store.revoked()).toEqual([issued.fingerprint]);
  for (const args of read(runs)) expect(args).toEqual(expect.arrayContaining(NAMED));
});

it("orphans --revoke looks into the state of the stack that was selected when it began", async () => {
  const listName = (name: string) => `acme/shop/dev/private/${name}#${"0af1".repeat(8)}`;
  const orphan = await store.mint({ listName: listName("lost") });
  store.emulator.clock.advance(7_200);
  const { code, runs } = await orphans(["--revoke", "--jti", orphan.jti!], { ...restless(), answers: ["y"] });
  expect([code, store.revoked()]).toEqual([0, [orphan.fingerprint]]);
  expect(read(runs).filter(([verb]) => verb === "stack")).toHaveLength(2);
  for (const args of read(runs)) expect(args).toEqual(expect.arrayContaining(NAMED));
});

it("orphans --revoke revokes nothing where another backend is logged in to by the time of the answer", async () => {
  const orphan = await store.mint({ listName: `acme/shop/dev/private/lost#${"0af1".repeat(8)}` });
  store.emulator.clock.advance(7_200);
  const pulumi = store.system().pulumi!;
  let looks = 0;
  const { code, stdout } = await orphans(["--revoke", "--jti", orphan.jti!], {
    answers: ["y"],
    pulumi: (args) => {
      const isOther = args[0] === "whoami" && (looks += 1) > 1;
      return isOther ? { stdout: JSON.stringify({ url: "file:///other" }) } : pulumi(args);
    },
  });
  expect(stdout).toMatch(
    /: not revoked: Pulumi was logged in to another backend in the meantime: run this again\n/,
  );
  expect([code, store.revoked()]).toEqual([1, []]);
});

it("says in one line where Pulumi does not tell the stack's full name", async () => {
  const { code, stdout, stderr } = await retire([], {
    pulumi: (args) => (args[1] === "--show-name" ? { stdout: "not a name\n" } : {}),
  });
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toMatch(/^pulumi-bigcommerce-tokens: pulumi stack --show-name does not tell [^\n]+\n$/);
});
