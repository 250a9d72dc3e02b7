import fc from "fast-check";

import { createDynamicHandlers } from "../../provider/host/dynamic";
import { createSettings } from "../../provider/settings/settings";
import { type Kind, KINDS } from "../../provider/domain/kinds";
import { createRunRecord } from "../../provider/handlers/run-record";
import { createNotices } from "../../provider/notices";
import { parseInputs } from "../../provider/domain/inputs";
import { hasPlaceholder, SECRET, SIGNATURE } from "../../provider/pulumi-values";
import { gridOf } from "../support/policies";
import { runs } from "../support/property-runs";
import { clockOf, NOW } from "./support/clock";
import { SENTINELS, NO_CLIENT } from "./support/samples";

const RUNS = runs(300);

const ENV = { BIGCOMMERCE_STORE_HASH: "abc123", BIGCOMMERCE_ACCESS_TOKEN: "x" };

const handlersOf = (kind: Kind, lines: string[] = [], now = NOW) =>
  createDynamicHandlers({
    kind,
    clock: clockOf(() => now),
    settings: createSettings(ENV, { get: () => undefined }),
    record: createRunRecord(),
    notices: createNotices((line) => lines.push(line)),
    client: NO_CLIENT,
    nonce: () => "0".repeat(32),
  });

const kinds = fc.constantFrom(...Object.values(KINDS));
const NAMES = [
  ...["channelIds", "scopes", "allowedCorsOrigins", "expiresAt", "lifetime", "rotateBefore", "overlap"],
  ...[
    "onDelete",
    "storeHash",
    "label",
    "channelId",
    "__proto__",
    "constructor",
    "toString",
    "apiUrl",
    "token",
    ...["adopt", "verify", "resourceName", "formerLabel", "isPreview", "isProtected", "__provider"],
    ...["hasOwnProperty", "valueOf", "toJSON", "then", "length"],
  ],
];
const NOISE = "n0is3-canary";
const values = fc.oneof(
  fc.anything({ withNullPrototype: true, withBigInt: true, withDate: true, withSparseArray: true }),
  fc.constantFrom<unknown>(
    NOISE,
    [NOISE],
    [1, NOISE],
    0,
    -1,
    1.5,
    NaN,
    2 ** 53,
    "",
    "never",
    "90d",
    "10s",
    "*",
    null,
  ),
  fc.constantFrom<unknown>(...SENTINELS, ...SENTINELS.map((sentinel) => [1, sentinel])),
  fc.array(fc.oneof(fc.integer(), fc.string(), fc.webUrl())),
  // As Pulumi marks secrets, assets and the like.
  fc.jsonValue().map((value) => ({ [SIGNATURE]: SECRET, value })),
);
const anyBag = fc.dictionary(fc.oneof(fc.constantFrom(...NAMES), fc.string({ unit: "binary" })), values, {
  noNullPrototype: false,
});

const durations = fc
  .tuple(fc.integer({ min: 10, max: 1000 }), fc.constantFrom("s", "m", "h", "d", "w"))
  .map(([count, unit]) => `${count}${unit}`);
const ends = fc.integer({ min: NOW + 10, max: 99_999_999_999 });
const timings = fc.oneof(
  fc.record({ lifetime: durations }),
  fc.record({ lifetime: durations, rotateBefore: fc.constantFrom("1s", "5s", "8s") }),
  fc.record({
    expiresAt: fc.oneof(
      ends,
      ends.map((end) => new Date(end * 1000).toISOString().replace(".000Z", "+00:00")),
      fc.constant("never"),
    ),
  }),
);
const scopes = fc.uniqueArray(fc.constantFrom("Unauthenticated", "Customer", "B2B"), { minLength: 1 });
const origins = fc.array(fc.constantFrom("https://b.example", "https://a.example", "https://b.example"), {
  maxLength: 4,
});
const goodNews = fc
  .record({
    ...{ kind: kinds, timing: timings, scopes, allowedCorsOrigins: origins },
    channelIds: fc.array(fc.integer({ min: 1, max: 2 ** 53 - 1 }), { minLength: 1, maxLength: 6 }),
    rest: fc.record(
      {
        overlap: fc.constantFrom("auto", "never"),
        onDelete: fc.constant("revoke"),
        storeHash: fc.stringMatching(/^[a-z0-9]{1,32}$/),
      },
      { requiredKeys: [] },
    ),
  })
  .map(({ kind, timing, rest, channelIds, ...rights }) => ({
    kind,
    news: {
      ...{ label: "l", __provider: "code", channelIds, ...timing, ...rest },
      ...Object.fromEntries(kind.rights.map((right) => [right, rights[right]])),
    },
  }));

