import type { FakeSystemOptions } from "../../cli/fake-system";
import { commandIn, type Store } from "../../cli/issuing";
import { jsonAnswer, labelsAnswer, tableAnswer } from "./command";
import { named, namesOf } from "./names";

/** A command in the store at hand: its answer to programs or its table, and what it sent and revoked. */
export function answersIn(store: () => Store, command: string, prose: readonly string[]) {
  const run = commandIn(store, command);
  const names = () => namesOf(store().emulator.issued, store().emulator.url);
  const effects = () => ({
    sent: store().requests().map((line) => named(line, names())),
    revoked: store().revoked().map((print) => named(print, names())),
  }); // prettier-ignore
  return {
    json: async (args: readonly string[] = [], rest: FakeSystemOptions = {}) => ({
      ...(jsonAnswer(await run([...args, "--json"], rest), prose, names()) as object),
      ...effects(),
    }),
    table: async (args: readonly string[] = [], rest: FakeSystemOptions = {}) => ({
      ...(tableAnswer(await run(args, rest), names()) as object),
      ...effects(),
    }),
    labels: async (args: readonly string[] = [], rest: FakeSystemOptions = {}) => ({
      ...(labelsAnswer(await run(args, rest), names()) as object),
      ...effects(),
    }),
  };
}
