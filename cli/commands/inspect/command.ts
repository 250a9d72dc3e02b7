import type { Command } from "commander";

import { TokensError } from "../../../provider/errors";
import { normaliseToken, readFingerprint } from "../../tokens/pasted-token";
import { factsOf, factsOfHeld, restrictionsOf, type TokenFacts, withState } from "../../tokens/token-facts";
import { findToken, type TokenSearch } from "../../tokens/find-token";
import type { HeldToken } from "../../tokens/held-token";
import { readText } from "../../files/read-text";
import type { StateSource } from "../../pulumi/states";
import { inspectJson, inspectText } from "./report";
import { json } from "../../render/json";
import type { System } from "../../system";

interface Options extends Pick<StateSource, "stack" | "file"> {
  readonly fingerprint?: string;
  readonly history?: string;
  readonly json?: boolean;
}

const HELP = `
Pass the token on standard input. Other users of the machine could read it as an argument:
  pbpaste | npm exec --no -- pulumi-bigcommerce-tokens inspect
White space, quotes, a leading KEY= or "Authorization:" and "Bearer " are removed. Nothing is sent anywhere. Without the
token, --fingerprint shows what states and histories tell. The last lines are the commands to run if the token leaked.`;

export function inspect(program: Command, system: System): void {
  program
    .command("inspect")
    .description(
      "shows what a token from standard input is, which resources hold it, and what to do if it leaked",
    )
    .option("--fingerprint <digits>", "a token that a state or a history holds, in place of standard input")
    .option("--stack <name>", "searches only this stack (default: every stack of the backend)")
    .option("--file <export>", "searches only an export made by `pulumi stack export`")
    .option("--history <folder>", "the history to search (default: that of a file backend)")
    .option("--json", "prints JSON")
    .addHelpText("after", HELP)
    .action((options: Options) => run(system, options));
}

async function run(system: System, options: Options): Promise<void> {
  const facts = options.fingerprint === undefined ? await givenFacts(system) : undefined;
  const fingerprint = facts?.fingerprint ?? readFingerprint(options.fingerprint ?? "");
  const now = Math.floor(system.clock.now() / 1000);
  const search = await findToken(system, fingerprint, options);
  const held = search.found[0]?.token;
  if (!facts && !held) throw notHeld(fingerprint, search);
  const known = facts ? withState(facts, held) : factsOfHeld(fingerprint, held as HeldToken);
  const shown = { facts: known, isGiven: facts !== undefined, search, now, ...restrictionsOf(known, now) };
  system.output.stdout(options.json ? json(inspectJson(shown)) : inspectText(shown));
}

async function givenFacts(system: System): Promise<TokenFacts> {
  const { input, output } = system;
  if (input.isTty) output.stderr("Paste the token, then press Enter and Ctrl-D.");
  return factsOf(normaliseToken(await readText(system, "-")));
}

function notHeld(fingerprint: string, { searched, problems }: TokenSearch): TokensError {
  const where = searched.length === 0 ? "" : `: searched ${searched.join(", ")}`;
  const why = [`no state or history that can be read holds token ${fingerprint}${where}`, ...problems];
  return new TokensError("token_not_held", why.join("; "));
}
