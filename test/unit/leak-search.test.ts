import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

import { filesWithLeaks, leaksIn } from "../support/leaks";

const SECRET = "eyJ0eXAiOiJKV1Qi.eyJlYXQiOjF9.c2ln+/=and more";

describe("the search for leaks, which every story relies on", () => {
  it.each([
    ["raw", SECRET],
    ["URL-encoded", encodeURIComponent(SECRET)],
    ["JSON-escaped", JSON.stringify({ SECRET })],
    ["base64", Buffer.from(SECRET).toString("base64")],
    ["base64 with something before it", Buffer.from(`ab${SECRET}`).toString("base64")],
    ["base64url", Buffer.from(`a${SECRET}?`).toString("base64url")],
  ])("finds a planted secret: %s", (_, text) => {
    expect(leaksIn(`before ${text} after`, ["another", SECRET])).toBe(1);
  });

  it("finds nothing where there is nothing", () => {
    expect(leaksIn("a harmless text", [SECRET])).toBe(0);
  });

  it("finds a planted secret in a file of a folder, compressed or not", () => {
    const folder = mkdtempSync(join(tmpdir(), "leaks-"));
    try {
      writeFileSync(join(folder, "plain"), `x${SECRET}x`);
      writeFileSync(join(folder, "packed"), gzipSync(`x${SECRET}x`));
      writeFileSync(join(folder, "harmless"), "x");
      expect(filesWithLeaks(folder, [SECRET]).sort()).toEqual([
        join(folder, "packed"),
        join(folder, "plain"),
      ]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
