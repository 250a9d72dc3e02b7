import { quoted } from "../provider/domain/shell";

const OPTION = /^--[a-z]+$/;

/** A command of this program, as a person runs it in the folder of a Pulumi program. */
export function ownCommand(...args: readonly string[]): string {
  const words = args.map((arg) => (OPTION.test(arg) ? arg : quoted(arg)));
  return ["npm exec --no -- pulumi-bigcommerce-tokens", ...words].join(" ");
}
