import { asError } from "../../provider/notices";
import type { HistoryEntry } from "../pulumi/history";
import { openHistories } from "../pulumi/history-source";
import { AN_EXPORT, orWithout } from "../pulumi/run";
import {
  readAllStates,
  readStates,
  type StackState,
  type StateSource,
  type UnreadState,
} from "../pulumi/states";
import { type HeldToken, tokensOf } from "./held-token";
import { type Holder, holdersIn } from "./holders";
import type { Update } from "../pulumi/updates";
import type { System } from "../system";

/** A resource whose state holds a token, or held it. */
export interface TokenPlace extends Holder {
  /** The stack or file, for people. */
  readonly from: string;
  /** The first and the last update whose state holds it; only if a history, and no state, holds it. */
  readonly updates?: { readonly first: Update; readonly last: Update };
}

export interface TokenSearch {
  readonly found: readonly TokenPlace[];
  /** The states and histories that were searched, for people. */
  readonly searched: readonly string[];
  /** Why others could not be searched. */
  readonly problems: readonly string[];
}

/** Searches the states for a token, then the histories if no state holds it. */
export async function findToken(
  system: System,
  fingerprint: string,
  source: StateSource & { readonly history?: string | undefined },
): Promise<TokenSearch> {
  const problems: string[] = [];
  const searched: string[] = [];
  const attempt = async (find: () => Promise<readonly TokenPlace[]>) => {
    try {
      return await find();
    } catch (thrown) {
      problems.push(asError(thrown).message);
      return [];
    }
  };
  const isGiven = source.stack !== undefined || source.file !== undefined;
  const inStates = async () => {
    const reading = isGiven ? readStates(system, source) : readAllStates(system);
    const states = await orWithout<readonly (StackState | UnreadState)[]>(reading, AN_EXPORT);
    problems.push(...states.flatMap((state) => ("error" in state ? [state.error.message] : [])));
    const stacks = states.flatMap((state) => ("error" in state ? [] : [state]));
    searched.push(...stacks.map(({ name }) => `state ${name}`));
    return stacks.flatMap(({ name: from, stack, deployment }) =>
      holdersIn(tokensOf(deployment), fingerprint, stack).map((holder) => ({ ...holder, from })),
    );
  };
  // A source that was named must be readable. Others are tried.
  const found = isGiven ? await inStates() : await attempt(inStates);
  if (found.length > 0) return { found, searched, problems };
  const inHistory = async () => {
    const each: TokenPlace[] = [];
    // An export belongs to no stack that could have a history.
    const isFile = source.history === undefined && source.file !== undefined;
    for (const { name, entries } of isFile ? [] : await openHistories(system, source)) {
      searched.push(`history ${name}`);
      each.push(...(await foundIn(entries, fingerprint)));
    }
    return each;
  };
  return {
    found: source.history === undefined ? await attempt(inHistory) : await inHistory(),
    searched,
    problems,
  };
}

async function foundIn(
  entries: AsyncIterable<HistoryEntry>,
  fingerprint: string,
): Promise<readonly TokenPlace[]> {
  let first: Update | undefined;
  let last: { readonly token: HeldToken; readonly update: Update } | undefined;
  for await (const { update, deployment } of entries) {
    const token = deployment && tokensOf(deployment).find((each) => each.fingerprint === fingerprint);
    if (!token) continue;
    first ??= update;
    last = { token, update };
  }
  if (!first || !last) return [];
  const { token } = last;
  const { project, stack } = token;
  const updates = { first, last: last.update };
  return [{ from: `${project}/${stack}`, token, stack, isStillUsed: false, updates }];
}
