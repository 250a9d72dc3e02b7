import { labelOf } from "../../handlers/support/registration";
import { type Bag, type Declared, type Entry, Run } from "../../handlers/support/run";
import { RIGHTS } from "../../handlers/support/samples";
import type { Told, World } from "../../handlers/support/world";
import { type Name, named, namesOf } from "./names";
import { KINDS } from "./sources";

/** The one stable line of each effect; all other lines are written for people. */
export const EFFECT = /^(?:minted|adopted|revoke accepted|left to expire|expired) \S+ \S+ \S+$/;

/** What a run did: calls, requests and effects in order, and how many lines and errors it had besides. */
export function runAnswer({ calls, failures, errors, lines, advice, requests, looks }: Told): object {
  return {
    calls: calls.join(", "),
    requests: requests.join(", "),
    looks,
    effects: lines.filter((line) => EFFECT.test(line)),
    otherLines: lines.filter((line) => !EFFECT.test(line)).length,
    advice: advice.length,
    failures: failures.length,
    errors: errors.map(codeOf),
  };
}

/** The keys that the state has, and the tokens that work. */
export function endAnswer(world: World): object {
  const keysOf = (bag: unknown) => Object.keys(bag as object).sort().join(" "); // prettier-ignore
  return {
    state: world.engine.entries.map(({ name, pending, pendingReplacement, initErrors, outputs }) => ({
      ...{ name, pending, pendingReplacement, initErrors: initErrors?.length },
      outputs: keysOf(outputs),
      ...(outputs["previous"] !== undefined && { previous: keysOf(outputs["previous"]) }),
    })),
    alive: world.alive(),
  };
}

function valuesIn(world: World): readonly Name[] {
  return namesOf(world.emulator.issued, world.emulator.url);
}

/** Values as a recording names them; a nonce is no name of a token. */
export function asRecorded(world: World, value: unknown): unknown {
  const text = named(JSON.stringify(value ?? null), valuesIn(world));
  return JSON.parse(text.replace(/#[0-9a-f]{32}/g, "#<nonce>")) as unknown;
}

/** Changes of the arguments, each by itself. */
export function changesOf(kind: Declared["kind"]): Readonly<Record<string, Bag>> {
  return {
    nothing: {},
    "a channel more": { channelIds: [1, 2, 3] },
    "a channel less": { channelIds: [1] },
    ...Object.fromEntries(KINDS[kind].rights.map((right) => [`less ${right}`, { [right]: RIGHTS[right].some }])),
    "a shorter life": { lifetime: "30d", expiresAt: undefined },
    "a longer life": { lifetime: "180d", expiresAt: undefined },
    "a fixed end": { lifetime: undefined, expiresAt: "2026-09-15T00:00:00Z" },
    "no end": { lifetime: undefined, expiresAt: "never" },
    "an earlier rotation": { rotateBefore: "40d" },
    "another overlap": { overlap: "always" },
    "another end on delete": { onDelete: "letExpire" },
    "a verification": { verify: true },
    "another store": { storeHash: "other9" },
    "another label": { label: labelOf(kind, "renamed") },
    "a bad argument": { channelIds: [] },
    "an unknown argument": { colour: "red" },
  };
} // prettier-ignore

/** What check and diff answer to arguments of a resource of the state. */
export async function checkAndDiff(world: World, declared: Declared, entry: Entry, change: Bag) {
  const run = new Run((kind) => world.handlers(kind));
  const { kind, name, args } = declared;
  const given: Bag = { label: labelOf(kind, name), __provider: `code of ${kind}`, ...args, ...change };
  const isGiven = ([, value]: readonly [string, unknown]) => value !== undefined && value !== null;
  const news = Object.fromEntries(Object.entries(given).filter(isGiven));
  const inputs = await run.check(declared, entry.inputs, news);
  if (!inputs) return { failures: run.failures.length, errors: run.errors.length };
  const diff = await run.diff(entry, entry.id, entry.outputs, inputs);
  return {
    inputs: asRecorded(world, differences(entry.inputs, inputs)),
    diff,
    errors: run.errors.map(codeOf),
  };
}

/** What read, update and delete answer of a resource of the state. */
export async function readUpdateDelete(world: World, entry: Entry) {
  const run = new Run((kind) => world.handlers(kind));
  const read = await run.read(entry);
  const updated = await run.update({ ...entry, args: {} }, entry.id, entry.outputs, { ...entry.inputs, onDelete: "letExpire" }); // prettier-ignore
  const deleted = await run.delete(entry);
  return {
    read: asRecorded(world, read),
    update: asRecorded(world, updated?.outs),
    partial: updated?.initErrors?.length ?? 0,
    deleted,
    errors: run.errors.map(codeOf),
    alive: world.alive(),
  };
}

function codeOf(error: Error): unknown {
  return "code" in error ? error.code : error.name;
}

/** What is other than before, and what is no longer there. */
function differences(before: Bag, after: Bag): { readonly set: Bag; readonly unset: readonly string[] } {
  const isSame = (key: string) => JSON.stringify(before[key]) === JSON.stringify(after[key]);
  return {
    set: Object.fromEntries(Object.entries(after).filter(([key]) => !isSame(key))),
    unset: Object.keys(before).filter((key) => !(key in after)),
  };
}
