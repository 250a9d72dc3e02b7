import { KINDS } from "../../provider/domain/kinds";
import { DAY } from "../../provider/domain/expiry";
import { declare, SECRET, UNKNOWN } from "./support/samples";
import { startWorld, type World } from "./support/world";

const kind = KINDS.private;
const TOO_BROAD = { kind: "claims", claims: { cid: [1, 2, 3] } } as const;
const REFUSE_REVOKES = { kind: "status", status: 503, method: "DELETE", times: Infinity } as const;

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.close());

describe("a token that was kept because it is not fit for use", () => {
  it("is not minted again on every update where it lives too short, although its claim makes it due", async () => {
    world.emulator.faults.push({ kind: "claims", claims: { eat: world.emulator.clock.now() + 20 * DAY } });
    world.emulator.faults.push(REFUSE_REVOKES);
    await world.up([declare(kind)]);
    for (let run = 0; run < 3; run++) {
      const next = await world.up([declare(kind)]);
      expect(next.calls).toEqual(["check x", "diff x", "update x"]);
      expect(next.requests).toEqual([]);
      expect(next.errors).toEqual([expect.objectContaining({ code: "partial_failure" })]);
    }
    expect(world.alive()).toBe("A");
  });

  it("is revoked by a change that its inputs would cover, because it can do more than they say", async () => {
    world.emulator.faults.push(TOO_BROAD);
    world.emulator.faults.push(REFUSE_REVOKES);
    await world.up([declare(kind, { channelIds: [1] })]);
    world.emulator.faults.clear();
    const change = await world.up([declare(kind, { channelIds: [1, 2] })]);
    expect(change.errors).toEqual([]);
    expect(change.requests).toEqual(["POST abc123", "DELETE abc123 A"]);
    expect(world.alive()).toBe("B");
  });

  it("[K14] is answered again where the engine asks for the same create again, without another mint", async () => {
    world.emulator.faults.push(TOO_BROAD);
    world.emulator.faults.push(REFUSE_REVOKES);
    const handlers = world.handlers("private");
    const args = { ...declare(kind).args, label: "l", __provider: "code" };
    const { inputs } = await handlers.check({}, args);
    const first = await handlers.create(inputs).catch((error: unknown) => error);
    const second = await handlers.create(inputs).catch((error: unknown) => error);
    expect(first).toMatchObject({ code: "partial_failure", properties: { verified: false } });
    expect(second).toEqual(first);
    expect(world.emulator.issued).toHaveLength(1);
  });
});

it("[E9,E24] a failure of our own after the mint of a replacement keeps what was announced for the predecessor", async () => {
  await world.up([declare(kind)]);
  world.advance(61);
  const heard = jest.spyOn(JSON, "stringify");
  world.wrap = (client) => ({
    ...client,
    mint: async (...args) => {
      const minted = await client.mint(...args);
      heard.mockImplementation(() => {
        throw new RangeError(SECRET);
      });
      return minted;
    },
  });
  const failing = world.up([declare(kind)]).finally(() => {
    heard.mockRestore();
  });
  // The fake engine copies what it is given without JSON, so that only the provider fails.
  expect((await failing).errors).toEqual([expect.objectContaining({ code: "partial_failure" })]);
  world.wrap = undefined;
  expect(world.engine.live("x").id).toBe(world.token("B").jti);
  expect(world.outputs()).toMatchObject({
    ...{ token: "B", verified: false, previousToken: "A" },
    previous: { fingerprint: "A", fate: "letExpire" },
  });
  const next = await world.up([declare(kind)]);
  expect(next.errors).toEqual([]);
  expect(next.requests).toEqual([]);
  expect(world.alive()).toBe("AB");
});

describe("memory of what this process has seen", () => {
  it("[E6] takes a token that was forced under its old name for forced after an alias rename", async () => {
    const before = declare(kind, { onDelete: "letExpire" });
    await world.up([before]);
    await world.up([before], { replace: ["x"], dependantFails: true });
    expect(world.alive()).toBe("AB");
    const renamed = await world.up([{ ...before, name: "y", alias: "x" }]);
    expect(renamed.requests).toEqual(["DELETE abc123 A"]);
    expect(world.alive()).toBe("B");
  });

  it("tells tokens of two stores apart that carry the same jti", async () => {
    world.emulator.faults.push({ kind: "claims", claims: { jti: "1" }, times: 2 });
    await world.up([declare(kind), declare(kind, { storeHash: "other9" }, { name: "y" })]);
    const destroy = await world.destroy();
    expect(destroy.requests.map((request) => request.split(" ")[1]).sort()).toEqual(["abc123", "other9"]);
    expect(world.alive()).toBe("");
  });

  it("says of an older predecessor that waits for its delete only that it was revoked", async () => {
    await world.up([declare(kind, { channelIds: [1] })]);
    await world.up([declare(kind, { channelIds: [1, 2] })], { dependantFails: true });
    const second = await world.up([declare(kind, { channelIds: [1, 2, 3] })]);
    const effects = second.lines.filter((line) => /^(revoke accepted|left to expire)/.test(line));
    expect(effects.map((line) => line.replace(/ \S+ (\S+) \S+$/, " $1"))).toEqual(
      expect.arrayContaining(["revoke accepted A", "left to expire B"]),
    );
    expect(effects).toHaveLength(2);
    expect(world.alive()).toBe("BC");
  });
});

it("[R6] lets a damaged state go under BIGCOMMERCE_ON_DELETE=letExpire, without a request", async () => {
  await world.up([declare(kind)]);
  const entry = world.engine.live("x");
  const { expiresAt, token, ...outputs } = entry.outputs;
  world.engine.entries = [{ ...entry, outputs }];
  expect((await world.destroy()).errors).toEqual([expect.objectContaining({ code: "token_unreadable" })]);
  world.env["BIGCOMMERCE_ON_DELETE"] = "letExpire";
  const destroy = await world.destroy();
  expect(destroy.errors).toEqual([]);
  expect(destroy.requests).toEqual([]);
  expect({ expiresAt, token }).not.toEqual({});
});

it("passes unknowns that may turn out to be missing", async () => {
  const fixed = { lifetime: null, expiresAt: "2027-06-30T00:00:00Z" };
  for (const change of [
    { ...fixed, lifetime: UNKNOWN },
    { ...fixed, rotateBefore: UNKNOWN },
  ]) {
    const preview = await world.preview([declare(kind, change)]);
    expect(preview.failures).toEqual([]);
  }
});

it("reports a moved store, a changed host and a malformed credential together", async () => {
  await world.up([declare(kind)]);
  world.env["BIGCOMMERCE_API_URL"] = "http://127.0.0.1:9";
  world.env["BIGCOMMERCE_ACCESS_TOKEN_OTHER9"] = "with space";
  const { failures } = await world.up([declare(kind, { storeHash: "other9" })]);
  expect(failures).toEqual([
    expect.stringContaining("this token was minted at"),
    expect.stringContaining("BIGCOMMERCE_ACCESS_TOKEN_OTHER9"),
  ]);
});
