import { otherStates } from "../../pulumi/states";
import type { System } from "../../system";
import { type HeldToken, tokensOf } from "../../tokens/held-token";
import { type Holder, holdersIn } from "../../tokens/holders";

interface UserSearch {
  /** By fingerprint: a resource whose dependents use this token. */
  readonly users: ReadonlyMap<string, Holder>;
  /** Why the states of other stacks could not be searched. */
  readonly unread: readonly string[];
}

/** Looks in the backend's other stacks for resources that use a previous token as their own: one adopted it, or a state was copied. */
export async function findUsers(
  system: Pick<System, "run">,
  own: string,
  previous: readonly HeldToken[],
): Promise<UserSearch> {
  const users = new Map<string, Holder>();
  const unread: string[] = [];
  if (previous.length === 0) return { users, unread };
  for await (const state of otherStates(system, own)) {
    if ("error" in state) {
      unread.push(state.error.message);
      continue;
    }
    const tokens = tokensOf(state.deployment);
    for (const { fingerprint = "" } of previous) {
      const user = holdersIn(tokens, fingerprint, state.stack).find(isUser);
      if (user) users.set(fingerprint, user);
    }
  }
  return { users, unread };
}

function isUser({ token: { role }, isStillUsed }: Holder): boolean {
  return role === "current" || role === "pending replacement" || isStillUsed;
}
