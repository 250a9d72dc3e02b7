import { readFileSync } from "node:fs";
import { join } from "node:path";

import * as fc from "fast-check";

import { readInputs, readPreviewedInputs, readState, written } from "../../provider/domain/state";
import { UNKNOWN } from "../../provider/domain/unknown";

const RECORDED = join(__dirname, "../handlers/recorded");
const recorded = ["0.1.0.json", "0.2.0.json"].flatMap((file) => {
  const shapes = JSON.parse(readFileSync(join(RECORDED, file), "utf8")) as Record<string, Recorded[]>;
  return Object.entries(shapes).flatMap(([shape, entries]) =>
    entries.map((entry) => [`${file}: ${shape}`, entry] as const),
  );
});

interface Recorded {
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<Record<string, unknown>>;
}

const withoutCode = ({ __provider: _, ...rest }: Readonly<Record<string, unknown>>) => rest;

describe("a recorded state is written as it was read", () => {
  it.each(recorded)("%s", (_, { inputs, outputs }) => {
    expect(written(readState(outputs))).toStrictEqual(withoutCode(outputs));
    expect(written(readInputs(inputs))).toStrictEqual(withoutCode(inputs));
    expect(written(readPreviewedInputs(inputs))).toStrictEqual(withoutCode(inputs));
  });
});

it("what is damaged counts as absent, and what is unknown to this version is left to the host", () => {
  const state = readState({
    ...{ label: 7, channelIds: ["1"], scopes: "Customer", expiresAt: null, overlap: "x", onDelete: [] },
    ...{
      verify: { url: 1 },
      gone: "yes",
      goneAt: "lately",
      verified: 1,
      previous: { fate: "sold" },
      token: {},
      later: true,
    },
  });
  expect(state).toStrictEqual({
    ...{ label: "", storeHash: "", channelIds: [], expiresAt: "never", overlap: "auto", onDelete: "revoke" },
    ...{ token: "", fingerprint: "", issuedAt: NaN },
  });
});

it("a state holds no token to adopt, whatever wrote it", () => {
  expect(readState({ token: "a.b.c", adopt: "d.e.f" })).not.toHaveProperty("adopt");
});

it("a damaged time is written as an empty text", () => {
  const { issuedAt, previous } = written(readState({ issuedAt: "lately", previous: { fate: "revoke" } }));
  expect([issuedAt, previous]).toEqual(["", expect.objectContaining({ issuedAt: "" })]);
});

it("when a token was first seen gone is read as Unix seconds, and written as RFC 3339", () => {
  const outputs = { gone: true, goneAt: "2026-08-02T06:00:00Z" };
  const state = readState(outputs);
  expect(state.goneAt).toBe(Date.UTC(2026, 7, 2, 6) / 1_000);
  expect(written(state)).toMatchObject(outputs);
  expect(readState({ gone: true })).not.toHaveProperty("goneAt");
});

it("is read and written, whatever it holds", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.anything()), fc.anything(), (rest, value) => {
      const times = { expiresAt: value, issuedAt: value };
      const bag = {
        ...rest,
        ...times,
        previous: { fate: "revoke", ...times },
        channelIds: value,
        verify: value,
      };
      expect(written(readState(bag))).toMatchObject({ token: "", previous: { fate: "revoke" } });
      expect(Array.isArray(readInputs(bag).channelIds)).toBe(true);
    }),
  );
});

it("of a preview, unknown inputs stay unknown, and a list with an unknown entry whole", () => {
  const { channelIds, lifetime, scopes } = readPreviewedInputs({
    ...{ label: "l", channelIds: [1, UNKNOWN], lifetime: UNKNOWN, scopes: ["Customer"] },
  });
  expect({ channelIds, lifetime, scopes }).toEqual({
    ...{ channelIds: [1, UNKNOWN], lifetime: UNKNOWN, scopes: ["Customer"] },
  });
});
