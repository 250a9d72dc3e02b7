import { linesIn } from "../../cli/files/lines";

async function read(chunks: readonly (string | Uint8Array)[], maxLine?: number): Promise<readonly string[]> {
  async function* given() {
    for (const chunk of chunks) yield await Promise.resolve(Buffer.from(chunk as string));
  }
  const lines: string[] = [];
  for await (const line of linesIn(given(), maxLine)) lines.push(line);
  return lines;
}

const cut = (text: string, encoding: BufferEncoding) => {
  const bytes = Buffer.from(text, encoding);
  return [bytes.subarray(0, 5), ...[...bytes.subarray(5)].map((byte) => Buffer.from([byte]))];
};

it.each<[string, readonly (string | Uint8Array)[], readonly string[]]>([
  ["over the ends of chunks", ["a", "b\nc\n", "\nd"], ["ab", "c", "", "d"]],
  ["with a line break at the end", ["a\nb\n"], ["a", "b"]],
  ["of Windows", ["a\r", "\nb\r\n"], ["a", "b"]],
  ["of nothing", [], []],
  ["cut within a letter", cut("aé\né", "utf8"), ["aé", "é"]],
  ["that PowerShell wrote", cut("\ufeffaé\né", "utf16le"), ["aé", "é"]],
])("lines are read %s", async (_, chunks, lines) => {
  expect(await read(chunks)).toEqual(lines);
});

it("a line of more than 1 MiB is too long", async () => {
  const [most, more] = [1024 * 1024, 1024 * 1024 + 1].map((length) => "a".repeat(length));
  expect((await read([`${most}\n${more}\nb`])).map((line) => line.length)).toEqual([most?.length, 1]);
});

it.each([
  [["aaaa\nb\n"], ["b"]],
  [["aa", "aa", "aa\nb\n"], ["b"]],
  [["b\naa", "aa", "aa"], ["b"]],
  [["aaa\nb"], ["aaa", "b"]],
])("a line that is too long is left out, and kept in no memory: %j", async (chunks, lines) => {
  expect(await read(chunks, 3)).toEqual(lines);
});
