import { failureText, type InputFailure } from "../domain/inputs";
import { withLink } from "../error-links";

/** Why inputs are refused, as users see it: a line for each problem, once, because one malformed setting can cause several. */
export function problemLines(failures: readonly InputFailure[]): readonly string[] {
  const lines = failures.map((failure) => withLink(failureText(failure), failure.code ?? "input_invalid"));
  return [...new Set(lines)];
}
