import type { Fate, OnDelete } from "../../provider/state";
import type { Deployment } from "../state/export";
import { readerOf } from "../state/properties";
import { type HeldToken, kindOf, partsOf, tokensOf } from "../state/tokens";

/** The tokens of one state, and what it says of their ends. */
export interface Snapshot {
  readonly tokens: ReadonlyMap<string, HeldToken>;
  /** The token of each resource that is not waiting for its deletion, by URN. */
  readonly current: ReadonlyMap<string, string>;
  /** What was decided for a token that was replaced by a change, by fingerprint. */
  readonly fates: ReadonlyMap<string, Fate>;
  /** The tokens that replaced another by a change, which they name. */
  readonly successors: ReadonlySet<string>;
  /** What becomes of a resource's token when it is removed, by URN. */
  readonly onDelete: ReadonlyMap<string, OnDelete>;
  readonly stack?: string;
}

export const EMPTY: Snapshot = {
  tokens: new Map(),
  current: new Map(),
  fates: new Map(),
  successors: new Set(),
  onDelete: new Map(),
};

export function snapshotOf(deployment: Deployment): Snapshot {
  const held = tokensOf(deployment);
  const fates = new Map<string, Fate>();
  const successors = new Set<string>();
  const onDelete = new Map<string, OnDelete>();
  for (const { urn, type, id, isDeleted, isPendingDelete, outputs } of deployment.resources) {
    if (kindOf(type) === undefined || isDeleted) continue;
    const reader = readerOf(outputs);
    if (!isPendingDelete) onDelete.set(urn, reader.is("onDelete", "letExpire") ? "letExpire" : "revoke");
    const previous = reader.nested("previous");
    const fingerprint = previous?.text("fingerprint");
    if (previous && fingerprint !== undefined) {
      fates.set(fingerprint, previous.is("fate", "letExpire") ? "letExpire" : "revoke");
      successors.add(reader.text("fingerprint") ?? id ?? urn);
    }
  }
  const [first] = deployment.resources;
  return {
    tokens: new Map(held.map((token) => [keyOf(token), token])),
    current: new Map(held.filter(({ role }) => role === "current").map((token) => [token.urn, keyOf(token)])),
    ...{ fates, successors, onDelete },
    ...(first && { stack: stackOf(first.urn) }),
  };
}

/** A fingerprint is the token itself; a state that hides it still has the id. */
export function keyOf({ fingerprint, id, urn }: HeldToken): string {
  return fingerprint ?? id ?? urn;
}

function stackOf(urn: string): string {
  const { project, stack } = partsOf(urn);
  return `${project}/${stack}`;
}
