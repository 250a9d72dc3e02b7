import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { ERRORS } from "../../provider/error-codes";

const ROOT = join(__dirname, "../..");
const TABLES = ["provider/error-codes.ts", "provider/request-errors.ts"];

const sources = ["provider", "cli", "emulator"].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => `${folder}/${name}`),
);
const text = sources
  .filter((path) => !TABLES.includes(path))
  .map((path) => readFileSync(join(ROOT, path), "utf8"))
  .join("\n");

/** What stands first in every construction of an error, where it is a text. */
const thrown = [...text.matchAll(/new (?:TokensError|ApiError|InputError)\(\s*"([^"]*)"/g)].map(
  ([, code]) => code,
);

it("finds the errors of all three folders", () => {
  expect(thrown.length).toBeGreaterThan(60);
  expect(thrown).toEqual(expect.arrayContaining(["internal", "usage", "store_missing"]));
});

it("has an entry for every code that is thrown", () => {
  expect([...new Set(thrown)].filter((code) => !Object.hasOwn(ERRORS, code ?? ""))).toEqual([]);
});

it.each(Object.entries(ERRORS))("%s is in use, with its cause, its check and its remedy in whole sentences", (code, entry) => {
  expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/);
  // As a value, or as a key of the table from a reply to its code.
  expect(text).toContain(`"${code}"`);
  for (const sentence of [entry.cause, entry.check, entry.remedy]) {
    expect(sentence).toMatch(/^[`A-Za-z].{10,250}\.$/);
  }
}); // prettier-ignore

it("names no code in two ways: no two have the same words", () => {
  const words = Object.keys(ERRORS).map((code) => code.split("_").sort().join(" "));
  expect(words.filter((each, at) => words.indexOf(each) !== at)).toEqual([]);
});
