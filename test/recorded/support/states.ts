import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { programOf, recallIn, STORIES, tell } from "../../handlers/support/recorded";
import type { Declared, Entry } from "../../handlers/support/run";
import type { World } from "../../handlers/support/world";
import type { Cases } from "./recording";

/** A state as a version of this package wrote it. */
export interface RecordedState {
  readonly version: string;
  /** Of the story that led to it. */
  readonly name: string;
  readonly entries: readonly Entry[];
}

export type Program = readonly Declared[];

const FOLDER = join(__dirname, "..", "..", "handlers", "recorded");
const ALL: readonly RecordedState[] = readdirSync(FOLDER).flatMap((file) => {
  const recorded = JSON.parse(readFileSync(join(FOLDER, file), "utf8")) as Record<string, readonly Entry[]>;
  return Object.entries(recorded).map(([name, entries]) => ({ version: file.slice(0, -5), name, entries }));
});

/** One of each shape: that of the latest version, where several wrote the same. */
export const STATES = ALL.filter(
  (state, at) => !ALL.slice(at + 1).some((later) => textOf(later) === textOf(state)),
);

/** A case for each shape. */
export function casesOf(answer: (state: RecordedState) => unknown): Cases {
  return Object.fromEntries(STATES.map((state) => [`${state.name} (${state.version})`, () => answer(state)]));
}

/** Runs each use of a state in a world of its own, one after the other, and closes it. */
export async function inWorlds<T>(
  { name, entries }: RecordedState,
  uses: readonly string[],
  answer: (world: World, program: Program, use: string) => Promise<T>,
): Promise<Readonly<Record<string, T>>> {
  const answers: Record<string, T> = {};
  for (const use of uses) {
    const story = STORIES[name];
    if (!story) throw new Error(`no story is called ${name}`);
    const world = await tell(story);
    try {
      world.engine.entries = recallIn(world, entries);
      answers[use] = await answer(world, programOf(story, world), use);
    } finally {
      await world.close();
    }
  }
  return answers;
}

function textOf({ name, entries }: RecordedState): string {
  return JSON.stringify([name, entries]);
}
