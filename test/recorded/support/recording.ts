import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Answers that other programs, states and logs rely on. A change that keeps behaviour leaves these files as they are.
 * `npm run record -- test/recorded/cli-status` writes the answers of one test file anew. Run it only if an answer is
 * meant to change, and read the difference before you commit it.
 */
const FOLDER = join(__dirname, "..", "answers");
const isRecording = process.env["RECORD"] === "1";

export type Cases = Readonly<Record<string, () => unknown>>;

/** A test a case: its answer, as JSON has it, equals the recorded one. With `isOrdered`, keys also keep their order. */
export function compareWithRecording(
  file: string,
  cases: Cases,
  { isOrdered = false }: { readonly isOrdered?: boolean } = {},
): void {
  const path = join(FOLDER, `${file}.json`);
  const recorded = read(path);
  const answers: Record<string, unknown> = {};

  it.each(Object.entries(cases))("%s", async (name, answer) => {
    const given = asJson(await answer());
    answers[name] = given;
    if (isRecording) return;
    expect(given).toEqual(recorded[name]);
    if (isOrdered) expect(JSON.stringify(given)).toBe(JSON.stringify(recorded[name]));
  });

  it("each recorded answer belongs to a test", () => {
    expect(Object.keys(isRecording ? cases : recorded).sort()).toEqual(Object.keys(cases).sort());
  });

  afterAll(() => {
    if (isRecording) writeFileSync(path, `${JSON.stringify(answers, undefined, 1)}\n`);
  });
}

function read(path: string): Readonly<Record<string, unknown>> {
  if (isRecording && !existsSync(path)) return {};
  return JSON.parse(readFileSync(path, "utf8")) as Readonly<Record<string, unknown>>;
}

function asJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value)) as unknown;
}