it("[U21] never throws, never names a property, never writes a value, and answers failures or inputs, whatever it is given and the state holds", async () => {
  await fc.assert(
    fc.asyncProperty(kinds, anyBag, anyBag, async (kind, olds, news) => {
      const lines: string[] = [];
      const { failures, inputs } = await handlersOf(kind, lines).check(olds, news);
      for (const { property, reason } of failures) {
        expect(property).toBe("");
        expect(reason).toMatch(/^[^\r\n]+$/);
        expect(reason).not.toContain(NOISE);
      }
      expect(lines.join("")).not.toContain(NOISE);
      if (failures.length === 0) expect(inputs).toMatchObject({ storeHash: expect.anything() as unknown });
    }),
    RUNS,
  );
});

/** Deeper than any message that gRPC carries. */
function nested(depth: number): unknown {
  let value: unknown = NOISE;
  for (let level = 0; level < depth; level += 1) value = level % 2 === 0 ? [value] : { channelIds: value };
  return value;
}

it.each<[string, unknown]>([
  ["digits", "9".repeat(1_000_000)],
  ["dots", `https://${"a.".repeat(500_000)}`],
  ["entries", Array(5_000).fill(7)],
  ["levels", nested(2_000)],
])("[U21] answers failures at once to many %s in any property", async (_, huge) => {
  const bag = Object.fromEntries(NAMES.map((name) => [name, huge]));
  const used = process.cpuUsage();
  for (const kind of Object.values(KINDS)) {
    const inState = await handlersOf(kind).check(bag, { label: "l" });
    const given = await handlersOf(kind).check({}, bag);
    const listed = await handlersOf(kind).check(
      {},
      { scopes: [huge], allowedCorsOrigins: [huge], overlap: huge },
    );
    for (const { failures } of [inState, given, listed]) expect(failures.length).toBeGreaterThan(0);
  }
  // Of the processor, which no other process uses up.
  const { user, system } = process.cpuUsage(used);
  expect((user + system) / 1_000_000).toBeLessThan(3);
});

/** Inputs of which at most two are not as they should be. */
const nearlyGoodNews = fc
  .record({
    good: goodNews,
    label: fc.constantFrom("l", "acme/shop/prod/private/web"),
    damage: fc.dictionary(
      fc.constantFrom(...NAMES),
      fc.oneof(
        fc.jsonValue(),
        fc.constantFrom<unknown>(...SENTINELS, [1, SENTINELS[0]], "never", "90d", true, null),
      ),
      { maxKeys: 2 },
    ),
    isPreview: fc.boolean(),
  })
  .map(({ good: { kind, news }, damage, label, isPreview }) => ({
    kind,
    news: { ...news, label, ...damage, ...(isPreview && { isPreview }) },
  }));
/** Whatever a state may hold: of this resource or of another, as it is now or was in a former program, whole or damaged. */
const olds = fc.record({
  former: fc.option(goodNews, { nil: undefined }),
  damage: fc.oneof(fc.constant({}), fc.dictionary(fc.constantFrom(...NAMES), fc.jsonValue(), { maxKeys: 2 })),
  age: fc.nat(100 * 86_400),
});

it("[U21] checks its own answer to the same, whatever the state holds and the program gives", async () => {
  let accepted = 0;
  await fc.assert(
    fc.asyncProperty(nearlyGoodNews, olds, async ({ kind, news }, { former, damage, age }) => {
      const before =
        former && (await handlersOf(kind, [], NOW - age).check({}, { ...former.news, label: news.label }));
      const old = before ? { ...before.inputs, ...damage } : {};
      const first = await handlersOf(kind).check(old, news);
      // No state holds what only the update tells.
      if (first.failures.length > 0 || hasPlaceholder(first.inputs)) return;
      accepted += 1;
      expect(await handlersOf(kind).check(first.inputs, news)).toStrictEqual(first);
      // Pulumi carries it.
      expect(JSON.parse(JSON.stringify(first.inputs))).toStrictEqual(first.inputs);
    }),
    RUNS,
  );
  // Not a property of nothing.
  expect(accepted).toBeGreaterThan(RUNS.numRuns / 10);
});

/** Rounded as the README states it. */
function expirationOf(lifetime: unknown): string {
  const [, count, unit] = /^(\d+)(\w)$/.exec(String(lifetime)) ?? [];
  const seconds = Number(count) * { s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800 }[unit as "s"];
  const end = Math.floor((NOW + seconds) / gridOf(seconds)) * gridOf(seconds);
  return new Date(end * 1_000).toISOString().replace(".000Z", "Z");
}

