import type { Deployment, StateResource } from "../../pulumi/export";
import type { HeldToken } from "../../tokens/held-token";
import type { Update } from "../../pulumi/updates";

/** The records of one state, tokens or not. */
export interface Records {
  /** What is no longer of use once its deletion succeeds is not among them, nor what Pulumi makes for itself. */
  readonly current: ReadonlyMap<string, StateResource>;
  /** Every record, by URN and id, because one URN can have several. */
  readonly byId: ReadonlyMap<string, StateResource>;
  /** Ids by type: a record that was only renamed keeps both. */
  readonly ids: ReadonlySet<string>;
}

/** Read when it is asked for, because most updates remove nothing. */
export function recordsOf({ resources }: Deployment): () => Records {
  let read: Records | undefined;
  return () => {
    read ??= {
      current: new Map(
        resources.filter((each) => !each.isPendingDelete && !isDefaultProvider(each)).map((each) => [each.urn, each]), // prettier-ignore
      ),
      byId: new Map(resources.map((each) => [`${each.urn} ${each.id ?? ""}`, each])),
      ids: new Set(resources.map(idOf)),
    };
    return read;
  };
}

/** The state before an update, and the one after it. */
interface Span {
  readonly before: { readonly records: () => Records };
  readonly after: { readonly records: () => Records };
  readonly update: Update;
}

/** Updates that change a state and delete nothing. */
const EDITS: ReadonlySet<string> = new Set(["import", "rename"]);

/**
 * Whether records left the state that the update did not delete: all that left, some of them, or none. Commands such
 * as `pulumi state delete` are no updates, so that what they remove shows in the next one.
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

/** Whether the update created a record that the state before had already: it was no longer there by then. */
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

/** The option that keeps Pulumi from asking the provider to delete a token; undefined where none does. */
export function skippedBy(
  token: HeldToken,
  { before, after }: Pick<Span, "before" | "after">,
): "retainOnDelete" | "deletedWith" | undefined {
  const [old, fresh] = [before.records(), after.records()];
  const { urn, id = "", role } = token;
  const record = role === "predecessor" ? old.current.get(urn) : old.byId.get(`${urn} ${id}`);
  if (record?.isRetained) return "retainOnDelete";
  const other = old.current.get(record?.deletedWith ?? "");
  // Only where that one is deleted, or replaced, in the same update.
  const left = other && fresh.current.get(other.urn);
  return other && (!left || left.id !== other.id) ? "deletedWith" : undefined;
}

function isRenamed(resource: StateResource, { ids }: Records): boolean {
  return resource.id !== undefined && ids.has(idOf(resource));
}

function idOf({ type, id = "" }: StateResource): string {
  return `${type} ${id}`;
}

/** The engine counts its default providers nowhere. */
function isDefaultProvider({ type, urn }: StateResource): boolean {
  return type.startsWith("pulumi:providers:") && /::default(_[^:]*)?$/.test(urn);
}
