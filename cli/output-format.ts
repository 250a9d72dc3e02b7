import { type Command, Option } from "commander";

/** What a command is given that can be told in several ways. */
export interface Formatted<Format extends string> {
  readonly format: Format;
  readonly json?: boolean;
}

/** `--format`, a table unless another is named, and `--json`, which every command has that can print JSON. */
export function addFormats(command: Command, formats: readonly string[]): Command {
  return command
    .addOption(new Option("--format <format>", "how it is told").choices(formats).default("table"))
    .addOption(new Option("--json", "prints JSON, as --format json does").conflicts("format"));
}

export function formatOf<Format extends string>({ format, json }: Formatted<Format>): Format | "json" {
  return json ? "json" : format;
}
