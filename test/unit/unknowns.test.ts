import { hasUnknown, isKnown, Unknown, UNKNOWN } from "../../provider/domain/unknown";
import { hasPlaceholder, withoutUnknowns, withUnknowns } from "../../provider/pulumi-values";
import { SENTINELS } from "../handlers/support/samples";

it("knows all seven values by which Pulumi says that one is not known yet", () => {
  expect(new Set(SENTINELS).size).toBe(7);
  for (const sentinel of SENTINELS) {
    expect(hasPlaceholder(sentinel)).toBe(true);
    expect(withUnknowns({ a: sentinel })).toEqual({ a: new Unknown(sentinel) });
  }
});

it("gives Pulumi back the value that it sent, and its unknown text for one of this package's own", () => {
  const sent = { a: SENTINELS[1], b: [1, { c: SENTINELS[3] }], d: "known" };
  expect(withoutUnknowns(withUnknowns(sent))).toEqual(sent);
  expect(withoutUnknowns({ a: UNKNOWN })).toEqual({ a: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" });
});

it("leaves an object's own __proto__ what it is", () => {
  const sent = JSON.parse(`{"__proto__": {"a": "${SENTINELS[0]}"}, "b": 1}`) as Record<string, unknown>;
  const read = withUnknowns(sent);
  expect(Object.keys(read)).toEqual(["__proto__", "b"]);
  expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
});

it.each([
  ["in a list", [1, UNKNOWN]],
  ["in a list of a list", [[UNKNOWN]]],
  ["in an object", { a: { b: UNKNOWN } }],
])("finds one %s", (_, value) => {
  expect(hasUnknown(value)).toBe(true);
  expect(isKnown(value)).toBe(false);
});

it.each([
  ["nothing", undefined],
  ["null", null],
  ["text that only contains one", `x${SENTINELS[0]}`],
  ["an empty list", []],
  ["known values", { a: [1, "x", null, true] }],
])("finds none in %s", (_, value) => {
  expect(hasUnknown(value)).toBe(false);
  expect(isKnown(value)).toBe(true);
  expect(hasPlaceholder(value)).toBe(false);
});
