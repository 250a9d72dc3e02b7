import { type KindName, KINDS } from "../../provider/domain/kinds";
import { nameProblem } from "../../provider/domain/resource-name";
import { safeText } from "../render/width";

/** What a URN tells of a resource. */
interface UrnParts {
  readonly stack: string;
  readonly project: string;
  /** The resource's name: the last part of the URN. */
  readonly resource: string;
}

const KIND_OF_TYPE: ReadonlyMap<string, KindName> = new Map(
  Object.values(KINDS).map(({ name, className }) => [`pulumi-nodejs:dynamic/bigcommerce:${className}`, name]),
);

/** Undefined for resources that are no tokens of ours. */
export function kindOf(type: string): KindName | undefined {
  return KIND_OF_TYPE.get(type);
}

/** The stack, project and name that a URN tells. */
export function partsOf(urn: string): UrnParts {
  const [head = "", project = "", , ...name] = urn.split("::");
  return { stack: head.replace(/^urn:pulumi:/, ""), project, resource: name.join("::") };
}

/** Why an URN cannot be an argument of `pulumi up`, or not be written on a line of its own as it is. */
export function urnProblem(urn: string): string | undefined {
  const problem = nameProblem(urn);
  if (problem === "wildcard") return "`pulumi up` reads `*` in it as a wildcard";
  if (problem === "control") return "it holds a control character, which could begin another argument";
  return safeText(urn) === urn ? undefined : "it holds characters that are not shown";
}
