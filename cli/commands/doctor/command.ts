import type { Command } from "commander";

import { version } from "../../../package.json";
import { asError } from "../../../provider/notices";
import type { Findings } from "./check";
import { checkProgram } from "./program";
import { checkStore } from "./store";
import { storesToCheck } from "./stores";
import { EXIT } from "../../exit-codes";
import { readStacks, type Source, type StackState } from "../../pulumi/stacks";
import { tokensOf } from "../../tokens/held-token";
import type { KnownAddress } from "../../stores/known-stores";
import { createWays } from "../../stores/stack-connections";
import { doctorText } from "./text";
import { json } from "../../render/json";
import type { World } from "../../system";

interface Options extends Source {
  readonly json?: boolean;
}

const MORE = `
Reads the lists of every store that state, configuration or environment name, and changes nothing.
Exit code: 0 all is well, 3 something is not, or no store was there to check, 1 the command failed.`;

export function doctor(program: Command, world: World): void {
  program
    .command("doctor")
    .description("checks the program's folder, and each store with the credential that an update would use")
    .option(
      "--stack <name>",
      "the stores of this stack's state and configuration (default: the selected one)",
    )
    .option("--file <export>", "the stores of an export made by `pulumi stack export`")
    .option("--all", "the stores of every stack of the backend")
    .option("--json", "prints JSON")
    .addHelpText("after", MORE)
    .action(async (options: Options) => {
      await run(world, options);
    });
}

async function run(world: World, options: Options): Promise<void> {
  const { stacks, findings } = await states(world, options);
  const ways = createWays(world, stacks);
  const held = stacks.flatMap(({ deployment }) => tokensOf(deployment));
  const stores = await storesToCheck(ways, stacks, options.stack);
  const all = [await checkProgram(world, version), ...findings, ...stores.findings];
  for (const address of stores.addresses) {
    const own = held.filter(({ storeHash }) => storeHash === address.storeHash);
    all.push(await checkStore(world, ways, address, own));
  }
  const isWell = all.every(({ checks }) => checks.every(({ verdict }) => verdict !== "bad"));
  const exitCode = isWell ? EXIT.ok : EXIT.person;
  const { output } = world;
  const told = { version: 1, exitCode, stores: stores.addresses.map(addressOf), findings: all };
  output.stdout(options.json ? json(told) : doctorText(all));
  world.setExitCode(exitCode);
}

function addressOf({ storeHash, apiUrl }: KnownAddress): KnownAddress {
  return { storeHash, apiUrl };
}

/** A state that cannot be read is a finding: the default store can be looked at without one. */
async function states(
  world: World,
  options: Options,
): Promise<{ readonly stacks: readonly StackState[]; readonly findings: readonly Findings[] }> {
  try {
    return { stacks: await readStacks(world, options), findings: [] };
  } catch (thrown) {
    if ([options.stack, options.file, options.all].some((each) => each !== undefined)) throw thrown;
    const text = `no state was read: ${asError(thrown).message}`;
    return {
      stacks: [],
      findings: [{ subject: "state", checks: [{ name: "state", verdict: "unknown", text }] }],
    };
  }
}
