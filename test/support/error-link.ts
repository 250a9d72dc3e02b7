import { type ErrorCode, ERRORS } from "../../provider/error-codes";
import { withLink } from "../../provider/error-links";

/** A message as it reached a user, without the address of its code's entry at the end. Throws if that is not there, once. */
export function unlinked(shown: string): { readonly message: string; readonly code: ErrorCode } {
  const [, code = ""] = /#(\w+)\)$/.exec(shown) ?? [];
  if (!isCode(code)) throw new Error(`a message ends without the address of a code: ${shown}`);
  const link = withLink("", code);
  const message = shown.slice(0, -link.length);
  if (`${message}${link}` !== shown || message.includes(link)) {
    throw new Error(`a message does not end with one address of its code: ${shown}`);
  }
  return { message, code };
}

/** What the command line wrote to standard error, without the addresses with which its errors end. */
export function withoutLinks(stderr: string): string {
  return stderr.replace(/^pulumi-bigcommerce-tokens: .*$/gm, (line) => unlinked(line).message);
}

function isCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERRORS, code);
}
