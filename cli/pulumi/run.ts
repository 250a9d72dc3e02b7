import { TokensError } from "../../provider/errors";
import type { System } from "../system";
import { errorIn } from "./error-text";

/** What it takes to run Pulumi. */
export type Runner = Pick<System, "run">;

/** Runs Pulumi and returns its standard output. Throws an error of one line if it fails. */
export async function pulumi(system: Runner, ...args: readonly string[]): Promise<string> {
  const env = { PULUMI_SKIP_UPDATE_CHECK: "true" };
  const ran = await system.run("pulumi", [...args, "--non-interactive"], env);
  if (ran === undefined) {
    throw new TokensError("pulumi_missing", "there is no pulumi on PATH: install the Pulumi CLI");
  }
  if (ran.code === 0) return ran.stdout;
  throw new TokensError("pulumi_failed", `pulumi ${args.join(" ")} failed: ${errorIn(ran.stderr)}`);
}

/** The arguments that choose a stack; none choose the selected one. */
export function stackOption(stack: string | undefined): readonly string[] {
  return stack === undefined ? [] : ["--stack", stack];
}

/** Names the option that takes the place of Pulumi, for a command that has one. */
export async function orWithout<T>(reading: Promise<T>, option: string): Promise<T> {
  return reading.catch((thrown: unknown) => {
    if (!(thrown instanceof TokensError) || thrown.code !== "pulumi_missing") throw thrown;
    throw new TokensError("pulumi_missing", `${thrown.message}, or give ${option}`);
  });
}

export const AN_EXPORT = "--file with an export made by `pulumi stack export --file`";
