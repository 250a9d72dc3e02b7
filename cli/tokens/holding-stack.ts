import type { KindName } from "../../provider/domain/kinds";
import { TokensError } from "../../provider/errors";
import {
  exportState,
  type NamedState,
  otherStates,
  tryExportState,
  type UnreadState,
} from "../pulumi/states";
import { ownCommand } from "../shell";
import type { System } from "../system";
import { type HeldToken, tokensOf } from "./held-token";
import { type Holder, holdersIn } from "./holders";

/** What is known of a token that is searched for. */
interface TokenDescription {
  readonly fingerprint: string;
  readonly kind?: KindName | undefined;
  readonly jti?: string | undefined;
  readonly storeHash?: string | undefined;
}

/** The resources whose states hold a token, by the full names of their stacks. */
interface HolderSearch {
  /** One that minted it comes first, because its state tells most. */
  readonly holders: readonly Holder[];
  /** States that could not be read, and may hold the token or another one with its id. */
  readonly unread: readonly UnreadState[];
}

/** Searches one state, which must be readable. */
export async function findHoldersIn(
  system: Pick<System, "run">,
  stack: string,
  wanted: TokenDescription,
): Promise<HolderSearch> {
  const state = await exportState(system, stack);
  return find([{ ...state, stack }], wanted);
}

/** Searches every state of the backend that can be read, beginning with that of `own`. */
export function findHolders(
  system: Pick<System, "run">,
  own: string | undefined,
  wanted: TokenDescription,
): Promise<HolderSearch> {
  return find(allStates(system, own), wanted);
}

async function* allStates(
  system: Pick<System, "run">,
  own: string | undefined,
): AsyncGenerator<NamedState | UnreadState> {
  if (own !== undefined) yield await tryExportState(system, own);
  yield* otherStates(system, own);
}

/** Stops at a state that holds the token with an id of its own: no other state can know more. */
async function find(
  states: Iterable<NamedState> | AsyncIterable<NamedState | UnreadState>,
  wanted: TokenDescription,
): Promise<HolderSearch> {
  const holders: Holder[] = [];
  const unread: UnreadState[] = [];
  for await (const state of states) {
    if ("error" in state) {
      unread.push(state);
      continue;
    }
    const tokens = tokensOf(state.deployment);
    // The id of a token that its own resource minted cannot be another one's.
    if (!holders.some(isMinter)) requireSameToken(tokens, state.stack, wanted);
    holders.push(...holdersIn(tokens, wanted.fingerprint, state.stack));
  }
  return { holders: [...holders.filter(isMinter), ...holders.filter((each) => !isMinter(each))], unread };
}

function isMinter({ token }: Holder): boolean {
  return token.hasOwnJti;
}

/** Throws if a state holds the id under another fingerprint: then the given text claims the id of another token. */
export function requireSameToken(
  tokens: readonly HeldToken[],
  stack: string,
  wanted: TokenDescription,
): void {
  const other = tokens.find((token) => isOther(token, wanted));
  if (!other) return;
  const { resource, fingerprint = "", role } = other;
  const which = role === "predecessor" ? `the previous token of ${resource}` : `the token of ${resource}`;
  throw new TokensError(
    "jti_of_another_token",
    `${wanted.fingerprint}: nothing was sent, because this is not the token whose id it claims: that id belongs to ${which} ` +
      `in stack ${stack}. Who uses that token, and how to revoke it: ${ownCommand("inspect", "--fingerprint", fingerprint)}`,
  );
}

/** Ids are unique within a kind and a store. They count only if they are known to be the token's own. */
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
