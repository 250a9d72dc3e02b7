import { changesOf, checkAndDiff, readUpdateDelete } from "./support/provider";
import { compareWithRecording } from "./support/recording";
import { casesOf, inWorlds } from "./support/states";

describe("what check and diff answer", () => {
  compareWithRecording(
    "provider-check-diff",
    casesOf(async (state) => {
      const at = state.entries.findIndex(({ pending }) => !pending);
      const changes = Object.entries(changesOf(state.entries[at]?.kind ?? "private"));
      // Neither sends anything nor changes a state, so that all changes share a world.
      const { answers } = await inWorlds(state, ["answers"], async (world, [declared]) => {
        const told: Record<string, unknown> = {};
        for (const [name, change] of changes)
          told[name] = await checkAndDiff(world, declared!, world.engine.entries[at]!, change);
        return told;
      });
      return answers;
    }),
  );
});

describe("what read, update and delete answer", () => {
  compareWithRecording(
    "provider-read-update-delete",
    casesOf((state) =>
      inWorlds(state, Object.keys(state.entries), (world, _, at) =>
        readUpdateDelete(world, world.engine.entries[Number(at)]!),
      ),
    ),
  );
});
