import type { Deployment, StateResource } from "../../pulumi/export";
import type { HeldToken } from "../../tokens/held-token";
import type { Update } from "../../pulumi/updates";

/** The resources of one state, of any type. */
export interface Records {
  /** By URN. Without pending deletes and Pulumi's default providers. */
  readonly current: ReadonlyMap<string, StateResource>;
  /** By URN and id: a URN can have several records. */
  readonly byId: ReadonlyMap<string, StateResource>;
  /** Types with ids. A renamed resource keeps both. */
  readonly ids: ReadonlySet<string>;
}

/** Lazy, because most updates remove nothing. */
export function recordsOf({ resources }: Deployment): () => Records {
  let read: Records | undefined;
  return () => {
    const current = () => resources.filter((each) => !each.isPendingDelete && !isDefaultProvider(each));
    read ??= {
      current: new Map(current().map((each) => [each.urn, each])),
      byId: new Map(resources.map((each) => [`${each.urn} ${each.id ?? ""}`, each])),
      ids: new Set(resources.map(idOf)),
    };
    return read;
  };
}

/** The states before and after an update. */
interface Span {
  readonly before: { readonly records: () => Records };
  readonly after: { readonly records: () => Records };
  readonly update: Update;
}

/** Updates that change a state and delete nothing. */
const EDITS: ReadonlySet<string> = new Set(["import", "rename"]);

/**
 * How many of the resources that left the state were not deleted by the update. Commands such as `pulumi state delete` are
 * no updates: what they remove is missing in the next update.
 */
export function droppedIn({ before, after, update }: Span): "all" | "some" | "none" {
  if (!update.changes) return EDITS.has(update.kind) ? "all" : "none";
  const { delete: deleted = 0 } = update.changes;
  const [old, fresh] = [before.records(), after.records()];
  const left = [...old.current.values()].filter(
    (each) => !each.isDeleted && !fresh.current.has(each.urn) && !isRenamed(each, fresh),
  );
  if (left.length <= deleted) return "none";
  return deleted === 0 ? "all" : "some";
}

/** True if the update created a resource that was already in the state before it: it must have left the state between. */
export function createsAnew({ before, after, update }: Span): boolean {
  const { create = 0, replace = 0 } = update.changes ?? {};
  if (create === 0) return false;
  if (replace === 0) return true;
  const [old, fresh] = [before.records(), after.records()];
  const added = [...fresh.current.values()].filter(
    (each) => !old.current.has(each.urn) && !isRenamed(each, old),
  );
  return create > added.length;
}

/** The resource option because of which Pulumi did not call the provider's delete. Undefined if there is none. */
export function skippedBy(
  token: HeldToken,
  { before, after }: Pick<Span, "before" | "after">,
): "retainOnDelete" | "deletedWith" | undefined {
  const [old, fresh] = [before.records(), after.records()];
  const { urn, id = "", role } = token;
  const record = role === "predecessor" ? old.current.get(urn) : old.byId.get(`${urn} ${id}`);
  if (record?.isRetained) return "retainOnDelete";
  const other = old.current.get(record?.deletedWith ?? "");
  // The option applies only if that resource is deleted or replaced in the same update.
  const left = other && fresh.current.get(other.urn);
  return other && (!left || left.id !== other.id) ? "deletedWith" : undefined;
}

function isRenamed(resource: StateResource, { ids }: Records): boolean {
  return resource.id !== undefined && ids.has(idOf(resource));
}

function idOf({ type, id = "" }: StateResource): string {
  return `${type} ${id}`;
}

/** Default providers are not in the engine's counts. */
function isDefaultProvider({ type, urn }: StateResource): boolean {
  return type.startsWith("pulumi:providers:") && /::default(_[^:]*)?$/.test(urn);
}
