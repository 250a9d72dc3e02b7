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

interface Told {
  readonly token: { readonly resource: string };
  readonly what: string;
}

/** Version 0.1.0 took such tokens out of the state. Now they stay, so that the refresh deletes nothing. */
function besideGone(answer: unknown): unknown {
  const text = JSON.stringify(answer, (key, value: unknown) => {
    if (key === "changes" && !Array.isArray(value)) return undefined;
    if (!Array.isArray(value)) return value;
    return (value as readonly unknown[]).filter(
      (entry) => !/"resource":"(gone|missing)"/.test(JSON.stringify(entry)),
    );
  });
  return JSON.parse(text) as unknown;
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

  it.each(Object.keys(QUESTIONS))("is the same but for what a refresh saw gone: %s", async (name) => {
    expect(besideGone(await audited(runs, name))).toEqual(besideGone(await audited(RECORDED, name)));
  });

  it("says in which order a token was seen gone and replaced, because its state stayed", async () => {
    const { json } = (await audited(runs, "its event log")) as {
      readonly json: { readonly events: readonly Told[] };
    };
    for (const name of ["gone", "missing"]) {
      const told = json.events.filter(({ token }) => token.resource === name).map(({ what }) => what);
      expect(told.slice(0, 3)).toEqual(["minted", "drifted", "replaced"]);
    }
  });

  it("and so are the lines of effects", () => {
    const effects = (all: readonly LoggedRun[]) =>
      all.map(({ lines }) => lines.map((line) => line.slice("bigcommerce-tokens: ".length)).filter((line) => EFFECT.test(line)));
    expect(effects(runs)).toEqual(effects(RECORDED));
  }); // prettier-ignore
});
