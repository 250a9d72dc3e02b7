import type { Command } from "commander";

import { version } from "../../../package.json";
import { asError } from "../../../provider/notices";
import { check, doctorText, type Findings } from "./report";
import { checkProgram } from "./program";
import { checkStore } from "./store";
import { storesToCheck } from "./stores";
import { EXIT } from "../../exit-codes";
import { readStates, type StateSource, type StackState } from "../../pulumi/states";
import { tokensOf } from "../../tokens/held-token";
import { createStackConnections } from "../../stores/connections";
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
    .action((options: Options) => run(system, options));
}

async function run(system: System, options: Options): Promise<void> {
  const findings: Findings[] = [];
  // A state that cannot be read is a finding: the default store can be checked without one.
  const stacks = await readStates(system, options).catch((thrown: unknown): readonly StackState[] => {
    if ([options.stack, options.file, options.all].some((each) => each !== undefined)) throw thrown;
    const text = `no state was read: ${asError(thrown).message}`;
    findings.push({ subject: "state", checks: [check("state", "unknown", text)] });
    return [];
  });
  const connections = createStackConnections(system, stacks);
  const held = stacks.flatMap(({ deployment }) => tokensOf(deployment));
  const { addresses, checks } = await storesToCheck(connections, stacks, options.stack);
  findings.unshift(await checkProgram(system, version));
  if (checks.length > 0) findings.push({ subject: "stores", checks });
  for (const address of addresses) {
    const own = held.filter(({ storeHash }) => storeHash === address.storeHash);
    findings.push(await checkStore(system, connections, address, own));
  }
  const isWell = findings.every(({ checks: each }) => each.every(({ verdict }) => verdict !== "bad"));
  const exitCode = isWell ? EXIT.ok : EXIT.person;
  const stores = addresses.map(({ storeHash, apiUrl }) => ({ storeHash, apiUrl }));
  const report = { version: 1, exitCode, stores, findings };
  system.output.stdout(options.json ? json(report) : doctorText(findings));
  system.setExitCode(exitCode);
}