const OUTPUTS = { token: "a.b.c", fingerprint: "f", issuedAt: "2026-04-01T00:00:00Z" };

it("[U21] answers in an update what it answered in the preview, also in the second check of a replacement, but for what was unknown", async () => {
  let replaced = 0;
  const unknownNames = fc.subarray(["channelIds", "scopes", "allowedCorsOrigins", "overlap", "onDelete"]);
  await fc.assert(
    fc.asyncProperty(
      goodNews,
      goodNews,
      fc.nat(100 * 86_400),
      unknownNames,
      async (former, later, age, names) => {
        const { kind } = later;
        fc.pre(former.kind === kind);
        // A default never moves a token.
        const inStore = { storeHash: "abc123" };
        const program = { ...inStore, ...later.news };
        const { inputs: olds } = await handlersOf(kind, [], NOW - age).check(
          {},
          { ...inStore, ...former.news },
        );
        const pass = async (news: Readonly<Record<string, unknown>>) => {
          const handlers = handlersOf(kind);
          const first = await handlers.check(olds, news);
          expect(first.failures).toEqual([]);
          const answer = await handlers
            .diff("id", { ...olds, ...OUTPUTS }, first.inputs)
            .catch(() => undefined);
          if (!answer || answer.replaces.length === 0) return { first: first.inputs };
          const second = await handlers.check({}, news);
          expect(second.failures).toEqual([]);
          return { first: first.inputs, second: second.inputs };
        };

        const update = await pass(program);
        expect(await pass({ ...program, isPreview: true })).toEqual(update);

        const given = names.filter((name) => name in program);
        const unknowns = Object.fromEntries(given.map((name) => [name, SENTINELS[0]]));
        const preview = await pass({ ...program, ...unknowns, isPreview: true });
        expect({ ...preview.first, ...unknowns }).toEqual({ ...update.first, ...unknowns });
        for (const name of given) expect(preview.first[name]).toBe(SENTINELS[0]);

        if (!update.second) return;
        replaced += 1;
        // A new token has a whole lifetime, though the old one was not due.
        const { lifetime } = program as { readonly lifetime?: unknown };
        const expiresAt = lifetime === undefined ? update.first["expiresAt"] : expirationOf(lifetime);
        expect(update.second).toEqual({ ...update.first, expiresAt });
      },
    ),
    RUNS,
  );
  expect(replaced).toBeGreaterThan(RUNS.numRuns / 10);
});

it("[U21] checks what it answered to the same: no second up changes anything", async () => {
  await fc.assert(
    fc.asyncProperty(goodNews, async ({ kind, news }) => {
      const handlers = handlersOf(kind);
      const first = await handlers.check({}, news);
      expect(first.failures).toEqual([]);
      const second = await handlers.check(first.inputs, news);
      expect(second).toEqual(first);
      // Without a lifetime, whose end is computed, the answer itself is an input too.
      if (first.inputs["lifetime"] === undefined)
        expect(await handlers.check({}, first.inputs)).toEqual(first);
    }),
    RUNS,
  );
});

it("[U21] parses its own normal form to itself", () => {
  fc.assert(
    fc.property(goodNews, ({ kind, news }) => {
      const { __provider: _, ...given } = news as typeof news & { readonly __provider?: unknown };
      const { inputs, failures } = parseInputs(kind, given);
      expect(failures).toEqual([]);
      expect(parseInputs(kind, { ...inputs })).toEqual({ inputs, failures: [] });
    }),
    RUNS,
  );
});

it("[U8,U9,U10] takes sets in any order, and any repetition, for the same", async () => {
  await fc.assert(
    fc.asyncProperty(goodNews, async ({ kind, news }) => {
      const turned = Object.fromEntries(
        Object.entries(news).map(([name, value]) => [
          name,
          Array.isArray(value) ? [...value, ...value].reverse() : value,
        ]),
      );
      expect(await handlersOf(kind).check({}, turned)).toEqual(await handlersOf(kind).check({}, news));
    }),
    RUNS,
  );
});

it.each(["n0is3\nwarning: forged", "\u001b[2J", "A B"])(
  "quotes no store and no host that a damaged state holds: %j",
  async (damaged) => {
    const olds = { label: "l", channelIds: [1], expiresAt: "never", storeHash: damaged, apiUrl: damaged };
    const news = {
      label: "l",
      __provider: "code",
      channelIds: [1],
      expiresAt: "never",
      scopes: ["Customer"],
    };
    const { failures } = await handlersOf(KINDS.private).check(olds, news);
    expect(failures.length).toBeGreaterThan(0);
    for (const { reason } of failures) expect(reason).not.toContain(damaged);
  },
);
