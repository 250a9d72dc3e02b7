import { Command, CommanderError } from "commander";

import { version } from "../package.json";
import { createRedactor } from "../provider/bigcommerce/redact";
import { withLink } from "../provider/error-links";
import { asError } from "../provider/notices";
import { behindBoundary } from "./render/boundary";
import { audit } from "./commands/audit/command";
import { doctor } from "./commands/doctor/command";
import { emulator } from "./commands/emulator/command";
import { inspect } from "./commands/inspect/command";
import { orphans } from "./commands/orphans/command";
import { preview } from "./commands/preview/command";
import { retire } from "./commands/retire/command";
import { revoke } from "./commands/revoke/command";
import { status } from "./commands/status/command";
import { EXIT } from "./exit-codes";
import { oneLine } from "./one-line";
import { requireNoSecret } from "./secret-arguments";
import type { Host } from "./system";

export const NAME = "pulumi-bigcommerce-tokens";

const COMMANDS = [status, audit, inspect, doctor, emulator, preview, revoke, retire, orphans];

/** Runs the command in the arguments. An error is one line on standard error, and the exit code is 1. */
export async function runProgram(host: Host): Promise<void> {
  const system = behindBoundary(host);
  const { output } = system;
  const program = new Command(NAME)
    .description("Inspects, audits and revokes the BigCommerce tokens of Pulumi stacks.")
    .version(version)
    .configureOutput({
      writeOut(text) {
        output.stdout(linesOf(text));
      },
      writeErr(text) {
        output.stderr(linesOf(text));
      },
      getOutHelpWidth: () => output.columns ?? 80,
      getErrHelpWidth: () => output.columns ?? 80,
      getOutHasColors: () => output.colour,
      getErrHasColors: () => output.colour,
      outputError(text, write) {
        write(`${NAME}: ${withLink(withoutSecrets(oneLine(text)), "usage")}`);
      },
    })
    .exitOverride();
  for (const register of COMMANDS) register(program, system);
  try {
    requireNoSecret(system.args);
    await program.parseAsync(system.args, { from: "user" });
  } catch (thrown) {
    if (thrown instanceof CommanderError) {
      if (thrown.exitCode !== 0) system.setExitCode(EXIT.error);
      return;
    }
    const { message, code } = asError(thrown);
    output.stderr(`${NAME}: ${withLink(createRedactor([])(message), code)}`);
    system.setExitCode(EXIT.error);
  }
}

/** The lines of a help text. It has no untrusted text. */
function linesOf(text: string): readonly string[] {
  return text.replace(/\n$/, "").split("\n");
}

/** Masks what may be a token: commander quotes an invalid argument in its message. */
function withoutSecrets(text: string): string {
  return text.replace(/[\w.+/=-]{20,}/g, "***");
}
