import { type GrantedRights, fateOf } from "../../../provider/domain/disposition";
import type { Fate, OnDelete } from "../../../provider/domain/state";
import type { Deployment, StateResource } from "../../pulumi/export";
import { readerOf } from "../../pulumi/property-values";
import { recordsOf, type Records } from "./records";
import { type HeldToken, tokensOf } from "../../tokens/held-token";
import { kindOf, partsOf } from "../../pulumi/urn";

/** The tokens of one state, and what it says of their ends. */
export interface Snapshot {
  readonly tokens: ReadonlyMap<string, HeldToken>;
  /** The token of each resource that is not waiting for its deletion, by URN. */
  readonly current: ReadonlyMap<string, string>;
  /** The token of each record that was deleted first and has no successor yet, by URN. */
  readonly interrupted: ReadonlyMap<string, string>;
  /** What was decided for a token that was replaced by a change, by fingerprint. */
  readonly fates: ReadonlyMap<string, Fate>;
  /** The tokens that replaced another by a change, which they name. */
  readonly successors: ReadonlySet<string>;
  /** Successors that cover less than what they left to expire, against what `overlap` says. */
  readonly lenient: ReadonlySet<string>;
  /** What becomes of a resource's token when it is removed, by URN. */
  readonly onDelete: ReadonlyMap<string, OnDelete>;
  readonly stack?: string;
  readonly records: () => Records;
}

export const EMPTY: Snapshot = {
  tokens: new Map(),
  current: new Map(),
  interrupted: new Map(),
  fates: new Map(),
  successors: new Set(),
  lenient: new Set(),
  onDelete: new Map(),
  records: recordsOf({ resources: [], pendingOperations: [] }),
};

/** What one resource says of tokens: its own first, and a predecessor. */
interface Told {
  readonly own: HeldToken;
  readonly predecessors: readonly HeldToken[];
  readonly onDelete: OnDelete;
  readonly replaced?: { readonly fingerprint: string; readonly fate: Fate; readonly isLenient: boolean };
}

/** Reads one state after the other; a resource that is as before is told by the same objects. */
export function createSnapshots(): (deployment: Deployment) => Snapshot {
  let known = new Map<string, { readonly resource: StateResource; readonly told: Told }>();
  return (deployment) => {
    const seen: typeof known = new Map();
    const all: Told[] = [];
    for (const resource of deployment.resources) {
      if (kindOf(resource.type) === undefined) continue;
      const key = `${resource.urn} ${resource.id ?? ""}`;
      const before = known.get(key);
      const told = before && isSame(before.resource, resource) ? before.told : tell(resource);
      if (!told) continue;
      seen.set(key, { resource, told });
      all.push(told);
    }
    known = seen;
    const [first] = deployment.resources;
    return { ...combine(all), ...(first && { stack: stackOf(first.urn) }), records: recordsOf(deployment) };
  };
}

function combine(all: readonly Told[]): Omit<Snapshot, "records"> {
  const tokens = new Map(all.map(({ own }) => [keyOf(own), own]));
  const current = new Map<string, string>();
  const interrupted = new Map<string, string>();
  const fates = new Map<string, Fate>();
  const lenient = new Set<string>();
  const successors = new Set<string>();
  const onDelete = new Map<string, OnDelete>();
  for (const { own, predecessors, replaced, onDelete: end } of all) {
    if (own.role === "current") {
      current.set(own.urn, keyOf(own));
      onDelete.set(own.urn, end);
    }
    if (own.role === "pending replacement") interrupted.set(own.urn, keyOf(own));
    if (replaced) {
      if (replaced.isLenient) lenient.add(keyOf(own));
      fates.set(replaced.fingerprint, replaced.fate);
      successors.add(keyOf(own));
    }
    // A token that is still a resource of its own is told by that.
    for (const each of predecessors) if (!tokens.has(keyOf(each))) tokens.set(keyOf(each), each);
  }
  return { tokens, current, interrupted, fates, successors, lenient, onDelete };
}

function tell(resource: StateResource): Told | undefined {
  const [own, ...predecessors] = tokensOf({ resources: [resource], pendingOperations: [] });
  if (!own) return undefined;
  const reader = readerOf(resource.outputs);
  const previous = reader.nested("previous");
  const fingerprint = previous?.text("fingerprint");
  const fate = previous?.is("fate", "letExpire") ? "letExpire" : "revoke";
  const [old] = predecessors;
  const isLenient = old?.fate === "letExpire" && !reader.is("overlap", "always") && isNarrower(own, old);
  return {
    ...{ own, predecessors, onDelete: reader.is("onDelete", "letExpire") ? "letExpire" : "revoke" },
    ...(fingerprint !== undefined && { replaced: { fingerprint, fate, isLenient } }),
  };
}

/** Whether a token covers less than the one before it, as far as the state shows the rights of both. */
function isNarrower(own: HeldToken, old: HeldToken): boolean {
  const [successor, before] = [extentOf(own), extentOf(old)];
  return successor !== undefined && before !== undefined && fateOf(before, successor, "auto") === "revoke";
}

function extentOf({ storeHash, channelIds, expiry, hidden, ...rest }: HeldToken): GrantedRights | undefined {
  if (storeHash === undefined || channelIds === undefined || expiry === undefined || hidden.length > 0)
    return undefined;
  const { apiUrl, scopes, allowedCorsOrigins } = rest;
  return {
    ...{ storeHash, channelIds, expiry },
    ...(apiUrl !== undefined && { apiUrl }),
    ...(scopes && { scopes }),
    ...(allowedCorsOrigins && { allowedCorsOrigins }),
  };
}

function isSame(a: StateResource, b: StateResource): boolean {
  return a === b || printOf(a) === printOf(b);
}

/** Differs where anything that is told of the resource does. */
function printOf({ initErrors, outputs, inputs: _, ...flags }: StateResource): string {
  const { token: __, previousToken: ___, __provider, ...rest } = outputs;
  return JSON.stringify([flags, initErrors.length, rest]);
}

/** A fingerprint is the token itself; a state that hides it still has the id. */
export function keyOf({ fingerprint, id, urn }: Pick<HeldToken, "fingerprint" | "id" | "urn">): string {
  return fingerprint ?? id ?? urn;
}

function stackOf(urn: string): string {
  const { project, stack } = partsOf(urn);
  return `${project}/${stack}`;
}
