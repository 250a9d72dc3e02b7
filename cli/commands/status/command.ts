import { type Command, Option } from "commander";

import { TokensError } from "../../../provider/errors";
import { durationSeconds } from "../../../provider/domain/expiry";
import { EXIT, type ExitCode } from "../../exit-codes";
import { AN_EXPORT, orWithout } from "../../pulumi/run";
import { tryReadStates, type StateSource } from "../../pulumi/states";
import { compareWithStores } from "./compare-live";
import { exitCodeOf, reportOn, type Report } from "./report";
import { partsOf } from "../../../provider/domain/urn";
import { urnProblem } from "../../pulumi/urn";
import { FAILURES } from "../../tokens/condition";
import { json, jsonText } from "../../render/json";
import { statusText } from "./text";
import { statusJson } from "./json";
import type { Output, System } from "../../system";

interface Options extends StateSource {
  readonly within?: string;
  readonly live?: boolean;
  readonly urnsDue?: boolean;
  readonly wide?: boolean;
  readonly json?: boolean;
}

const EXITS = `
Exit code: 0 nothing is open. 1 the command failed. 2 the next \`pulumi up\` tries to settle everything that is open: tokens
that are due, overdue, tainted, unproven or pending delete, or that expired or are gone and can be replaced. 3 something is
open that only a person can settle: a token that is due but protected, that has a fixed expiration which has passed, that is
unreadable, an interrupted replacement or mint; with --live also a token on which the store contradicts the state, or that no
state has. If several apply, the command ends with 1 first, then with 3.`;

export function status(program: Command, system: System): void {
  program
    .command("status")
    .description("shows every valid token of a stack, and what is to be done")
    .option("--stack <name>", "this stack (default: the selected one)")
    .option("--file <export>", "an export made by `pulumi stack export`; - is standard input")
    .option("--all", "every stack of the backend, also of other projects")
    .option(
      "--within <span>",
      "also marks tokens that become due or expire within this time, such as 14d; the exit code stays",
    )
    .option("--live", "compares with the stores' token lists; needs the stores' credentials")
    .option(
      "--wide",
      "shows kind, store, API account, rights, fingerprint and issue as well, however wide that is",
    )
    .addOption(
      new Option(
        "--urns-due",
        "prints the arguments with which `pulumi up` settles what it can and leaves out the rest, one a line",
      ).conflicts("json"),
    )
    .option("--json", "prints JSON")
    .addHelpText("after", EXITS)
    .action((options: Options) => run(system, options));
}

async function run(system: System, options: Options): Promise<void> {
  const { within, live, urnsDue, wide = false, json: asJson, all = false } = options;
  const withinS = withinOf(within);
  if (urnsDue && all) {
    throw new TokensError(
      "usage",
      "--urns-due is for one stack, because `pulumi up` is: use --stack instead of --all",
    );
  }
  const states = await orWithout(tryReadStates(system, options), AN_EXPORT);
  const unread = states.flatMap((state) => ("error" in state ? [state] : []));
  const stacks = states.flatMap((state) => ("error" in state ? [] : [state]));
  const comparison = live ? await compareWithStores(system, stacks, { isAll: all, isPartial: unread.length > 0 }) : undefined; // prettier-ignore
  const report = reportOn({ stacks, unread }, Math.floor(system.clock.now() / 1000), withinS, comparison);
  const exitCode = exitCodeOf(report);
  const { output } = system;
  if (urnsDue) {
    system.setExitCode(printDue(output, report, exitCode));
    return;
  }
  output.stdout(
    asJson ? json(statusJson(report, exitCode)) : statusText(report, { ...output, isWide: wide }),
  );
  system.setExitCode(exitCode);
}

/**
 * The arguments with which `pulumi up` settles what it can, and updates the dependants of what it rotates. A plain update
 * fails as a whole if it cannot replace one token: such tokens are omitted, and need a person. So are resources whose name
 * cannot be an argument. The others are printed all the same.
 */
function printDue(output: Output, { rows }: Report, exitCode: ExitCode): ExitCode {
  const failures = new Map(rows.flatMap(({ token, failsUp }) => (failsUp ? [[token.urn, failsUp]] : [])));
  const open = rows.filter(({ rotates, settledBy, failsUp }) => rotates || failsUp || settledBy === "up");
  const urns = [...new Set(open.map(({ token }) => token.urn))];
  const args = urns.filter((urn) => !failures.has(urn) && urnProblem(urn) === undefined);
  const omitted = urns.flatMap((urn) => {
    const name = jsonText(partsOf(urn).resource);
    const failure = failures.get(urn);
    if (failure) return [`${name} is omitted, and \`pulumi up\` needs --target: ${FAILURES[failure]}`];
    const problem = urnProblem(urn);
    const remedy = `rename the resource, with aliases: [{ name: ${name} }]; renaming sends no request`;
    const isDue = rows.some(({ token, rotates }) => token.urn === urn && rotates);
    return problem ? [`${name} is ${isDue ? "due, and " : ""}omitted: ${problem}; ${remedy}`] : [];
  });
  output.stdout(args.length === 0 ? [] : [...args.map((urn) => `--target=${urn}`), "--target-dependents"]);
  output.stderr(omitted);
  return omitted.length > 0 && exitCode !== EXIT.error ? EXIT.person : exitCode;
}

function withinOf(text: string | undefined): number {
  if (text === undefined) return 0;
  const seconds = durationSeconds(text);
  if (seconds !== undefined) return seconds;
  throw new TokensError("usage", "--within takes a whole number and s, m, h, d or w, such as 14d");
}
