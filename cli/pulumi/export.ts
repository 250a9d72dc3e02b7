import { asObject, badJson, parseJson, type Properties } from "./json";

/** A resource as the state holds it; of `inputs` and `outputs` nothing is known. */
export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  /** Replaced or removed, and waiting for its deletion. */
  readonly isPendingDelete: boolean;
  /** Deleted already, and waiting for its successor. */
  readonly isDeleted: boolean;
  readonly isProtected: boolean;
  /** Its deletion asks the provider for nothing. */
  readonly isRetained: boolean;
  /** A URN: its deletion asks the provider for nothing while that resource is deleted as well. */
  readonly deletedWith?: string;
  /** To be replaced by the next update, whatever its inputs say. */
  readonly isTainted: boolean;
  /** What its last create or update left to be settled. */
  readonly initErrors: readonly string[];
  readonly inputs: Properties;
  readonly outputs: Properties;
}

/** What an update was doing when it was interrupted. */
export interface PendingOperation {
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
    pendingOperations: operations.map(readOperation).filter((operation) => operation !== undefined),
  };
}

function readResource(value: unknown, index: number, name: string): StateResource {
  const resource = asObject(value) ?? {};
  const { urn, type, id, initErrors, deletedWith } = resource;
  if (typeof urn !== "string" || typeof type !== "string") {
    throw badJson(name, `the deployment in it is damaged: resource ${index} has no URN or no type`);
  }
  // Only what is read further: other resources may hold whatever they like.
  if (type.includes(OURS) && isTooDeep(resource)) {
    throw badJson(
      name,
      `the deployment in it is damaged: resource ${index} is nested deeper than ${MAX_DEPTH} levels`,
    );
  }
  return {
    urn,
    type,
    ...(typeof id === "string" && { id }),
    isPendingDelete: resource["delete"] === true,
    isDeleted: resource["pendingReplacement"] === true,
    isProtected: resource["protect"] === true,
    isRetained: resource["retainOnDelete"] === true,
    ...(typeof deletedWith === "string" && deletedWith !== "" && { deletedWith }),
    isTainted: resource["taint"] === true,
    initErrors: Array.isArray(initErrors) ? initErrors.filter((each) => typeof each === "string") : [],
    inputs: asObject(resource["inputs"]) ?? {},
    outputs: asObject(resource["outputs"]) ?? {},
  };
}

/** Level by level, because a function cannot call itself as deep as a file may nest. */
function isTooDeep(value: object): boolean {
  let level: readonly object[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_DEPTH) return true;
    const next: object[] = [];
    for (const each of level) {
      for (const inner of Object.values(each) as readonly unknown[]) {
        if (typeof inner === "object" && inner !== null) next.push(inner);
      }
    }
    level = next;
  }
  return false;
}

function readOperation(value: unknown): PendingOperation | undefined {
  const { resource, type: operation } = asObject(value) ?? {};
  const { urn, type, inputs } = asObject(resource) ?? {};
  return typeof urn === "string" && typeof type === "string" && typeof operation === "string"
    ? { urn, type, operation, inputs: asObject(inputs) ?? {} }
    : undefined;
}
