import { nameProblem } from "../../provider/domain/resource-name";
import { safeText } from "../render/width";

/** Why a URN cannot be an argument of `pulumi up`, or cannot be shown unchanged on a line of its own. */
export function urnProblem(urn: string): string | undefined {
  const problem = nameProblem(urn);
  if (problem === "wildcard") return "`pulumi up` reads the `*` in it as a wildcard";
  if (problem === "control") return "it has a control character, which could begin another argument";
  return safeText(urn) === urn ? undefined : "it has characters that are not shown";
}
