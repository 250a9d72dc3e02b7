import type { Command } from "commander";

import { version } from "../../package.json";
import { apiOrigin, DEFAULT_API_URL } from "../../provider/bigcommerce/endpoint";
import { asError } from "../../provider/notices";
import type { Findings } from "../doctor/check";
import { checkProgram } from "../doctor/program";
import { checkStore } from "../doctor/store";
import { EXIT } from "../exit-codes";
import { readStacks, type Source, type StackState } from "../state/source";
import { tokensOf } from "../state/tokens";
import type { StoreAddress } from "../store/connections";
import { readSettings } from "../store/settings";
import { createWays } from "../store/ways";
import { doctorText } from "../view/doctor";
import { json } from "../view/json";
import type { World } from "../world";

interface Options extends Source {
  readonly json?: boolean;
}

const MORE = `
Reads the lists of the stores, and changes nothing. Exit code: 0 all is well, 3 something is not, 1 the command failed.`;

export function doctor(program: Command, world: World): void {
  program
    .command("doctor")
    .description("checks the program's folder, and each store with the credential that an update would use")
    .option("--stack <name>", "the stores of this stack (default: the selected one), and the default store")
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
  const addresses = [...held.flatMap(addressOf), ...(await defaultStore(world, options.stack))];
  const distinct = new Map(addresses.map((each) => [`${each.apiUrl} ${each.storeHash}`, each] as const));
  const all = [await checkProgram(world, version), ...findings];
  for (const address of distinct.values()) {
    const own = held.filter((token) => addressOf(token)[0]?.storeHash === address.storeHash);
    all.push(await checkStore(world, ways, address, own));
  }
  const isWell = all.every(({ checks }) => checks.every(({ verdict }) => verdict !== "bad"));
  const exitCode = isWell ? EXIT.ok : EXIT.person;
  const { output } = world;
  output.stdout(options.json ? json({ version: 1, exitCode, findings: all }) : doctorText(all, output));
  world.setExitCode(exitCode);
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

type Address = Required<StoreAddress> & { readonly apiUrl: string };

function addressOf({ storeHash, apiUrl }: Partial<StoreAddress>): readonly Address[] {
  const origin = apiOrigin(apiUrl ?? DEFAULT_API_URL);
  return storeHash === undefined || origin === undefined ? [] : [{ storeHash, apiUrl: origin }];
}

/** None where none is set. */
async function defaultStore(world: World, stack: string | undefined): Promise<readonly Address[]> {
  try {
    const settings = await readSettings(world, stack);
    const storeHash = settings.defaultStore();
    return [{ storeHash, apiUrl: settings.apiUrl(storeHash) }];
  } catch {
    return [];
  }
}
