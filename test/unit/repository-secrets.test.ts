import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { repositoryFiles, ROOT } from "../support/repository-files";

/** The shapes of what must not be published. A fixture is recognised by being too short, or is put together at run time. */
const SHAPES: Readonly<Record<string, RegExp>> = {
  "a signed JWT": /(?<![\w-])eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{43,}/,
  "an access token of BigCommerce": /(?<![A-Za-z\d+/])(?=[a-z]*\d)(?=\d*[a-z])[a-z\d]{31}(?![A-Za-z\d+/=])/,
  "a private key": /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  "a token of npm or GitHub": /\b(npm_[A-Za-z\d]{36}|gh[pousr]_[A-Za-z\d]{36,}|github_pat_\w{22,})/,
};

/** Lines with the shape of a secret: `file:line: shape`, without what stands there. */
function findings(file: string, text: string): string[] {
  return text.split("\n").flatMap((line, at) =>
    Object.entries(SHAPES)
      .filter(([, shape]) => shape.test(line))
      .map(([name]) => `${file}:${at + 1}: ${name}`),
  );
}

describe("the repository", () => {
  it("[S8] holds no token, no credential and no key, fixtures included", () => {
    const paths = repositoryFiles();
    expect(paths).toEqual(expect.arrayContaining(["package.json", "test/client/fixtures.ts"]));
    expect(paths.flatMap((path) => findings(path, readFileSync(join(ROOT, path), "latin1")))).toEqual([]);
  });

  it("[S8] keeps no snapshots, coverage reports, states, logs or environment files", () => {
    const kept = /(\.snap|\.env(\.\w+)?|\.pem|\.log|\.heapsnapshot|\.tgz)$|(^|\/)(coverage|\.pulumi)\//;
    expect(repositoryFiles().filter((path) => kept.test(path))).toEqual([]);
  });

  it.each<[keyof typeof SHAPES, string]>([
    ["a signed JWT", `const a = "${["eyJ0eXAiOiJKV1Qi", "eyJlYXQiOjF9", randomBytes(64).toString("base64url")].join(".")}";`],
    ["an access token of BigCommerce", `X-Auth-Token: ${"a1".repeat(15)}b`],
    ["a private key", ["-----BEGIN EC", "PRIVATE KEY-----"].join(" ")],
    ["a token of npm or GitHub", `ghp_${"a1".repeat(18)}`],
  ])("[S8] would be seen to hold %s", (shape, line) => {
    expect(findings("a.ts", `first\n${line}\nlast`)).toEqual([`a.ts:2: ${shape}`]);
  }); // prettier-ignore
});
