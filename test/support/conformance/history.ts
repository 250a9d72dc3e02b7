import fc from "fast-check";

import type { Engine, Outcome, Program, RunOptions, Token } from "./engine";

const NAMES = ["a", "b", "c"] as const;
type Name = (typeof NAMES)[number];

/** What a program says of a token; absent if it does not declare it. */
type Variant = Pick<Token, "ignoreChanges"> & { readonly change: Token["args"] };

/** What happens to a stack. A token that is not named stays as the program had it. */
export type Step =
  | {
      readonly what: "up" | "preview";
      readonly change: Readonly<Partial<Record<Name, Variant | "removed">>>;
      /** The version of the site from which a token has its channels: Pulumi deletes that token before it replaces it. */
      readonly site?: number;
      readonly replace?: readonly Name[];
      readonly target?: readonly Name[];
      readonly refresh?: boolean;
      /** A dependent of all tokens fails: Pulumi deletes nothing in this run. */
      readonly fails?: boolean;
    }
  | { readonly what: "refresh" | "destroy" }
  | { readonly what: "taint" | "forget"; readonly name: Name }
  | { readonly what: "advance"; readonly days: number };

const variant: fc.Arbitrary<Variant> = fc
  .record({
    change: fc.record(
      {
        channelIds: fc.constantFrom([1], [1, 2], [1, 2, 3]),
        overlap: fc.constantFrom("auto", "always", "never"),
        onDelete: fc.constantFrom("revoke", "letExpire"),
        lifetime: fc.constantFrom("30d", "90d", "365d"),
      },
      { requiredKeys: ["channelIds"] },
    ),
    ignoreChanges: fc.constantFrom(["channelIds"], ["expiresAt"], undefined, undefined, undefined),
  })
  .map(({ change, ignoreChanges }) => ({ change, ...(ignoreChanges && { ignoreChanges }) }));
const change = fc.dictionary(
  fc.constantFrom(...NAMES),
  fc.oneof({ weight: 4, arbitrary: variant }, { weight: 1, arbitrary: fc.constant("removed" as const) }),
  { minKeys: 1, maxKeys: 2, noNullPrototype: true },
) as fc.Arbitrary<Partial<Record<Name, Variant | "removed">>>;
const some = fc.subarray([...NAMES], { minLength: 1, maxLength: 2 });

/** What an update does beside its changes. */
const special = fc.oneof(
  { weight: 4, arbitrary: fc.constant({}) },
  { weight: 2, arbitrary: some.map((replace) => ({ replace })) },
  { weight: 2, arbitrary: some.map((target) => ({ target })) },
  { weight: 1, arbitrary: fc.record({ target: some, replace: some }, { noNullPrototype: true }) },
  { weight: 2, arbitrary: fc.constant({ fails: true }) },
  { weight: 2, arbitrary: fc.constantFrom(1, 2, 3).map((site) => ({ site })) },
  { weight: 1, arbitrary: fc.constant({ refresh: true }) },
);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 7,
    arbitrary: fc
      .tuple(fc.constantFrom(...(["up", "up", "up", "preview"] as const)), change, special)
      .map(([what, changed, options]): Step => ({ what, change: changed, ...options })),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(1, 15, 25, 61, 85, 200).map((days): Step => ({ what: "advance", days })),
  },
  { weight: 1, arbitrary: fc.constantFrom(...NAMES).map((name): Step => ({ what: "taint", name })) },
  { weight: 1, arbitrary: fc.constantFrom(...NAMES).map((name): Step => ({ what: "forget", name })) },
  {
    weight: 1,
    arbitrary: fc.constantFrom("refresh" as const, "destroy" as const).map((what): Step => ({ what })),
  },
);

const BEGIN: Step = {
  what: "up",
  change: { a: { change: { channelIds: [1, 2] } }, b: { change: { channelIds: [1, 2], lifetime: "90d" } } },
  site: 1,
};

/** The history of a seed: a first update, whatever follows, and a last one. */
export function historyOf(seed: number, steps: number): readonly Step[] {
  const [middle = []] = fc.sample(fc.array(step, { minLength: steps, maxLength: steps }), {
    seed,
    numRuns: 1,
  });
  return [BEGIN, ...middle, { what: "up", change: {} }, { what: "destroy" }];
}

/** What one step did. */
export interface Page {
  readonly step: Step;
  readonly outcome: Outcome | undefined;
  /** Of every token that BigCommerce ever minted, by the resource that minted it. */
  readonly ledger: readonly string[];
}

