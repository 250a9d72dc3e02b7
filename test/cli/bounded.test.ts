import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

import { MAX_BYTES, readBounded } from "../../cli/files/bounded";
import { unpack } from "../../cli/files/gzip";
import { readHistory } from "../../cli/pulumi/history";
import { runProgram } from "../../cli/program";
import { cli, fakeSystem } from "./fake-system";
import { historyFiles } from "./histories";
import { NOW, token } from "./states";

const MB = 1024 * 1024;

describe("a file", () => {
  const folder = mkdtempSync(join(tmpdir(), "bigcommerce-tokens-"));
  const path = join(folder, "x.json");
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it("is read whole up to the limit", async () => {
    writeFileSync(path, "abc");
    expect(Buffer.from(await readBounded(path, 3)).toString()).toBe("abc");
  });

  it("is refused beyond it, before it is read", async () => {
    writeFileSync(path, "");
    truncateSync(path, MAX_BYTES + 1);
    const before = process.memoryUsage().rss;
    await expect(readBounded(path)).rejects.toMatchObject({ code: "ERR_FS_FILE_TOO_LARGE" });
    expect(process.memoryUsage().rss - before).toBeLessThan(20 * MB);
  });

  it("that never ends is read no further", async () => {
    await expect(readBounded("/dev/zero", 3 * MB)).rejects.toMatchObject({ code: "ERR_FS_FILE_TOO_LARGE" });
  });

  it("that is a folder or missing is said to be that", async () => {
    await expect(readBounded(folder)).rejects.toMatchObject({ code: "EISDIR" });
    await expect(readBounded(join(folder, "none"))).rejects.toMatchObject({ code: "ENOENT" });
  });
});

it.each([
  ["a state", ["status", "--file", "x"], "x: it is larger than 128 MB, and is not read"],
  ["standard input", ["inspect"], "standard input: it is larger than 128 MB, and is not read"],
  ["a log", ["audit", "--history", "h", "--events", "x"], "x: it is larger than 128 MB, and is not read"],
])("%s that is too large is one line of error that names it", async (_, args, said) => {
  const { system, told } = fakeSystem(args, { now: NOW, files: historyFiles([{ day: -1, tokens: [] }]) });
  const refuse = () => Promise.reject(Object.assign(new Error("large"), { code: "ERR_FS_FILE_TOO_LARGE" }));
  const lines = () => ({ [Symbol.asyncIterator]: () => ({ next: refuse }) });
  await runProgram({ ...system, files: { ...system.files, read: refuse, lines }, input: { ...system.input, read: refuse } });
  expect(told()).toMatchObject({ code: 1, stdout: "", stderr: `pulumi-bigcommerce-tokens: ${said}\n` });
}); // prettier-ignore

describe("a state that is compressed", () => {
  const claiming = (text: Uint8Array, size: number) => {
    const bytes = Buffer.from(gzipSync(text));
    bytes.writeUInt32LE(size, bytes.length - 4);
    return bytes;
  };

  it("is refused where it says that it is larger than the limit, and not unpacked", async () => {
    const error = unpack(claiming(Buffer.from("x"), MAX_BYTES + 1), "h/a.json.gz");
    await expect(error).rejects.toThrow(
      "h/a.json.gz: it is larger than 128 MB when unpacked, and is not read",
    );
  });

  it("is unpacked no further than it says", async () => {
    const bomb = claiming(Buffer.alloc(64 * MB), 10);
    const before = process.memoryUsage().rss;
    await expect(unpack(bomb, "h/a.json.gz")).rejects.toThrow(
      /^h\/a\.json\.gz: it is truncated, or not a gzip/,
    );
    expect(process.memoryUsage().rss - before).toBeLessThan(20 * MB);
  });

  it.each(["", "x", "a".repeat(1_000)])("is unpacked whole: %j", async (text) => {
    expect(Buffer.from(await unpack(gzipSync(text), "x")).toString()).toBe(text);
  });

  it("one that is too large ends the command in one line that names it", async () => {
    const files = { ...historyFiles([{ day: -1, tokens: [token("a")] }], { gzip: true }) };
    const name = Object.keys(files).find((each) => each.endsWith("checkpoint.json.gz")) ?? "";
    files[name] = claiming(Buffer.from("x"), 4_000_000_000);
    const { code, stdout, stderr } = await cli(["audit", "--history", "h"], { now: NOW, files });
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toBe(
      `pulumi-bigcommerce-tokens: ${name}: it is larger than 128 MB when unpacked, and is not read\n`,
    );
  });
});

it.each([
  ["four small states", 1_000, 4],
  ["one large state", 40 * MB, 1],
])("at most %s are read ahead", async (_, bytes, most) => {
  const files = historyFiles([1, 2, 3, 4, 5, 6].map((day) => ({ day: day - 10, tokens: [token("a")] })));
  let begun = 0;
  const reads = {
    names: async () => Promise.resolve(Object.keys(files).map((path) => path.slice(2))),
    read: async (path: string) => {
      const own = Buffer.from(files[path] ?? "");
      if (!path.endsWith("checkpoint.json")) return Promise.resolve(own);
      begun += 1;
      return Promise.resolve(Buffer.concat([own, Buffer.alloc(bytes, " ")]));
    },
  };
  let ahead = 0;
  let seen = 0;
  for await (const { deployment } of readHistory(reads, "h")) {
    seen += 1;
    await new Promise(setImmediate);
    ahead = Math.max(ahead, begun - seen);
    expect(deployment?.resources).toHaveLength(2);
  }
  expect([seen, begun, ahead]).toEqual([6, 6, most]);
});
