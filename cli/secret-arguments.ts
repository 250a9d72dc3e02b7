import { TokensError } from "../provider/errors";
import { printable, safeText } from "./render/width";

/** What BigCommerce makes credentials of. No store hash, stack or id looks like that. */
const CREDENTIAL = /^(?=.*\d)(?=.*[a-z])[a-z0-9]{31}$/;

const ADVICE =
  "it stands in the shell's history now, and other users of this machine could read it while this ran: " +
  "revoke it, unless all of them may have it";

/** Refuses what must not be an argument, without quoting it. What stands behind `--` is for Pulumi. */
export function requireNoSecret(args: readonly string[]): void {
  const end = args.indexOf("--");
  const words = (end < 0 ? args : args.slice(0, end)).flatMap((arg) => [
    arg,
    arg.slice(arg.indexOf("=") + 1),
  ]);
  if (words.some((word) => safeText(word) !== printable(word))) {
    throw new TokensError(
      "secret_argument",
      `a token is among the arguments: ${ADVICE}; inspect and revoke take it from standard input: ` +
        "pbpaste | npm exec --no -- pulumi-bigcommerce-tokens inspect",
    );
  }
  if (words.some((word) => CREDENTIAL.test(word))) {
    throw new TokensError(
      "secret_argument",
      `what looks like the credential of an API account is among the arguments: ${ADVICE}; commands take it from ` +
        "BIGCOMMERCE_ACCESS_TOKEN or the stack's configuration",
    );
  }
}
