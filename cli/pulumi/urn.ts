import { type KindName, KINDS } from "../../provider/domain/kinds";
import { nameProblem } from "../../provider/domain/resource-name";
import { safeText } from "../render/width";

/** The parts of a URN. */
interface UrnParts {
  readonly stack: string;
  readonly project: string;
  /** The resource's name: the last part of the URN. */
  readonly resource: string;
}

const KIND_OF_TYPE: ReadonlyMap<string, KindName> = new Map(
  Object.values(KINDS).map(({ name, className }) => [`pulumi-nodejs:dynamic/bigcommerce:${className}`, name]),
);

/** Undefined if the resource is not one of this package. */
export function kindOf(type: string): KindName | undefined {
  return KIND_OF_TYPE.get(type);
}

/** Reads the parts of a URN. */
export function partsOf(urn: string): UrnParts {
  const [head = "", project = "", , ...name] = urn.split("::");
  return { stack: head.replace(/^urn:pulumi:/, ""), project, resource: name.join("::") };
}

/** Why a URN cannot be an argument of `pulumi up`, or cannot be shown unchanged on a line of its own. */
export function urnProblem(urn: string): string | undefined {
  const problem = nameProblem(urn);
  if (problem === "wildcard") return "`pulumi up` reads the `*` in it as a wildcard";
  if (problem === "control") return "it has a control character, which could begin another argument";
  return safeText(urn) === urn ? undefined : "it has characters that are not shown";
}
