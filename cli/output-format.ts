import { type Command, Option } from "commander";

/** The options of a command with several output formats. */
export interface Formatted<Format extends string> {
  readonly format: Format;
  readonly json?: boolean;
}

/** Adds `--format`, with the default `table`, and `--json`, which every command with JSON output has. */
export function addFormats(command: Command, formats: readonly string[]): Command {
  return command
    .addOption(new Option("--format <format>", "the output format").choices(formats).default("table"))
    .addOption(new Option("--json", "prints JSON; the same as --format json").conflicts("format"));
}

export function formatOf<Format extends string>({ format, json }: Formatted<Format>): Format | "json" {
  return json ? "json" : format;
}
