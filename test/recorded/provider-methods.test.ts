import { changesOf, checkAndDiff, readUpdateDelete } from "./support/provider";
import { compareWithRecording } from "./support/recording";
import { casesOf, inWorlds } from "./support/states";

describe("what check and diff answer", () => {
  compareWithRecording(
    "provider-check-diff",
    casesOf((state) => {
      const at = state.entries.findIndex(({ pending }) => !pending);
      const changes = changesOf(state.entries[at]?.kind ?? "private");
      return inWorlds(state, Object.keys(changes), (world, [declared], change) =>
        checkAndDiff(world, declared!, world.engine.entries[at]!, changes[change] ?? {}),
      );
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
