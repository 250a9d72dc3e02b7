import { quoted, unquoted } from "../../provider/domain/shell";

it.each([
  ["web", "web"],
  ["urn:pulumi:dev::shop::a:b/c:D::e-f", "urn:pulumi:dev::shop::a:b/c:D::e-f"],
  ["-x", "'-x'"],
  ["a-", "a-"],
  ["", "''"],
  ["a b", "'a b'"],
  [" a", "' a'"],
  ["a\n", "'a\n'"],
  ["it's 'so'", `'it'\\''s '\\''so'\\'''`],
  ["$(id)", "'$(id)'"],
  ["a;b", "'a;b'"],
])("%j is %s as one word of a shell, and is read back", (value, argument) => {
  expect(quoted(value)).toBe(argument);
  expect(unquoted(argument)).toBe(value);
});

it.each(["it's", "a'"])("a word that only holds a quotation mark is no quoted one, and stays: %s", (word) => {
  expect(unquoted(word)).toBe(word);
});
