import { Option } from "commander";

/** An option that may be given several times. Its value is a list, which is empty without it. */
export function repeatedOption(flags: string, description: string): Option {
  return new Option(flags, `${description}; may be repeated`)
    .argParser((value: string, before: readonly string[]) => [...before, value])
    .default([], "none");
}
