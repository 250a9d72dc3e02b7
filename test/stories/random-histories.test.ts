import { asOfPlugin, type PlainCall, plainCalls } from "../support/conformance/calls";
import type { Engine } from "../support/conformance/engine";
import { startFakeEngine } from "../support/conformance/fake-engine";
import { historyOf, type Page, playHistory } from "../support/conformance/history";
import { startRealEngine } from "../support/conformance/real-engine";
import type { Host } from "../support/stack";

/**
 * Random histories of a stack, played on Pulumi's engine in both forms, and on that of the handler tests: after each step
 * the same tokens are revoked, and the handlers were called for the same. `npm run properties:nightly` plays many; a failed
 * one is repeated by its seed: `HISTORY_SEED=<seed> npx jest test/stories/random-histories`. HISTORY_STEPS makes it shorter.
 */
const COUNT = Number(process.env["HISTORIES"] ?? 1);
const FIRST = Number(process.env["HISTORY_SEED"] ?? (COUNT === 1 ? 1 : Date.now() % 1_000_000));
const STEPS = Number(process.env["HISTORY_STEPS"] ?? (COUNT === 1 ? 4 : 8));
const SEEDS = Array.from({ length: COUNT }, (_, index) => FIRST + index);

/** A call of each engine takes some seconds on an idle machine of two cores. */
const LONGEST_MS = 900_000;

const TEN_MINUTES = 10 / (24 * 60);

const AS_OF = { dynamic: undefined, plugin: asOfPlugin };

interface Played {
  readonly pages: readonly Page[];
  readonly calls: Readonly<Record<string, readonly PlainCall[]>>;
}

async function playOn(engine: Engine, seed: number, host: Host): Promise<Played> {
  const pages = await playHistory(engine, historyOf(seed, STEPS));
  const runs = pages.flatMap(({ outcome }, at) => (outcome ? [[String(at), outcome] as const] : []));
  return { pages, calls: plainCalls(Object.fromEntries(runs), engine.surroundings, AS_OF[host]) };
}

/** The calls of a step by resource. What a refresh or the end of a run does to several tokens of one resource has no order. */
function byResource(calls: readonly PlainCall[] = []): Readonly<Record<string, readonly string[]>> {
  const names = [...new Set(calls.map(({ name }) => name))].sort();
  return Object.fromEntries(
    names.map((name) => {
      const own = calls.filter((call) => call.name === name);
      const texts = (phase: PlainCall["phase"]) =>
        own
          .filter((call) => call.phase === phase)
          .map(({ method, args, outcome }) => `${method} ${outcome} ${JSON.stringify(args, byName)}`);
      return [name, [...texts("refresh").sort(), ...texts(undefined), ...texts("end").sort()]];
    }),
  );
}

/** Engines name properties in any order. */
function byName(_: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}

describe.each<Host>(["dynamic", "plugin"])("a random history of the %s form", (host) => {
  it.each(SEEDS)(
    "of seed %i ends each token as the planned deletes of the handler tests do",
    async (seed) => {
      const fakeEngine = await startFakeEngine();
      const pulumi = await startRealEngine(host);
      try {
        // Nothing expires at the very second of a step: Pulumi's engine takes some for each.
        fakeEngine.advance(TEN_MINUTES);
        const fake = await playOn(fakeEngine, seed, host);
        const real = await playOn(pulumi, seed, host);
        for (const [at, page] of real.pages.entries()) {
          const told = ({ pages, calls }: Played) => ({
            step: pages[at]?.step,
            succeeded: pages[at]?.outcome?.succeeded,
            ledger: pages[at]?.ledger,
            calls: byResource(calls[at]),
          });
          expect(told(real)).toEqual(told(fake));
          if (page.step.what === "preview") expect(page.ledger).toEqual(real.pages[at - 1]?.ledger);
        }
        expect(fake.pages.at(-1)?.ledger.length).toBeGreaterThan(2);
      } finally {
        await pulumi.close();
        await fakeEngine.close();
      }
    },
    LONGEST_MS,
  );
});
