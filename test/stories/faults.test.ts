import { declare, type Declared } from "../support/program";
import { itOnOneHost, ORGANIZATION, Stack, type StackOptions } from "../support/stack";

const SERVER: Declared = {
  kind: "PrivateToken",
  name: "server",
  args: { channelIds: [1], scopes: ["Customer"], lifetime: "90d" },
};
const many = (count: number) =>
  declare(...Array.from({ length: count }, (_, index) => ({ ...SERVER, name: `server${index}` })));

let stack: Stack;
afterEach(() => stack.close());
const start = async (program = declare(SERVER), options: StackOptions = {}) => {
  stack = await Stack.start(program, options);
};
const fingerprint = async () => String((await stack.token("server")).outputs["fingerprint"]);
const names = () => stack.emulator.issued.map(({ name }) => name ?? "");

describe("a mint whose answer is lost", () => {
  const lose = () => {
    stack.emulator.faults.push({ kind: "reset-after", method: "POST" });
  };

  it("[X1] is found in the store's list, revoked, and minted once more in the same up", async () => {
    await start();
    lose();
    await stack.up();
    expect(stack.requests()).toEqual(["POST", "DELETE", "POST"]);
    expect(stack.live()).toEqual([await fingerprint()]);
    expect((await stack.token("server")).outputs["listName"]).toBe(names()[1]);
    await stack.destroy();
    expect(stack.live()).toEqual([]);
  });

  itOnOneHost(
    "[H9,N6] fails the up in a store without the list, says until when it may live, and is minted anew by the next",
    async () => {
      await start(undefined, { generation: 1 });
      lose();
      const output = await stack.upFails();
      const [lost] = stack.live();
      const end = new Date((stack.emulator.issued[0]?.expiresAt ?? 0) * 1000)
        .toISOString()
        .replace(".000Z", "Z");
      expect(output).toContain(`A token valid until ${end} may exist that nothing records`);
      expect(await stack.tokens()).toEqual([]);
      expect(stack.requests()).toEqual(["POST"]);
      await stack.up();
      expect(stack.live()).toEqual([lost, await fingerprint()]);
      await stack.destroy();
      expect(stack.live()).toEqual([lost]);
    },
  );

  itOnOneHost("[X2] that the list does not show fails the up with the name that it would have", async () => {
    await start();
    stack.emulator.faults.push({ kind: "status", status: 503, method: "POST" });
    const output = await stack.upFails();
    expect(output).toMatch(
      new RegExp(`A token named ${ORGANIZATION}/shop/dev/private/server#[0-9a-f]{32}, valid until`),
    );
    expect(stack.requests()).toEqual(["POST"]);
    await stack.up();
    expect(stack.live()).toEqual([await fingerprint()]);
  });
});

describe("a revocation whose answer is lost", () => {
  it("[R5,R7,R13] is sent again, and counts although its second answer is a refusal", async () => {
    await start(undefined, { deadTokenRevocation: "refused" });
    await stack.up();
    stack.requests();
    stack.emulator.faults.push({ kind: "reset-after", method: "DELETE" });
    await stack.destroy();
    expect(stack.requests()).toEqual(["DELETE", "DELETE"]);
    expect(stack.live()).toEqual([]);
  });
});

describe("many tokens", () => {
  itOnOneHost(
    "[L12,E17] against a quota of 5 a second: all are minted and revoked, and none is refused",
    async () => {
      await start(many(30), { quota: { requests: 5, windowMs: 1_000 } });
      await stack.up("--parallel", "16");
      expect(stack.live()).toHaveLength(30);
      await stack.destroy("--parallel", "16");
      expect(stack.live()).toEqual([]);
      expect(stack.emulator.requests.filter(({ status }) => status === 429)).toEqual([]);
    },
  );

  itOnOneHost("[R15] of which one cannot be revoked: the others go, it stays", async () => {
    await start(many(10));
    await stack.up();
    const { jti = "", fingerprint: name } = stack.emulator.issued[4]!;
    stack.emulator.faults.push({ kind: "status", status: 403, path: new RegExp(jti), times: Infinity });
    const output = await stack.fails("destroy", "--yes", "--skip-preview", "--continue-on-error");
    expect(output).toContain(`token ${name} of`);
    expect(stack.live()).toEqual([name]);
    stack.emulator.faults.clear();
    await stack.destroy();
    expect(stack.live()).toEqual([]);
    expect(await stack.tokens()).toEqual([]);
  });
});

describe("a token that is kept after a failure", () => {
  itOnOneHost(
    "[E9,E10] stays unproven through a refresh, mints nothing, and gives way to a change that it fits",
    async () => {
      await start();
      // More channels than asked for, and a revocation that fails.
      stack.emulator.faults.push({ kind: "claims", claims: { cid: [1, 2] } });
      stack.emulator.faults.push({ kind: "status", status: 403, method: "DELETE", times: Infinity });
      await stack.upFails();
      await stack.ok("refresh", "--yes", "--skip-preview");
      stack.requests();
      expect(await stack.upFails()).toContain("it is valid for channels that were not asked for");
      expect(stack.requests()).toEqual([]);
      expect((await stack.token("server")).outputs["verified"]).toBe(false);

      stack.emulator.faults.clear();
      stack.program(declare({ ...SERVER, args: { ...SERVER.args, channelIds: [1, 2] } }));
      await stack.up();
      expect(stack.requests()).toEqual(["POST", "DELETE"]);
      expect(stack.live()).toEqual([await fingerprint()]);
      expect((await stack.token("server")).outputs).not.toHaveProperty("verified");
    },
  );
});
