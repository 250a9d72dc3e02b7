import fc from "fast-check";

import { TokensError } from "../../provider/errors";
import { createDynamicHandlers } from "../../provider/host/dynamic";
import type { DynamicHandlers } from "../../provider/host/dynamic-handlers";
import { createSettings } from "../../provider/settings/settings";
import { KINDS } from "../../provider/domain/kinds";
import { createRunRecord } from "../../provider/handlers/run-record";
import { createNotices } from "../../provider/notices";
import { REPLACING } from "../../provider/domain/properties";
import { runs } from "../support/property-runs";
import { clockOf, NOW } from "./support/clock";
import { goodArgs, NO_CLIENT, SENTINELS } from "./support/samples";

const RUNS = runs(500);

const kind = KINDS.private;
const ENV = { BIGCOMMERCE_STORE_HASH: "abc123", BIGCOMMERCE_ACCESS_TOKEN: "x" };
const OUTPUTS = { token: "a.b.c", fingerprint: "f", issuedAt: "2026-08-01T00:00:00Z" };

const handlersOf = () =>
  createDynamicHandlers({
    ...{ kind, record: createRunRecord(), client: NO_CLIENT, nonce: () => "0".repeat(32) },
    clock: clockOf(() => NOW),
    settings: createSettings(ENV, { get: () => undefined }),
    notices: createNotices(() => undefined),
  });

const given = (change: object) => ({
  ...{ ...goodArgs(kind), storeHash: "abc123", label: "l", __provider: "code" },
  ...change,
});

/** The state of a token that was asked for so. */
async function stateOf(handlers: DynamicHandlers, change: object) {
  const { inputs, failures } = await handlers.check({}, given(change));
  expect(failures).toEqual([]);
  return { inputs, state: { ...inputs, ...OUTPUTS } };
}

const FIELDS = [
  ...["channelIds", "scopes", "allowedCorsOrigins", "expiresAt", "lifetime", "rotateBefore", "overlap"],
  ...["onDelete", "storeHash", "label", "apiUrl", "__provider", "previous", "previousToken", "token"],
  ...["fingerprint", "issuedAt", "effectiveExpiresAt", "verified", "constructor"],
];
const damage = fc.dictionary(
  fc.oneof(fc.constantFrom(...FIELDS), fc.string()),
  fc.oneof(
    fc.anything({ withNullPrototype: true, withBigInt: true, withDate: true }),
    fc.constantFrom<unknown>("never", "90d", "2026-08-02T00:00:00Z", [1], false, undefined, ...SENTINELS),
  ),
);
const changes = fc.record(
  {
    channelIds: fc.uniqueArray(fc.integer({ min: 1, max: 4 }), { minLength: 1 }),
    scopes: fc.uniqueArray(fc.constantFrom("Unauthenticated", "Customer", "B2B"), { minLength: 1 }),
    lifetime: fc.constantFrom("60d", "90d", "12w", "2160h"),
    rotateBefore: fc.constantFrom("1d", "24h", "20d"),
    overlap: fc.constantFrom("auto", "always", "never"),
    onDelete: fc.constantFrom("revoke", "letExpire"),
    storeHash: fc.constantFrom("abc123", "other9"),
  },
  { requiredKeys: [] },
);

it("[E14] answers, or throws an Error of ours, whatever is in the state and in the inputs", async () => {
  await fc.assert(
    fc.asyncProperty(damage, damage, fc.boolean(), async (older, newer, isChecked) => {
      const handlers = handlersOf();
      const { inputs, state } = await stateOf(handlers, {});
      if (isChecked) await handlers.check(inputs, given({}));
      const answer: unknown = await handlers
        .diff("id", { ...state, ...older }, { ...inputs, ...newer })
        .catch((error: unknown) => error);
      if (answer instanceof TokensError) {
        expect(answer.message).toMatch(/^[^\r\n]+$/);
        return;
      }
      const { changes, replaces } = answer as { changes: unknown; replaces: unknown[] };
      expect(typeof changes).toBe("boolean");
      expect(REPLACING).toEqual(expect.arrayContaining(replaces));
      if (replaces.length > 0) expect(changes).toBe(true);
    }),
    RUNS,
  );
});

it("[E14] answers no change for what a state was made of, and a replacement for rights that differ", async () => {
  await fc.assert(
    fc.asyncProperty(changes, changes, async (before, after) => {
      const handlers = handlersOf();
      const { inputs, state } = await stateOf(handlers, before);
      expect(await handlers.diff("id", state, inputs)).toEqual({ changes: false, replaces: [] });

      const next = await handlers.check(inputs, given(after));
      expect(next.failures).toEqual([]);
      const { replaces } = await handlers.diff("id", state, next.inputs);
      const differ = REPLACING.filter(
        (input) => JSON.stringify(inputs[input]) !== JSON.stringify(next.inputs[input]),
      );
      expect(replaces).toEqual(differ);
    }),
    RUNS,
  );
});
