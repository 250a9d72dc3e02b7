import type { Command } from "commander";

import { version } from "../../../package.json";
import { asError } from "../../../provider/notices";
import type { Findings } from "./check";
import { checkProgram } from "./program";
import { checkStore } from "./store";
import { storesToCheck } from "./stores";
import { EXIT } from "../../exit-codes";
import { readStates, type StateSource, type StackState } from "../../pulumi/states";
import { tokensOf } from "../../tokens/held-token";
import type { KnownAddress } from "../../stores/known-stores";
import { createStackConnections } from "../../stores/stack-connections";
import { doctorText } from "./text";
import { json } from "../../render/json";
import type { System } from "../../system";

interface Options extends StateSource {
  readonly json?: boolean;
}

const HELP = `
Reads the token lists of every store that the state, the configuration or the environment names. Changes nothing.
Exit code: 0 every check passed, 1 the command failed, 3 a check failed, or there was no store to check.`;

export function doctor(program: Command, system: System): void {
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
    .addHelpText("after", HELP)
    .action(async (options: Options) => {
      await run(system, options);
    });
}

async function run(system: System, options: Options): Promise<void> {
  const { stacks, findings } = await states(system, options);
  const connections = createStackConnections(system, stacks);
  const held = stacks.flatMap(({ deployment }) => tokensOf(deployment));
  const stores = await storesToCheck(connections, stacks, options.stack);
  const all = [await checkProgram(system, version), ...findings, ...stores.findings];
  for (const address of stores.addresses) {
    const own = held.filter(({ storeHash }) => storeHash === address.storeHash);
    all.push(await checkStore(system, connections, address, own));
  }
  const isWell = all.every(({ checks }) => checks.every(({ verdict }) => verdict !== "bad"));
  const exitCode = isWell ? EXIT.ok : EXIT.person;
  const { output } = system;
  const report = { version: 1, exitCode, stores: stores.addresses.map(addressOf), findings: all };
  output.stdout(options.json ? json(report) : doctorText(all));
  system.setExitCode(exitCode);
}

function addressOf({ storeHash, apiUrl }: KnownAddress): KnownAddress {
  return { storeHash, apiUrl };
}

/** A state that cannot be read is a finding: the default store can be checked without one. */
async function states(
  system: System,
  options: Options,
): Promise<{ readonly stacks: readonly StackState[]; readonly findings: readonly Findings[] }> {
  try {
    return { stacks: await readStates(system, options), findings: [] };
  } catch (thrown) {
    if ([options.stack, options.file, options.all].some((each) => each !== undefined)) throw thrown;
    const text = `no state was read: ${asError(thrown).message}`;
    return {
      stacks: [],
      findings: [{ subject: "state", checks: [{ name: "state", verdict: "unknown", text }] }],
    };
  }
}
