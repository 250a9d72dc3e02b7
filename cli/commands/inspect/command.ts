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

const MORE = `
The token comes from standard input, never as an argument, which other users of the machine could read:
  pbpaste | npm exec --no -- pulumi-bigcommerce-tokens inspect
White space, quotes, a leading KEY= or "Authorization:" and "Bearer " are stripped. Nothing is sent anywhere.`;

export function inspect(program: Command, system: System): void {
  program
    .command("inspect")
    .description("tells of a token from standard input what it is, until when, and whose")
    .option("--stack <name>", "looks through this stack only (default: every stack of the backend)")
    .option("--file <export>", "looks through an export made by `pulumi stack export` only")
    .option("--history <folder>", "the history to look through (default: that of a backend of files)")
    .option("--json", "prints JSON")
    .addHelpText("after", MORE)
    .action(async (options: Options) => {
      await run(system, options);
    });
}

async function run(system: System, options: Options): Promise<void> {
  const { input, output, clock } = system;
  if (input.isTty) output.stderr("Paste the token, then press Enter and Ctrl-D.");
  const facts = factsOf(normaliseToken(await readText(system, "-")));
  const now = Math.floor(clock.now() / 1000);
  const search = await findToken(system, facts.fingerprint, options);
  const known = withState(facts, search.found[0]?.token);
  const prospects = restrictionsOf(known, now);
  output.stdout(
    options.json
      ? json(inspectJson(known, prospects, search, now))
      : inspectText(known, prospects, search, now),
  );
}
