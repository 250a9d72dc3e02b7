import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

import { runOk } from "../support/run";

const PAGE = readFileSync(join(__dirname, "..", "..", "docs", "tutorial", "first-token.md"), "utf8");

/** What a reader does next: writes a file, or runs commands and may compare what they print. */
type Step =
  | { readonly file: string; readonly isAddition: boolean; readonly text: string }
  | { readonly commands: string; readonly shown?: string };

/** Every code block of the page, in its order. A block that follows "Write `name`:" or "Add to `name`:" is a file. */
function stepsOf(page: string): readonly Step[] {
  const steps: Step[] = [];
  for (const [, before = "", language, text = ""] of page.matchAll(/(.*)\n\n```(\w+)\n([^]*?)^```$/gm)) {
    const [, verb, file] = /(Write|Add to) `([^`]+)`:$/.exec(before) ?? [];
    const last = steps.at(-1);
    if (file !== undefined) steps.push({ file, isAddition: verb === "Add to", text });
    else if (language === "sh") steps.push({ commands: text });
    else if (language === "console" && last && "commands" in last)
      steps[steps.length - 1] = { ...last, shown: text };
    else throw new Error(`a block of ${language} is neither a file, commands nor an output:\n${text}`);
  }
  return steps;
}

const MARK = "\x1e";
const END = "END OF THE FILE";

/**
 * The whole page as one script, with a mark before each step. `npm install` links the packages of the tests' fresh folder,
 * where the packed package is installed: this needs no network and no time. Every other command runs as it stands.
 */
function scriptOf(steps: readonly Step[]): string {
  return [
    "exec 2>&1",
    "trap 'kill $! 2>/dev/null' EXIT",
    "npm() {",
    '  if [ "$1" != install ]; then command npm "$@"; return; fi',
    '  shift; ln -s "$FRESH/node_modules" node_modules',
    '  for name do [ -d "node_modules/$name" ] || return 1; done',
    "}",
    ...steps.flatMap((step) => [
      `printf '\\036'`,
      "file" in step
        ? `cat ${step.isAddition ? ">>" : ">"} ${step.file} <<'${END}'\n${step.isAddition ? "\n" : ""}${step.text}${END}`
        : step.commands,
    ]),
    `printf '\\036'`,
    // The emulator fails if it got a request that no correct client sends.
    "trap - EXIT",
    "wait $!",
  ].join("\n");
}

const FINGERPRINT = /\b[0-9a-f]{16}\b/g;
const fingerprintsIn = (text: string): readonly string[] => text.match(FINGERPRINT) ?? [];

/** Without what differs between two runs. A run across midnight (UTC) has one day less to go. */
function normalised(text: string): string {
  return text
    .replaceAll(/\d{4}-\d\d-\d\d(?:T[\d:]{8}Z)?/g, "<time>")
    .replaceAll(/\bin \d+ d\b/g, "in <days>")
    .replaceAll(/127\.0\.0\.1:\d+/g, "<address>")
    .replaceAll(FINGERPRINT, "<fingerprint>");
}

/** Fails unless the output is printed. Returns each fingerprint of the page with the real one in its place. */
function expectPrinted(shown: string, printed: string): readonly (readonly [string, string])[] {
  const [part, whole] = [normalised(shown), normalised(printed)];
  expect(whole).toContain(part);
  const before = whole.slice(0, whole.lastIndexOf(part)).split("<fingerprint>").length - 1;
  return fingerprintsIn(shown).map((name, at) => [name, fingerprintsIn(printed)[before + at] ?? ""]);
}

describe("the tutorial", () => {
  const steps = stepsOf(PAGE);
  let folder: string;
  let output: string;
  const read = (name: string) => readFileSync(join(folder, "first-token", name), "utf8");

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "tutorial-"));
    for (const name of ["home", "tmp"]) mkdirSync(join(folder, name));
    writeFileSync(join(folder, "page.sh"), scriptOf(steps));
    const options = { cwd: folder, env: environment(folder), timeoutMs: 290_000 };
    output = await runOk("sh", ["-e", "page.sh"], options);
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it("works from its first command to its last, and prints what it shows", () => {
    const [, ...outputs] = output.split(MARK);
    const pairs = steps.flatMap((step, at) =>
      "commands" in step && step.shown !== undefined ? expectPrinted(step.shown, outputs[at] ?? "") : [],
    );
    // What the page calls one token is one token, on the whole page.
    const tokens = new Map(pairs);
    expect(pairs).toEqual(pairs.map(([name]) => [name, tokens.get(name)]));
    expect(new Set(tokens.values()).size).toBe(tokens.size);
    expect(tokens.size).toBe(4);
    expect(outputs).toHaveLength(steps.length + 1);
    // What the emulator prints at its end.
    expect(outputs.at(-1)).toBe("");
  });

  it("warns of nothing, and prints no token", () => {
    expect(output).not.toMatch(/\bwarn|deprecat/i);
    expect(output).not.toContain("eyJ");
  });

  it("leaves a report with the revocation, and no file of the consumer", () => {
    expect(read("report.html")).toMatch(/^<!doctype html>/i);
    expect(read("report.html")).toContain("reported");
    expect(`${read("report.html")}${read("up.log")}`).not.toContain("eyJ");
    expect(existsSync(join(folder, "first-token", "shop.env"))).toBe(false);
  });

  it("has fewer than 1,500 words", () => {
    expect(PAGE.split(/\s+/).length).toBeLessThan(1_500);
  });
});

/** A reader's, with the tests' engine. The page itself sets the backend, the passphrase, the store and the credential. */
function environment(folder: string): NodeJS.ProcessEnv {
  return {
    HOME: process.env["HOME"],
    PATH: [process.env["TEST_ENGINE"], process.env["PATH"]].join(delimiter),
    FRESH: process.env["TEST_FRESH"],
    TMPDIR: join(folder, "tmp"),
    PULUMI_HOME: join(folder, "home"),
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
  };
}
