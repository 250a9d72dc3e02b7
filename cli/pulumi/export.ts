import * as z from "zod";

import { asObject, badJson, entriesOf, FILLED_TEXT, FLAG, parseJson, PROPERTIES, TEXT, TEXTS } from "./json"; // prettier-ignore

/** A resource as the state holds it. `inputs` and `outputs` may hold anything. */
export type StateResource = Readonly<z.output<typeof RESOURCE>>;

/** The state of a stack at one time. */
export interface Deployment {
  /** When it was written, RFC 3339. */
  readonly time?: string;
  readonly resources: readonly StateResource[];
  /** What an interrupted update was doing: `creating`, `updating`, `deleting`, ... */
  readonly pendingOperations: readonly Readonly<z.output<typeof OPERATION>>[];
}

const RESOURCE = z
  .object({
    ...{ urn: z.string(), type: z.string(), id: TEXT, inputs: PROPERTIES, outputs: PROPERTIES },
    ...{ delete: FLAG, pendingReplacement: FLAG, protect: FLAG, retainOnDelete: FLAG, taint: FLAG },
    ...{ deletedWith: FILLED_TEXT, initErrors: TEXTS },
  })
  // Without spreads, because a state has tens of thousands of resources.
  .transform((resource) => ({
    urn: resource.urn,
    type: resource.type,
    id: resource.id,
    /** Replaced or removed, and waiting for its deletion. */
    isPendingDelete: resource.delete,
    /** Already deleted, and waiting for its replacement. */
    isDeleted: resource.pendingReplacement,
    isProtected: resource.protect,
    /** Pulumi deletes it without calling the provider. */
    isRetained: resource.retainOnDelete,
    /** A URN: while that resource is deleted as well, Pulumi deletes this one without calling the provider. */
    deletedWith: resource.deletedWith,
    /** The next update replaces it, whatever its inputs are. */
    isTainted: resource.taint,
    /** The errors of its last create or update, which the next update has to settle. */
    initErrors: resource.initErrors,
    inputs: resource.inputs,
    outputs: resource.outputs,
  }));

const OPERATION = z
  .object({ type: z.string(), resource: z.object({ urn: z.string(), type: z.string(), inputs: PROPERTIES }) })
  .transform(({ resource, type: operation }) => ({ ...resource, operation }));

/** Version 4 differs from 3 in properties of resources that are not read here. */
const VERSIONS: readonly unknown[] = [3, 4];

const OURS = "bigcommerce:";
/** No token resource nests as deep, whatever a program puts into it. */
const MAX_DEPTH = 100;

/** Reads the text of `pulumi stack export`, or of a checkpoint file. `name` tells in errors where it came from. */
export function parseExport(text: string, name: string): Deployment {
  const whole = asObject(parseJson(text, name));
  const checkpoint = asObject(whole?.["checkpoint"]);
  const holder = checkpoint ? { deployment: checkpoint["latest"] } : whole;
  if (!holder || !("deployment" in holder)) {
    throw badJson(name, "this is not the JSON that `pulumi stack export` prints: it has no deployment");
  }
  const version = whole?.["version"];
  if (!VERSIONS.includes(version)) {
    const found = typeof version === "number" ? `has version ${version}` : "has no version";
    throw badJson(
      name,
      `the export ${found}, and only versions 3 and 4 can be read: export it again with a Pulumi CLI of version 3`,
    );
  }
  return readDeployment(holder["deployment"], name);
}

/** Reads a deployment, as exports and checkpoints of a history hold it. */
export function readDeployment(value: unknown, name: string): Deployment {
  const deployment = asObject(value ?? {});
  const resources = deployment?.["resources"] ?? [];
  const operations = deployment?.["pending_operations"] ?? [];
  if (!deployment || !Array.isArray(resources) || !Array.isArray(operations)) {
    throw badJson(name, "its deployment is damaged: the resources are not a list");
  }
  const time = asObject(deployment["manifest"])?.["time"];
  return {
    ...(typeof time === "string" && { time }),
    resources: resources.map((resource, index) => readResource(resource, index, name)),
    pendingOperations: entriesOf(OPERATION, operations),
  };
}

function readResource(value: unknown, index: number, name: string): StateResource {
  const parsed = RESOURCE.safeParse(value);
  if (!parsed.success) {
    throw badJson(name, `its deployment is damaged: resource ${index} has no URN or no type`);
  }
  // Only token resources are read further.
  if (parsed.data.type.includes(OURS) && isTooDeep(value)) {
    throw badJson(name, `its deployment is damaged: resource ${index} nests deeper than ${MAX_DEPTH} levels`);
  }
  return parsed.data;
}

/** Level by level, because a file may nest deeper than a function can call itself. */
function isTooDeep(value: unknown): boolean {
  let level: readonly unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_DEPTH) return true;
    const next: object[] = [];
    for (const each of level) {
      for (const inner of Object.values(each as object) as readonly unknown[]) {
        if (typeof inner === "object" && inner !== null) next.push(inner);
      }
    }
    level = next;
  }
  return false;
}
