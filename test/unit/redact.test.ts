import { createRedactor, isPlain, shownTexts } from "../../provider/bigcommerce/redact";

const SECRET = ["q7x2k9m4v8b3", "n6c1z5w0r8t2"].join("");
const redact = createRedactor([SECRET]);
const unknown = createRedactor([]);

describe("what looks like a token is masked, whoever it belongs to", () => {
  const long = "a".repeat(16);

  it.each([
    ["the beginning of one", "eyJ12345678", "***"],
    ["one without its signature", "eyJ12345678.ab", "***"],
    ["a whole one", "eyJ12345678.ab.cd", "***"],
    ["one with dashes", "eyJ1-3_5-7_.a-b.c_d", "***"],
    ["one with empty parts", "eyJ12345678..", "***"],
    ["what follows one stays", "eyJ12345678.ab.cd.ef", "***.ef"],
    ["one in base64", "ZXlK12345678", "***"],
    ["one in a host name, in lower case", "https://eyj12345678.ab.cd.example.com", "https://***.example.com"],
    ["one in a word", "xeyJ12345678", "x***"],
    ["three long parts", `${long}.${long}.${long}`, "***"],
    ["three long parts with dashes", `${long}-.${long}_.-_${long}`, "***"],
    ["three long parts, and a fourth", `${long}.${long}.${long}.${long}`, `***.${long}`],
    ["three long parts behind a sign", `(${long}.${long}.${long})`, "(***)"],
  ])("%s", (_, text, masked) => {
    expect(unknown(text)).toBe(masked);
    expect(unknown(`use ${text} now`)).toBe(`use ${masked} now`);
  });

  it.each([
    ["a short word", "eyJ1234567"],
    ["a word in base64", "ZXlK1234567"],
    ["another beginning", "eyK12345678"],
    ["two long parts", `${long}.${long}`],
    ["three parts with a short first", `${"a".repeat(15)}.${long}.${long}`],
    ["three parts with a short second", `${long}.${"a".repeat(15)}.${long}`],
    ["three parts with a short third", `${long}.${long}.${"a".repeat(15)}`],
    ["long words", `${long} ${long} ${long}`],
  ])("and nothing else: %s", (_, text) => {
    expect(unknown(text)).toBe(text);
  });
});

describe("a secret", () => {
  it("is masked by every twelve of its characters, and by no fewer", () => {
    for (let at = 0; at + 12 <= SECRET.length; at += 1) {
      expect(redact(`(${SECRET.slice(at, at + 12)})`)).toBe("(***)");
    }
    expect(redact(`(${SECRET.slice(0, 11)})`)).toBe(`(${SECRET.slice(0, 11)})`);
  });

  it("that is shorter is masked as a whole", () => {
    const short = createRedactor(["hunter2"]);
    expect(short("is hunter2 right? HUNTER2?")).toBe("is *** right? ***?");
    expect(short("is hunter right?")).toBe("is hunter right?");
  });

  it("has one mask where its parts overlap, and two where it stands twice", () => {
    expect(redact(`${SECRET} ${SECRET}`)).toBe("*** ***");
    expect(redact(`a${SECRET.slice(0, 12)}b`)).toBe("a***b");
  });

  it("is masked beside another one of another length", () => {
    const both = createRedactor(["hunter2", SECRET, "hunter3", ""]);
    expect(both(`hunter2, ${SECRET}, hunter3`)).toBe("***, ***, ***");
  });

  it.each([0, 1, 2])("is masked in base64 behind %i bytes, also in the form for URLs", (offset) => {
    const secret = "??>>??>>??>>??>>??>>";
    const coded = Buffer.from("x".repeat(offset) + secret).toString("base64");
    const inner = coded.slice(offset === 0 ? 0 : 4).replace(/=+$/, "");
    expect(inner).toMatch(/[+/]/);
    const masked = createRedactor([secret])(`(${inner.replaceAll("+", "-").replaceAll("/", "_")})`);
    expect(masked).toBe("(***)");
    expect(createRedactor([secret])(`(${inner})`)).toBe("(***)");
  });

  it.each([0, 1, 2])(
    "is masked in base64 from its first character to its last, behind %i bytes",
    (offset) => {
      const secret = "m4Zq9-Tr7w.Kx2v!Ub6e?Yh1d";
      const coded = Buffer.from("\0".repeat(offset) + secret).toString("base64");
      const [, first = "", inner = "", padding = ""] = new RegExp(
        `^(.{${offset === 0 ? 0 : 4}})(.*?)(=*)$`,
      ).exec(coded)!;
      expect(createRedactor([secret])(`(${coded})`)).toBe(`(${first}***${padding})`);
      expect(createRedactor([secret])(inner)).toBe("***");
    },
  );

  it("is searched for in base64 if that has twelve characters, and not if it is shorter", () => {
    expect(createRedactor(["abcdefghi"])("the word YWJjZGVmZ2hp")).toBe("the word ***");
    for (const before of ["", "\0", "\0\0"]) {
      const text = `the word ${Buffer.from(`${before}abcdefgh`).toString("base64")}`;
      expect(createRedactor(["abcdefgh"])(text)).toBe(text);
    }
  });

  it("is masked with the quotes and slashes that JSON escapes", () => {
    const secret = 'a"b/c\\d"e/f\\g';
    const json = JSON.stringify(secret).slice(1, -1);
    expect(createRedactor([secret])(`(${json})`)).toBe("(***)");
    expect(createRedactor([secret])(`(${json.replaceAll("/", "\\/")})`)).toBe("(***)");
    expect(createRedactor(['a"b/'])('(a\\"b/) (a\\"b\\/)')).toBe("(***) (***)");
  });

  it("is masked with half of a character in it", () => {
    const secret = "abc\ud800defghijklm";
    expect(createRedactor([secret])(`(${encodeURIComponent("abcdefghijklm")})`)).toBe("(***)");
  });
});

describe("a text that is shown", () => {
  it.each([
    [" ~", true],
    ["a".repeat(15), true],
    ["a".repeat(16), false],
    ["ab 1 ".repeat(40), true],
    [`${"ab 1 ".repeat(40)}.`, false],
    ["", false],
    ["a\tb", false],
    ["a\u007f", false],
    ["\u00e4", false],
    ["a=b", false],
    ["100%", false],
    ["a\nb", false],
  ])("is one plain line: %j is %j", (text, expected) => {
    expect(isPlain(text)).toBe(expected);
  });

  it("is one line without control characters, and without blanks around it", () => {
    expect(unknown(" a\u0000\u200b\u2028\u2029\ud800 \u00a0b\u0007 ")).toBe("a b");
  });

  it("has plain quotes", () => {
    expect(shownTexts(["\u2018a\u2019 \u201cb\u201d \u2018c\u2019 \u201cd\u201d"], unknown)).toEqual([
      `'a' "b" 'c' "d"`,
    ]);
  });

  it("is left out if nothing of it can be read, or if it is empty", () => {
    expect(shownTexts(["", " \n "], unknown)).toEqual([]);
  });

  it("is read for its first 4,096 characters", () => {
    const text = (length: number) => shownTexts([`${" ".repeat(length - 1)}x`], unknown);
    expect([text(4_096), text(4_097)]).toEqual([["x"], []]);
  });

  it("is repeated if the server repeats it", () => {
    expect(shownTexts(["a", "100%", "a", "50%"], unknown)).toEqual([
      ...["a", "the server's text was left out", "a"],
    ]);
  });
});
