import { defined } from "../../../provider/defined";
import type { DeletedState, PlannedToken } from "../../../provider/domain/plan-delete";
import { type FreshToken, planReplacement } from "../../../provider/domain/plan-replacement";
import type { Fate } from "../../../provider/domain/fate";
import type { Deployment, StateResource } from "../../pulumi/export";
import { readerOf } from "../../pulumi/property-values";
import { kindOf } from "../../../provider/domain/kinds";
import { partsOf } from "../../../provider/domain/urn";
import { deletedStateOf } from "../../tokens/deleted-state";
import { type HeldToken, tokensOf } from "../../tokens/held-token";
import { recordsOf, type Records } from "./records";

/** The tokens of one state, and what it records of them. */
export interface Snapshot {
  readonly tokens: ReadonlyMap<string, HeldToken>;
  /** By URN: the token of each resource that is no pending delete. */
  readonly current: ReadonlyMap<string, string>;
  /** By URN: the token of each resource that was deleted first and not yet replaced. */
  readonly interrupted: ReadonlyMap<string, string>;
  /** By fingerprint: whether a token that was replaced by a change is revoked or left to expire. */
  readonly fates: ReadonlyMap<string, Fate>;
  /** Tokens whose state names the previous token, which was replaced by a change. */
  readonly replacing: ReadonlySet<string>;
  /** Tokens with fewer rights than the previous token, which was nevertheless left to expire with `overlap: "auto"`. */
  readonly lenient: ReadonlySet<string>;
  /** The states in which each token is: its own first, then that of the token after it. */
  readonly states: ReadonlyMap<string, readonly HoldingState[]>;
  readonly stack?: string;
  readonly records: () => Records;
}

/** A state of which a token is the resource's own or the previous one. */
interface HoldingState {
  /** The resource's own token. */
  readonly holder: string;
  readonly which: PlannedToken["which"];
  readonly state: DeletedState;
}

export const EMPTY: Snapshot = {
  ...combine([]),
  records: recordsOf({ resources: [], pendingOperations: [] }),
};

/** What the state of one resource tells. */
interface Told {
  readonly own: HeldToken;
  readonly previous?: HeldToken;
  readonly state: DeletedState;
  readonly isLenient: boolean;
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
    return {
      ...combine(all),
      ...defined({ stack: first && stackOf(first.urn) }),
      records: recordsOf(deployment),
    };
  };
}

function combine(all: readonly Told[]): Omit<Snapshot, "records"> {
  const tokens = new Map(all.map(({ own }) => [keyOf(own), own]));
  const byUrn = (role: HeldToken["role"]) =>
    new Map(all.filter(({ own }) => own.role === role).map(({ own }) => [own.urn, keyOf(own)]));
  const fates = new Map<string, Fate>();
  const replacing = new Set<string>();
  const states = new Map<string, readonly HoldingState[]>();
  for (const { own, state } of all) states.set(keyOf(own), [{ holder: keyOf(own), which: "own", state }]);
  for (const { own, previous, state } of all) {
    if (state.previous?.fingerprint) {
      fates.set(state.previous.fingerprint, state.previous.fate);
      replacing.add(keyOf(own));
    }
    if (!previous) continue;
    const key = keyOf(previous);
    states.set(key, [...(states.get(key) ?? []), { holder: keyOf(own), which: "previous", state }]);
    // If the previous token still has its own record in the state, that record is used.
    if (!tokens.has(key)) tokens.set(key, previous);
  }
  const lenient = new Set(all.filter(({ isLenient }) => isLenient).map(({ own }) => keyOf(own)));
  return {
    tokens,
    current: byUrn("current"),
    interrupted: byUrn("pending replacement"),
    fates,
    replacing,
    lenient,
    states,
  };
}

function tell(resource: StateResource): Told | undefined {
  const [own, previous] = tokensOf({ resources: [resource], pendingOperations: [] });
  if (!own) return undefined;
  const reader = readerOf(resource.outputs);
  const isAuto = previous?.fate === "letExpire" && !reader.is("overlap", "always");
  const isLenient = isAuto && isNarrower(own, previous);
  return { own, ...defined({ previous }), state: deletedStateOf(reader), isLenient };
}

/** True if a token has fewer rights than the previous token, and the state shows the rights of both. */
function isNarrower(own: HeldToken, previous: HeldToken): boolean {
  const [fresh, old] = [rightsOf(own), rightsOf(previous)];
  if (!fresh || !old) return false;
  const { fates } = planReplacement({ ...old, fingerprint: keyOf(previous) }, fresh, {}, undefined, 0);
  return fates.own === "revoke";
}

function rightsOf({ storeHash, channelIds, expiry, hidden, ...token }: HeldToken): FreshToken | undefined {
  if (storeHash === undefined || channelIds === undefined) return undefined;
  if (expiry === undefined || hidden.length > 0) return undefined;
  const { apiUrl, scopes, allowedCorsOrigins } = token;
  return {
    ...{ storeHash, channelIds, expiresAt: expiry, overlap: "auto" },
    ...defined({ apiUrl, scopes, allowedCorsOrigins }),
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
