import {
  chmodSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Clock } from "../../provider/clock";
import { openSharedRecord } from "../../provider/host/shared-record";
import { systemClock } from "../../provider/system-clock";

const ADDRESS = "127.0.0.1:40001";
const TOKEN = { id: "a-jti", fingerprint: "0123456789abcdef" };
const HOUR_MS = 3_600_000;

describe("what provider processes of one engine tell each other", () => {
  let parent: string;
  let folder: string;
  beforeEach(() => {
    parent = mkdtempSync(join(tmpdir(), "shared-record-"));
    folder = join(parent, "own");
  });
  afterEach(() => {
    rmSync(parent, { recursive: true });
  });

  const open = (address = ADDRESS, clock: Clock = systemClock) => openSharedRecord(address, clock, folder);
  const at = (ms: number): Clock => ({ ...systemClock, now: () => ms });
  const file = () => join(folder, readdirSync(folder)[0] ?? "");

  it("is the last fate of the same id and fingerprint, and nothing for any other", () => {
    const [one, other] = [open(), open()];
    one.add(TOKEN);
    expect(other.find(TOKEN)).toEqual({});
    one.add(TOKEN, { fate: "revoke" });
    one.add(TOKEN, { fate: "letExpire" });
    expect(other.find(TOKEN)).toEqual({ fate: "letExpire" });
    expect(other.find({ ...TOKEN, id: "another" })).toBeUndefined();
    expect(other.find({ ...TOKEN, fingerprint: "fedcba9876543210" })).toBeUndefined();
  });

  it("is the label of the last resource that keeps the token, beside its fate", () => {
    const [one, other] = [open(), open()];
    one.add(TOKEN, { fate: "revoke" });
    one.add(TOKEN, { keptBy: "-/shop/dev/private/web" });
    expect(other.find(TOKEN)).toEqual({ fate: "revoke", keptBy: "-/shop/dev/private/web" });
  });

  it("has no label that a message cannot show", () => {
    for (const keptBy of ["a\u001b[2J", "a\nb", "", "x".repeat(81), 7]) {
      rmSync(folder, { recursive: true, force: true });
      open().add(TOKEN, { keptBy } as { keptBy: string });
      expect(open().find(TOKEN)).toEqual({});
    }
  });

  it("is read once for all that an update deletes", () => {
    const record = open();
    const tokens = Array.from({ length: 3_000 }, (_, at) => ({ ...TOKEN, id: `jti-${at}` }));
    for (const token of tokens) record.add(token, { fate: "revoke" });
    const before = process.cpuUsage();
    for (const token of tokens) expect(record.find(token)).toEqual({ fate: "revoke" });
    const { user, system } = process.cpuUsage(before);
    // To read it for each of them takes ten times as long.
    expect((user + system) / 1e6).toBeLessThan(4);
    record.add(TOKEN, { fate: "letExpire" });
    expect(record.find(TOKEN)).toEqual({ fate: "letExpire" });
  });

  it("belongs to one engine", () => {
    open().add(TOKEN, { fate: "letExpire" });
    expect(open("127.0.0.1:40002").find(TOKEN)).toBeUndefined();
    for (const address of [undefined, "", "no address", "../../x:1"]) {
      const alone = openSharedRecord(address, systemClock, folder);
      alone.add(TOKEN, { fate: "revoke" });
      expect(alone.find(TOKEN)).toBeUndefined();
    }
    expect(readdirSync(folder)).toHaveLength(2);
  });

  it("holds no id and no fingerprint as text, in a file that only its user can read", () => {
    open().add(TOKEN, { fate: "revoke" });
    const text = readFileSync(file(), "utf8");
    expect(text).not.toContain(TOKEN.id);
    expect(text).not.toContain(TOKEN.fingerprint);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(file()).mode & 0o777).toBe(0o600);
  });

  it("is forgotten after a day, and its file is removed", () => {
    const begin = Date.now();
    open(ADDRESS, at(begin)).add(TOKEN, { fate: "letExpire" });
    expect(open(ADDRESS, at(begin + 23 * HOUR_MS)).find(TOKEN)).toEqual({ fate: "letExpire" });
    expect(open(ADDRESS, at(begin + 25 * HOUR_MS)).find(TOKEN)).toBeUndefined();
    const old = file();
    utimesSync(old, (begin - 25 * HOUR_MS) / 1_000, (begin - 25 * HOUR_MS) / 1_000);
    open("127.0.0.1:40003", at(begin)).add(TOKEN);
    expect(readdirSync(folder)).toHaveLength(1);
    expect(file()).not.toBe(old);
  });

  describe("is as without it, and nothing fails,", () => {
    const refuses = () => {
      const record = open();
      record.add(TOKEN, { fate: "letExpire" });
      expect(record.find(TOKEN)).toBeUndefined();
    };

    it("if others can read the folder or write to it", () => {
      for (const mode of [0o755, 0o770, 0o707]) {
        mkdirSync(folder);
        chmodSync(folder, mode);
        refuses();
        expect(readdirSync(folder)).toEqual([]);
        rmSync(folder, { recursive: true });
      }
    });

    it("if the folder is a link, or a file", () => {
      mkdirSync(join(parent, "elsewhere"), { mode: 0o700 });
      symlinkSync(join(parent, "elsewhere"), folder);
      refuses();
      expect(readdirSync(join(parent, "elsewhere"))).toEqual([]);
      rmSync(folder);
      writeFileSync(folder, "");
      refuses();
    });

    it("if the file is a link, or others can read it", () => {
      open().add(TOKEN, { fate: "letExpire" });
      const path = file();
      chmodSync(path, 0o644);
      refuses();
      chmodSync(path, 0o600);
      linkSync(path, join(parent, "second-name"));
      refuses();
      rmSync(path);
      symlinkSync(join(parent, "second-name"), path);
      refuses();
    });
  });

  it("passes over damaged lines", () => {
    open().add(TOKEN, { fate: "letExpire" });
    const whole = readFileSync(file(), "utf8");
    const lines = [
      "{",
      "null",
      "[]",
      '"text"',
      '{"at":"x","token":1}',
      '{"at":1e999}',
      "\u0000",
      whole.trim(),
      whole.slice(0, 20),
    ];
    writeFileSync(file(), lines.join("\n"));
    expect(open().find(TOKEN)).toEqual({ fate: "letExpire" });
    writeFileSync(file(), whole.replace('"letExpire"', '"somethingElse"'));
    expect(open().find(TOKEN)).toEqual({});
  });
});
