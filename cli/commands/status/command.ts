import { type Command, Option } from "commander";

import { TokensError } from "../../../provider/errors";
import { durationSeconds } from "../../../provider/domain/expiry";
import { EXIT, type ExitCode } from "../../exit-codes";
import { readStates, type StateSource } from "../../pulumi/states";
import { compareWithStores } from "./compare-live";
import { exitCodeOf, reportOn, type Report } from "./report";
import { urnProblem } from "../../pulumi/urn";
import { json, jsonText } from "../../render/json";
import { statusText } from "./text";
import { statusJson } from "./json";
import type { Output, System } from "../../system";

interface Options extends StateSource {
  readonly within?: string;
  readonly live?: boolean;
  readonly urnsDue?: boolean;
  readonly json?: boolean;
}

const EXITS = `
Exit code: 0 there is nothing to do, 1 the command failed, 2 a \`pulumi up\` now would rotate a token, 3 a person is needed
for a token (expired, overdue, due but protected, pending delete, interrupted replacement, unproven, unreadable; with
--live also if the store contradicts the state, or if no state has the token).`;

export function status(program: Command, system: System): void {
  program
    .command("status")
    .description("shows every valid token of a stack, and what is to be done")
    .option("--stack <name>", "this stack (default: the selected one)")
    .option("--file <export>", "an export made by `pulumi stack export`; - is standard input")
    .option("--all", "every stack of the backend, also of other projects")
    .option("--within <span>", "also marks tokens that become due or expire within this time, such as 14d")
    .option("--live", "compares with the stores' token lists; needs the stores' credentials")
    .addOption(
      new Option(
        "--urns-due",
        "prints the arguments with which `pulumi up` rotates the due tokens, one a line",
      ).conflicts("json"),
    )
    .option("--json", "prints JSON")
    .addHelpText("after", EXITS)
    .action((options: Options) => run(system, options));
}

async function run(system: System, options: Options): Promise<void> {
  const { within, live, urnsDue, json: asJson, all = false } = options;
  const withinS = withinOf(within);
  if (urnsDue && all) {
    throw new TokensError(
      "usage",
      "--urns-due is for one stack, because `pulumi up` is: use --stack instead of --all",
    );
  }
  const stacks = await readStates(system, options);
  const comparison = live ? await compareWithStores(system, stacks, all) : undefined;
  const report = reportOn(stacks, Math.floor(system.clock.now() / 1000), withinS, comparison);
  const exitCode = exitCodeOf(report);
  const { output } = system;
  if (urnsDue) {
    system.setExitCode(printDue(output, report, exitCode));
    return;
  }
  output.stdout(asJson ? json(statusJson(report, exitCode)) : statusText(report, output));
  system.setExitCode(exitCode);
}

/**
 * The arguments with which `pulumi up` rotates the due tokens and updates their dependants. Resources whose name cannot be an
 * argument are omitted, and need a person. The others are printed all the same.
 */
function printDue(output: Output, { rows }: Report, exitCode: ExitCode): ExitCode {
  const due = new Map(rows.filter(({ rotates }) => rotates).map(({ token }) => [token.urn, token.resource]));
  const args = [...due.keys()].filter((urn) => urnProblem(urn) === undefined).map((urn) => `--target=${urn}`);
  const refused = [...due].flatMap(([urn, resource]) => {
    const problem = urnProblem(urn);
    const name = jsonText(resource);
    const remedy = `rename the resource, with aliases: [{ name: ${name} }]; renaming sends no request`;
    return problem === undefined ? [] : [`${name} is due, and omitted: ${problem}; ${remedy}`];
  });
  output.stdout(args.length === 0 ? [] : [...args, "--target-dependents"]);
  output.stderr(refused);
  return refused.length > 0 && exitCode !== EXIT.error ? EXIT.person : exitCode;
}

function withinOf(text: string | undefined): number {
  if (text === undefined) return 0;
  const seconds = durationSeconds(text);
  if (seconds !== undefined) return seconds;
  throw new TokensError("usage", "--within takes a whole number and s, m, h, d or w, such as 14d");
}
