import type { Engine } from "../support/conformance/engine";
import { startFakeEngine } from "../support/conformance/fake-engine";
import { historyOf, ledgerOf, playHistory } from "../support/conformance/history";
import { startRealEngine } from "../support/conformance/real-engine";
import { play, type Runs } from "../support/conformance/story";

const LONGEST_STORY_MS = 900_000;

/**
 * The handlers decide the same over both hosts. What the dynamic host does on Pulumi's engine,
 * test/stories/engine-conformance.test.ts holds against the engine of the handler tests, call by call. Here the plugin on
 * Pulumi's engine is held against that engine too, by what became of every token.
 */
describe("the plugin on Pulumi's engine, and the dynamic host on the engine of the handler tests", () => {
  let engines: readonly Engine[] = [];
  const start = async () => (engines = [await startRealEngine("plugin"), await startFakeEngine()]);
  afterEach(async () => {
    for (const engine of engines) await engine.close();
  });

  it(
    "end the same tokens in a story of some 50 tokens, and fail in the same runs",
    async () => {
      await start();
      const played = [];
      for (const engine of engines) {
        const runs: Runs = await play(engine);
        const succeeded = Object.entries(runs).map(([name, run]) => `${name}: ${run.succeeded}`);
        played.push({ succeeded, ledger: ledgerOf(engine) });
      }
      expect(played[1]?.ledger.length).toBeGreaterThan(50);
      expect(played[0]).toEqual(played[1]);
    },
    LONGEST_STORY_MS,
  );

  it.each([1, 2])(
    "end the same tokens after each step of the random history %d",
    async (seed) => {
      await start();
      const [real, fake] = await Promise.all(
        engines.map((engine) => playHistory(engine, historyOf(seed, 6))),
      );
      expect(real?.map(({ step, ledger }) => ({ step, ledger }))).toEqual(
        fake?.map(({ step, ledger }) => ({ step, ledger })),
      );
    },
    LONGEST_STORY_MS,
  );
});
