import fc from "fast-check";

import { createDynamicHandlers } from "../../provider/host/dynamic";
import { createSettings } from "../../provider/settings/settings";
import { KINDS } from "../../provider/domain/kinds";
import { createRunRecord } from "../../provider/handlers/run-record";
import { createNotices } from "../../provider/notices";
import { parseInputs } from "../../provider/domain/inputs";
import { clockOf, NOW } from "./support/clock";
import { SENTINELS, NO_CLIENT } from "./support/samples";

/** A failing run prints its seed and path, by which fast-check repeats it. */
const RUNS = { numRuns: 500, verbose: 1 } as const;

const ENV = { BIGCOMMERCE_STORE_HASH: "abc123", BIGCOMMERCE_ACCESS_TOKEN: "x" };

const handlersOf = (kind: (typeof KINDS)[keyof typeof KINDS], lines: string[] = []) =>
  createDynamicHandlers({
    kind,
    clock: clockOf(() => NOW),
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
);
const anyNews = fc.dictionary(fc.oneof(fc.constantFrom(...NAMES), fc.string()), values, {
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

it("[U21] never throws, never names a property, never writes a value, and answers failures or inputs, whatever it is given", async () => {
  await fc.assert(
    fc.asyncProperty(kinds, anyNews, async (kind, news) => {
      const lines: string[] = [];
      const { failures, inputs } = await handlersOf(kind, lines).check({}, news);
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
