import type { Command } from "commander";

import { addFormats, formatOf, type Formatted } from "../../output-format";
import { json } from "../../render/json";
import type { System } from "../../system";
import { type Plan, planOf } from "./plan";
import { readPreview } from "./source";
import { planJson, planMarkdown, planText } from "./table";

interface Options extends Formatted<keyof typeof FORMATS> {
  readonly stack?: string;
  readonly file?: string;
}

const HELP = `
Arguments after -- are passed to \`pulumi preview\`: preview -- --replace URN.
For --file, make the preview with: pulumi preview --json --show-replacement-steps --show-sames
Exit code: 0, or 1 if the preview or the command failed.`;

const FORMATS = {
  table: planText,
  json: (plan: Plan) => json(planJson(plan)),
  markdown: planMarkdown,
} as const;

export function preview(program: Command, system: System): void {
  const command = program
    .command("preview")
    .description("shows which tokens an update would mint, rotate, revoke or leave to expire")
    .argument("[pulumi arguments...]", "passed to `pulumi preview`; after --")
    .option("--stack <name>", "this stack (default: the selected one)")
    .option("--file <preview>", "the output of `pulumi preview --json`; - is standard input");
  addFormats(command, Object.keys(FORMATS))
    .addHelpText("after", HELP)
    .action(async (args: readonly string[], options: Options) => {
      const { stack, file } = options;
      const plan = planOf(
        await readPreview(system, { stack, file, args }),
        Math.floor(system.clock.now() / 1000),
      );
      system.output.stdout(FORMATS[formatOf(options)](plan, system.output));
    });
}
