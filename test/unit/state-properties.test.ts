import fc from "fast-check";

import { readInputs, readPreviewedInputs, readState, written } from "../../provider/domain/state";
import { Unknown } from "../../provider/domain/unknown";
import { runs } from "../support/property-runs";

const text = fc.string({ unit: "binary", maxLength: 20 });
const time = fc
  .integer({ min: 0, max: 99_999_999_999 })
  .map((seconds) => new Date(seconds * 1_000).toISOString().replace(".000Z", "Z"));
const expiry = fc.oneof(time, fc.constant("never"));
const fate = fc.constantFrom("revoke", "letExpire");
const texts = fc.array(text, { maxLength: 3 });
const mark = fc.constant(true);

const RIGHTS = {
  storeHash: text,
  apiUrl: text,
  channelIds: fc.array(fc.integer(), { maxLength: 4 }),
  scopes: texts,
  allowedCorsOrigins: texts,
};
const INPUTS = {
  ...RIGHTS,
  ...{ label: text, expiresAt: expiry, lifetime: text, rotateBefore: text, onDelete: fate },
  overlap: fc.constantFrom("auto", "always", "never"),
  verify: fc.oneof(mark, fc.record({ graphqlUrl: text }, { noNullPrototype: true })),
};
const REQUIRED = ["storeHash", "channelIds", "label", "expiresAt", "overlap", "onDelete"] as const;
const PREVIOUS = {
  ...RIGHTS,
  ...{
    id: text,
    fingerprint: text,
    issuedAt: time,
    expiresAt: expiry,
    fate,
    apiAccount: text,
    unproven: mark,
  },
};
const STATE = {
  ...INPUTS,
  ...{ token: text, fingerprint: text, issuedAt: time, effectiveExpiresAt: expiry, rotateAt: time },
  ...{ apiAccount: text, listName: text, adopted: text, previousToken: text, gone: mark, goneAt: time },
  verified: fc.boolean(),
  previous: fc.record(PREVIOUS, {
    requiredKeys: ["storeHash", "channelIds", "id", "fingerprint", "issuedAt", "expiresAt", "fate"],
    noNullPrototype: true,
  }),
};

/** As this version writes them. */
const state = fc.record(STATE, {
  requiredKeys: [...REQUIRED, "token", "fingerprint", "issuedAt"],
  noNullPrototype: true,
});
const inputs = fc.record({ ...INPUTS, adopt: text }, { requiredKeys: [...REQUIRED], noNullPrototype: true });

/** A bag of which anything may be missing, damaged, or of a later version. */
const damaged = fc
  .record({
    whole: fc.record(STATE, { requiredKeys: [], noNullPrototype: true }),
    damage: fc.dictionary(
      fc.oneof(fc.constantFrom(...Object.keys(STATE), "adopt", "__proto__", "constructor"), text),
      fc.oneof(fc.jsonValue(), fc.constantFrom<unknown>("", 0, null, [], {}, "never", "yesterday")),
    ),
  })
  .map(({ whole, damage }) => ({ ...whole, ...damage }));

it("a state is written as it was read, whatever its properties hold", () => {
  fc.assert(
    fc.property(state, (bag) => {
      expect(written(readState(bag))).toStrictEqual(bag);
    }),
    runs(300),
  );
});

it("inputs are written as they were read, those of a preview with all that is unknown", () => {
  fc.assert(
    fc.property(inputs, fc.subarray(Object.keys(INPUTS)), (bag, names) => {
      expect(written(readInputs(bag))).toStrictEqual(bag);
      const unknown = names.filter((name) => name !== "label").map((name) => [name, new Unknown(name)]);
      const previewed = { ...bag, ...(Object.fromEntries(unknown) as Readonly<Record<string, unknown>>) };
      expect(written(readPreviewedInputs(previewed))).toStrictEqual(previewed);
    }),
    runs(300),
  );
});

it("what was read of a damaged state is written, and read again, to the same", () => {
  fc.assert(
    fc.property(damaged, (bag) => {
      const read = readState(bag);
      expect(readState(written(read))).toStrictEqual(read);
      const given = readInputs(bag);
      expect(readInputs(written(given))).toStrictEqual(given);
      // A state holds JSON.
      expect(readState(JSON.parse(JSON.stringify(written(read))) as object as never)).toStrictEqual(read);
    }),
    runs(300),
  );
});