/** Plays a history; the ledger after each step tells when a token was revoked, and which were not. */
export async function playHistory(engine: Engine, history: readonly Step[]): Promise<readonly Page[]> {
  const pages: Page[] = [];
  const teller = createTeller(engine);
  for (const each of history) {
    const outcome = await teller.play(each);
    pages.push({ step: each, outcome, ledger: ledgerOf(engine) });
  }
  return pages;
}

function createTeller(engine: Engine) {
  const declared = new Map<Name, Variant>();
  /** The names of which the state holds a live token. */
  const held = new Set<Name>();
  /** Whether a replaced token may wait for its delete: `pulumi state taint` then does not know which of the two is meant. */
  let mayWait = false;
  let site = 1;
  let failures = 0;

  const programOf = (fails: boolean): Program => {
    const tokens = [...declared].map(([name, given]) => tokenOf(name, given));
    const all = [...tokens.map(({ name }) => name), "s"];
    return {
      sites: { site },
      tokens: [
        ...tokens,
        { kind: "private", name: "s", args: ARGS, from: { site: "site", input: "channelIds" } },
        ...(fails ? [failing(engine, `fails${failures}`, all)] : []),
      ],
    };
  };
  const run = async (given: Extract<Step, { readonly what: "up" | "preview" }>): Promise<Outcome> => {
    const { what, refresh = false } = given;
    // Nothing is created in a preview, so that nothing fails.
    const fails = given.fails === true && what === "up";
    const before = { declared: new Map(declared), site };
    for (const name of NAMES) {
      const to = given.change[name];
      if (to === "removed") declared.delete(name);
      else if (to) declared.set(name, to);
    }
    const known = (given.target ?? []).filter((name) => held.has(name) || declared.has(name));
    const target = known.length > 0 ? known : undefined;
    // Of what is not targeted, Pulumi would compare nothing.
    if (given.site !== undefined && !target && !fails) site = given.site;
    if (fails) failures += 1;
    const replace = (given.replace ?? []).filter((name) => held.has(name) && declared.has(name));
    const options: RunOptions = {
      ...{ refresh, continueOnError: fails, replace },
      ...(target && { target }),
    };
    if (fails) engine.setOtherCredential(false);
    const outcome = await engine[what](programOf(fails), options);
    engine.setOtherCredential(true);
    if (what === "preview") {
      declared.clear();
      for (const [name, to] of before.declared) declared.set(name, to);
      site = before.site;
      return outcome;
    }
    mayWait = fails || (mayWait && target !== undefined);
    for (const name of NAMES) {
      if (target && !target.includes(name)) continue;
      if (declared.has(name)) held.add(name);
      else if (!fails) held.delete(name);
    }
    return outcome;
  };
  return {
    async play(given: Step): Promise<Outcome | undefined> {
      if (given.what === "up" || given.what === "preview") return run(given);
      if (given.what === "refresh") return engine.refresh();
      if (given.what === "destroy") {
        held.clear();
        mayWait = false;
        return engine.destroy();
      }
      if (given.what === "advance") engine.advance(given.days);
      else if (given.what === "taint" && held.has(given.name) && !mayWait) await engine.taint(given.name);
      else if (given.what === "forget") forget(engine, given.name);
      return undefined;
    },
  };
}

const ARGS = { scopes: ["Customer", "Unauthenticated"], lifetime: "365d" };

function tokenOf(name: string, { change: given, ignoreChanges }: Variant): Token {
  return { kind: "private", name, args: { ...ARGS, ...given }, ...(ignoreChanges && { ignoreChanges }) };
}

/** Of the store whose credential is missing. */
function failing({ surroundings }: Engine, name: string, dependsOn: readonly string[]): Token {
  const args = { ...ARGS, channelIds: [1], storeHash: surroundings.otherStore };
  return { kind: "private", name, args, dependsOn };
}

/** Somebody revokes the latest token of a resource: no list shows it any more. */
function forget({ emulator }: Engine, name: string): void {
  const latest = emulator.issued.filter((one) => resourceOf(one.name) === name).at(-1);
  if (latest) emulator.forget(latest);
}

/** What became of every token, by the resource that minted it. */
export function ledgerOf({ emulator }: Engine): readonly string[] {
  const now = emulator.clock.now();
  const counts = new Map<string, number>();
  return emulator.issued
    .map(({ name, revokedAt, expiresAt = Infinity }) => {
      const resource = resourceOf(name);
      const count = (counts.get(resource) ?? 0) + 1;
      counts.set(resource, count);
      const state = revokedAt !== undefined ? "revoked" : expiresAt > now ? "alive" : "expired";
      return `${resource} ${count}: ${state}`;
    })
    .sort();
}

function resourceOf(listName = ""): string {
  return /\/([^/]+)#/.exec(listName)?.[1] ?? listName;
}
