import type { Command } from "commander";

import { TokensError } from "../../provider/errors";
import { planMarkdown } from "../preview/markdown";
import { type Plan, planOf } from "../preview/plan";
import { planJson, planText } from "../preview/show";
import { readPreview } from "../preview/source";
import { json } from "../view/json";
import type { Output, World } from "../world";

interface Options {
  readonly stack?: string;
  readonly file?: string;
  readonly format: string;
}

const HELP = `
What stands behind -- is handed on to \`pulumi preview\`: preview -- --replace URN.
For a file, make the preview with: pulumi preview --json --show-replacement-steps --show-sames
Exit code: 0, or 1 where the preview or the command failed.`;

const FORMATS: Readonly<Record<string, (plan: Plan, output: Output) => string>> = {
  table: planText,
  json: (plan) => json(planJson(plan)),
  markdown: planMarkdown,
};

export function preview(program: Command, world: World): void {
  program
    .command("preview")
    .description("shows which tokens an update would mint, rotate, revoke or leave to expire")
    .argument("[pulumi arguments...]", "handed on to `pulumi preview`, behind --")
    .option("--stack <name>", "this stack (default: the selected one)")
    .option("--file <preview>", "what `pulumi preview --json` printed; - is standard input")
    .option("--format <format>", "table, json or markdown", "table")
    .addHelpText("after", HELP)
    .action(async (args: readonly string[], { stack, file, format }: Options) => {
      const show = Object.hasOwn(FORMATS, format) ? FORMATS[format] : undefined;
      if (!show) throw new TokensError("usage", "--format takes table, json or markdown");
      const digest = await readPreview(world, { stack, file, args });
      world.output.stdout(show(planOf(digest, Math.floor(world.clock.now() / 1000)), world.output));
    });
}
