import { readFileSync } from "node:fs";
import { join } from "node:path";

import { cli } from "../cli/fake-system";
import { NOW } from "../cli/states";
import { jsonAnswer } from "./support/command";
import { liveOneLife, type LoggedRun } from "./support/log-scenario";
import { filesOf } from "./support/logs";
import { EFFECT } from "./support/provider";
import { compareWithRecording } from "./support/recording";

const PROSE = ["events[].detail"];

const QUESTIONS: Readonly<Record<string, readonly string[]>> = {
  "a history without a log": ["--history", "h"],
  "its event log": ["--history", "h", "--events", "up.jsonl"],
  "its printed log": ["--history", "h", "--events", "up.log"],
  "two exports and an event log": ["diff", "before", "after", "--events", "up.jsonl"],
  "two exports and a printed log": ["diff", "before", "after", "--events", "up.log"],
};

const RECORDED = JSON.parse(
  readFileSync(join(__dirname, "logs", "0.1.0.json"), "utf8"),
) as readonly LoggedRun[];

async function audited(runs: readonly LoggedRun[], question: string): Promise<unknown> {
  const args = ["audit", ...(QUESTIONS[question] ?? []), "--json"];
  return jsonAnswer(await cli(args, { now: NOW, files: filesOf(runs) }), PROSE);
}

describe("what audit tells from the logs of version 0.1.0", () => {
  const cases = Object.keys(QUESTIONS).map((name) => [name, () => audited(RECORDED, name)] as const);
  compareWithRecording("event-logs", Object.fromEntries(cases), { isOrdered: true });
});

describe("what audit tells from the logs of this version, of the same life", () => {
  let runs: readonly LoggedRun[];
  beforeAll(async () => {
    runs = await liveOneLife();
  });

  it.each(Object.keys(QUESTIONS))("is the same: %s", async (name) => {
    expect(await audited(runs, name)).toEqual(await audited(RECORDED, name));
  });

  it("and so are the lines of effects", () => {
    const effects = (all: readonly LoggedRun[]) =>
      all.map(({ lines }) => lines.map((line) => line.slice("bigcommerce-tokens: ".length)).filter((line) => EFFECT.test(line)));
    expect(effects(runs)).toEqual(effects(RECORDED));
  }); // prettier-ignore
});
