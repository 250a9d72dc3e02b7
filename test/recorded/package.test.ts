import { readFileSync } from "node:fs";
import { join } from "node:path";

import { publicTypes } from "./support/public-types";
import { compareWithRecording } from "./support/recording";
import { ENTRIES } from "./support/sources";

const PROMISED = [
  "name",
  "main",
  "types",
  "bin",
  "exports",
  "typesVersions",
  "files",
  "engines",
  "peerDependencies",
];

const TYPED = Object.entries(ENTRIES).filter(([, { hasTypes }]) => hasTypes);

describe("the package", () => {
  let types: Readonly<Record<string, unknown>>;
  beforeAll(() => {
    types = publicTypes(TYPED.map(([, { path }]) => path));
  });
  const manifest = JSON.parse(readFileSync(join(__dirname, "..", "..", "package.json"), "utf8")) as Record<string, unknown>;

  compareWithRecording("package", {
    "what package.json promises": () => Object.fromEntries(PROMISED.map((key) => [key, manifest[key]])),
    ...Object.fromEntries(
      Object.entries(ENTRIES).map(([subpath, { path }]) => [
        `values of ${subpath}`,
        () => Object.keys(jest.requireActual<object>(path)).sort(),
      ]),
    ),
    ...Object.fromEntries(
      TYPED.map(([subpath, { path }]) => [`types of ${subpath}`, () => types[path]]),
    ),
  });
}); // prettier-ignore
