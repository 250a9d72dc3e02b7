import { hasUnknown, UNKNOWN } from "../../provider/domain/unknown";
import { SENTINELS } from "../handlers/support/samples";

it("knows all seven values by which Pulumi says that one is not known yet", () => {
  expect(new Set(SENTINELS).size).toBe(7);
  for (const sentinel of SENTINELS) expect(hasUnknown(sentinel)).toBe(true);
  expect(SENTINELS).toContain(UNKNOWN);
});

it.each([
  ["in a list", [1, UNKNOWN]],
  ["in a list of a list", [[UNKNOWN]]],
  ["in an object", { a: { b: UNKNOWN } }],
])("finds one %s", (_, value) => {
  expect(hasUnknown(value)).toBe(true);
});

it.each([
  ["nothing", undefined],
  ["null", null],
  ["text that only contains one", `x${UNKNOWN}`],
  ["an empty list", []],
  ["known values", { a: [1, "x", null, true] }],
])("finds none in %s", (_, value) => {
  expect(hasUnknown(value)).toBe(false);
});
