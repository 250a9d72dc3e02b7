import type { Command } from "commander";

import { normaliseToken } from "../../tokens/pasted-token";
import { factsOf, restrictionsOf, withState } from "../../tokens/token-facts";
import { findToken } from "../../tokens/find-token";
import { readText } from "../../files/read-text";
import type { StateSource } from "../../pulumi/states";
import { inspectJson, inspectText } from "./report";
import { json } from "../../render/json";
import type { System } from "../../system";

interface Options extends Pick<StateSource, "stack" | "file"> {
  readonly history?: string;
  readonly json?: boolean;
}

const HELP = `
Pass the token on standard input. Other users of the machine could read it as an argument:
  pbpaste | npm exec --no -- pulumi-bigcommerce-tokens inspect
White space, quotes, a leading KEY= or "Authorization:" and "Bearer " are removed. Nothing is sent anywhere.`;

export function inspect(program: Command, system: System): void {
  program
    .command("inspect")
    .description("shows what a token from standard input is, when it expires, and which resource holds it")
    .option("--stack <name>", "searches only this stack (default: every stack of the backend)")
    .option("--file <export>", "searches only an export made by `pulumi stack export`")
    .option("--history <folder>", "the history to search (default: that of a file backend)")
    .option("--json", "prints JSON")
    .addHelpText("after", HELP)
    .action((options: Options) => run(system, options));
}

async function run(system: System, options: Options): Promise<void> {
  const { input, output, clock } = system;
  if (input.isTty) output.stderr("Paste the token, then press Enter and Ctrl-D.");
  const facts = factsOf(normaliseToken(await readText(system, "-")));
  const now = Math.floor(clock.now() / 1000);
  const search = await findToken(system, facts.fingerprint, options);
  const known = withState(facts, search.found[0]?.token);
  const restrictions = restrictionsOf(known, now);
  const shown = [known, restrictions, search, now] as const;
  output.stdout(options.json ? json(inspectJson(...shown)) : inspectText(...shown));
}
