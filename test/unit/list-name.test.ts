import { labelIn, listNameOf, youngUntil } from "../../provider/domain/list-name";

const NONCE = "0123456789abcdef".repeat(2);

it.each(["acme/shop/dev/private/web", "acme/shop/dev/private/web#x", `a/b/c/private/x#${NONCE}`, "#"])(
  "the label of a list name is everything before its last # and 32 hex digits: %s",
  (label) => {
    expect(labelIn(listNameOf(label, NONCE))).toBe(label);
  },
);

it.each([
  ["no name", undefined],
  ["no nonce", "acme/shop/dev/private/web"],
  ["a nonce of 31 digits", `web#${NONCE.slice(1)}`],
  ["a nonce of 33 digits", `web#0${NONCE}`],
  ["capital digits", `web#${NONCE.toUpperCase()}`],
  ["a line break behind the nonce", `web#${NONCE}\n`],
  ["no label", `#${NONCE}`],
])("a name with %s holds no label", (_, name) => {
  expect(labelIn(name)).toBeUndefined();
});

it("a token may still be recorded for an hour", () => {
  expect([youngUntil(1_785_000_000), youngUntil(undefined)]).toEqual([1_785_003_600, undefined]);
});

it("a name of several lines holds a label of several lines", () => {
  expect(labelIn(`a\nb#${NONCE}`)).toBe("a\nb");
});
