import { TokensError } from "../provider/errors";
import { printable } from "../provider/printable";
import { safeText } from "./render/width";

/** The format of BigCommerce's access tokens. No store hash, stack name or id has this format. */
const CREDENTIAL = /^(?=.*\d)(?=.*[a-z])[a-z0-9]{31}$/;

const ADVICE =
  "it is now in the shell's history, and other users of this machine could read it; if they must not have it, revoke it";

/** Throws if an argument is a secret, without quoting it. Arguments after `--` are passed to Pulumi and not checked. */
export function requireNoSecret(args: readonly string[]): void {
  const end = args.indexOf("--");
  const own = end < 0 ? args : args.slice(0, end);
  const words = own.flatMap((arg) => [arg, arg.slice(arg.indexOf("=") + 1)]);
  if (words.some((word) => safeText(word) !== printable(word))) {
    throw new TokensError(
      "secret_argument",
      `a token is among the arguments: ${ADVICE}; inspect and revoke read a token from standard input: ` +
        "pbpaste | npm exec --no -- pulumi-bigcommerce-tokens inspect",
    );
  }
  if (words.some((word) => CREDENTIAL.test(word))) {
    throw new TokensError(
      "secret_argument",
      `the credential of an API account is among the arguments: ${ADVICE}; commands read it from the environment ` +
        "variable BIGCOMMERCE_ACCESS_TOKEN or the stack's configuration",
    );
  }
}
