import { TokensError } from "../../provider/errors";
import type { KindName } from "../../provider/domain/kinds";
import { quoted } from "../shell";
import {
  otherStates,
  tryExportState,
  type UnreadState,
  exportState,
  type NamedState,
} from "../pulumi/states";
import { type HeldToken, tokensOf } from "./held-token";
import type { System } from "../system";

/** A token as its text describes it. */
interface TokenDescription {
  readonly fingerprint: string;
  readonly kind?: KindName | undefined;
  readonly jti?: string | undefined;
  /** As far as it is known. */
  readonly storeHash?: string | undefined;
}

export interface HoldingStack {
  readonly token: HeldToken;
  /** By its full name. */
  readonly stack: string;
}

interface HoldingStackSearch {
  readonly holder?: HoldingStack;
  /** What could not be read, and may hold the token or another one of its id. */
  readonly unread: readonly UnreadState[];
}

/** Looks into one state, which must be readable. */
export async function holdingStackIn(
  system: Pick<System, "run">,
  stack: string,
  wanted: TokenDescription,
): Promise<HoldingStack | undefined> {
  const state = await exportState(system, stack);
  return (await find([{ ...state, stack }], wanted)).holder;
}

/** Looks into every state of the backend, beginning with the stack's own, as far as they can be read. */
export function findHoldingStack(
  system: Pick<System, "run">,
  own: string | undefined,
  wanted: TokenDescription,
): Promise<HoldingStackSearch> {
  return find(allStates(system, own), wanted);
}

async function* allStates(
  system: Pick<System, "run">,
  own: string | undefined,
): AsyncGenerator<NamedState | UnreadState> {
  if (own !== undefined) yield await tryExportState(system, own);
  yield* otherStates(system, own);
}

/** Ends at the stack that minted the token: what its state says needs no other's word. */
async function find(
  states: Iterable<NamedState> | AsyncIterable<NamedState | UnreadState>,
  wanted: TokenDescription,
): Promise<HoldingStackSearch> {
  let holder: HoldingStack | undefined;
  const unread: UnreadState[] = [];
  for await (const state of states) {
    if ("error" in state) {
      unread.push(state);
      continue;
    }
    const { stack, deployment } = state;
    const tokens = tokensOf(deployment);
    requireSameToken(tokens, stack, wanted);
    const own = tokens.filter(({ fingerprint }) => fingerprint === wanted.fingerprint);
    const minted = own.find(({ hasOwnJti }) => hasOwnJti);
    if (minted) return { holder: { token: minted, stack }, unread: [] };
    if (!holder && own[0]) holder = { token: own[0], stack };
  }
  return { ...(holder && { holder }), unread };
}

/** A text that claims the id of a token which a state holds under another fingerprint is not that token. */
export function requireSameToken(
  tokens: readonly HeldToken[],
  stack: string,
  wanted: TokenDescription,
): void {
  const other = tokens.find((token) => isOther(token, wanted));
  if (!other) return;
  const { resource, fingerprint = "", role } = other;
  const which = role === "predecessor" ? `the predecessor of ${resource}` : resource;
  throw new TokensError(
    "jti_of_another_token",
    `${wanted.fingerprint}: nothing was sent: the token of its id is ${which} of stack ${stack}, under fingerprint ${fingerprint}, ` +
      `so that this text is not that token; to revoke that one: revoke --fingerprint ${quoted(fingerprint)} --stack ${quoted(stack)}`,
  );
}

/** Ids count within a kind and a store, and only where they are known to be the token's own. */
function isOther(
  { fingerprint, kind, jti, hasOwnJti, storeHash }: HeldToken,
  wanted: TokenDescription,
): boolean {
  const isSameId = jti !== undefined && jti === wanted.jti && hasOwnJti;
  if (!isSameId || fingerprint === undefined || fingerprint === wanted.fingerprint) return false;
  return mayBe(kind, wanted.kind) && mayBe(storeHash, wanted.storeHash);
}

function mayBe(one: string | undefined, other: string | undefined): boolean {
  return one === undefined || other === undefined || one === other;
}
