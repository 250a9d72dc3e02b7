import { type GrantedRights, fateOf } from "../../../provider/domain/plan-replacement";
import type { Fate, OnDelete } from "../../../provider/domain/state";
import type { Deployment, StateResource } from "../../pulumi/export";
import { readerOf } from "../../pulumi/property-values";
import { recordsOf, type Records } from "./records";
import { type HeldToken, tokensOf } from "../../tokens/held-token";
import { kindOf, partsOf } from "../../pulumi/urn";

/** The tokens of one state, with the decisions about them. */
export interface Snapshot {
  readonly tokens: ReadonlyMap<string, HeldToken>;
  /** By URN: the token of each resource that is no pending delete. */
  readonly current: ReadonlyMap<string, string>;
  /** By URN: the token of each resource that was deleted first and not yet replaced. */
  readonly interrupted: ReadonlyMap<string, string>;
  /** By fingerprint: whether a token that was replaced by a change is revoked or left to expire. */
  readonly fates: ReadonlyMap<string, Fate>;
  /** Tokens whose state names the previous token, which was replaced by a change. */
  readonly successors: ReadonlySet<string>;
  /** Tokens with fewer rights than the previous token, which was nevertheless left to expire with `overlap: "auto"`. */
  readonly lenient: ReadonlySet<string>;
  /** By URN: what happens to the token when the resource is removed. */
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

/** The tokens in the state of one resource. */
interface Told {
  readonly own: HeldToken;
  readonly predecessors: readonly HeldToken[];
  readonly onDelete: OnDelete;
  readonly replaced?: { readonly fingerprint: string; readonly fate: Fate; readonly isLenient: boolean };
}

/** Reads states in sequence. An unchanged resource has the same objects as in the state before. */
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
    // If the previous token still has its own record in the state, that record is used.
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

/** True if a token has fewer rights than the previous token, and the state shows the rights of both. */
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

/** Differs if anything that the audit uses differs. */
function printOf({ initErrors, outputs, inputs: _, ...flags }: StateResource): string {
  const { token: __, previousToken: ___, __provider, ...rest } = outputs;
  return JSON.stringify([flags, initErrors.length, rest]);
}

/** Identifies a token: by its fingerprint, or by its id if the fingerprint is secret in the state. */
export function keyOf({ fingerprint, id, urn }: Pick<HeldToken, "fingerprint" | "id" | "urn">): string {
  return fingerprint ?? id ?? urn;
}

function stackOf(urn: string): string {
  const { project, stack } = partsOf(urn);
  return `${project}/${stack}`;
}
