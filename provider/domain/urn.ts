/** The parts of a URN. */
export interface UrnParts {
  readonly stack: string;
  readonly project: string;
  /** The types of the resource's ancestors and its own, with `$` between them. */
  readonly types: string;
  /** The resource's name: the last part of the URN. */
  readonly resource: string;
}

/** Reads the parts of a URN. A name may hold `::`, and the other parts do not. */
export function partsOf(urn: string): UrnParts {
  const [head = "", project = "", types = "", ...name] = urn.split("::");
  return { stack: head.replace(/^urn:pulumi:/, ""), project, types, resource: name.join("::") };
}
