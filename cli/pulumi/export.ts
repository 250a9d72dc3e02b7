import { z } from "zod";

import { asObject, badJson, entriesOf, FILLED_TEXT, FLAG, parseJson, PROPERTIES, type Properties, TEXT, TEXTS } from "./json"; // prettier-ignore

/** A resource as the state holds it; of `inputs` and `outputs` nothing is known. */
export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string | undefined;
  /** Replaced or removed, and waiting for its deletion. */
  readonly isPendingDelete: boolean;
  /** Deleted already, and waiting for its successor. */
  readonly isDeleted: boolean;
  readonly isProtected: boolean;
  /** Its deletion asks the provider for nothing. */
  readonly isRetained: boolean;
  /** A URN: its deletion asks the provider for nothing while that resource is deleted as well. */
  readonly deletedWith?: string | undefined;
  /** To be replaced by the next update, whatever its inputs say. */
  readonly isTainted: boolean;
  /** What its last create or update left to be settled. */
  readonly initErrors: readonly string[];
  readonly inputs: Properties;
  readonly outputs: Properties;
}

/** What an update was doing when it was interrupted. */
interface PendingOperation {
  readonly urn: string;
  readonly type: string;
  /** `creating`, `updating`, `deleting`, ... */
  readonly operation: string;
  readonly inputs: Properties;
}

/** The state of a stack at one time. */
export interface Deployment {
  /** When it was written, RFC 3339. */
  readonly time?: string;
  readonly resources: readonly StateResource[];
  readonly pendingOperations: readonly PendingOperation[];
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
    isPendingDelete: resource.delete,
    isDeleted: resource.pendingReplacement,
    isProtected: resource.protect,
    isRetained: resource.retainOnDelete,
    deletedWith: resource.deletedWith,
    isTainted: resource.taint,
    initErrors: resource.initErrors,
    inputs: resource.inputs,
    outputs: resource.outputs,
  }));

const OPERATION = z
  .object({
    resource: z.object({ urn: z.string(), type: z.string(), inputs: PROPERTIES }),
    type: z.string(),
  })
  .transform(({ resource, type: operation }) => ({ ...resource, operation }));

/** Version 4 differs from 3 in what resources may carry besides. */
const VERSIONS: readonly unknown[] = [3, 4];

const OURS = "dynamic/bigcommerce:";
/** Of a token's resource, with all that a program may put into it. */
const MAX_DEPTH = 100;

/** The text of `pulumi stack export`, or of a checkpoint file; `name` says in errors where it came from. */
export function parseExport(text: string, name: string): Deployment {
  const whole = asObject(parseJson(text, name));
  const checkpoint = asObject(whole?.["checkpoint"]);
  const holder = checkpoint ? { deployment: checkpoint["latest"] } : whole;
  if (!holder || !("deployment" in holder)) {
    throw badJson(name, "this is not the JSON that `pulumi stack export` prints: it holds no deployment");
  }
  const version = whole?.["version"];
  if (!VERSIONS.includes(version)) {
    const found = typeof version === "number" ? `is of version ${version}` : "says no version";
    throw badJson(
      name,
      `the export ${found}, where 3 and 4 can be read: export it again with a Pulumi CLI of 3.x`,
    );
  }
  return readDeployment(holder["deployment"], name);
}

/** A deployment as it stands in an export, and in a checkpoint of the history. */
export function readDeployment(value: unknown, name: string): Deployment {
  const deployment = asObject(value ?? {});
  const resources = deployment?.["resources"] ?? [];
  const operations = deployment?.["pending_operations"] ?? [];
  if (!deployment || !Array.isArray(resources) || !Array.isArray(operations)) {
    throw badJson(name, "the deployment in it is damaged: its resources are no list");
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
    throw badJson(name, `the deployment in it is damaged: resource ${index} has no URN or no type`);
  }
  // Only what is read further: other resources may hold whatever they like.
  if (parsed.data.type.includes(OURS) && isTooDeep(value)) {
    throw badJson(
      name,
      `the deployment in it is damaged: resource ${index} is nested deeper than ${MAX_DEPTH} levels`,
    );
  }
  return parsed.data;
}

/** Level by level, because a function cannot call itself as deep as a file may nest. */
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
