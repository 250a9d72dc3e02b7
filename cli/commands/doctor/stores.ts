import { storesIn } from "../../tokens/state-records";
import type { StackState } from "../../pulumi/states";
import { type KnownAddress, knownStores } from "../../stores/known-stores";
import type { StackConnections } from "../../stores/connections";
import { check, type Check } from "./report";

/** A store to check, and the stack whose configuration names it, if that is not the selected one. */
export interface NamedAddress extends KnownAddress {
  readonly namedBy?: string | undefined;
}

const NONE =
  "no store was checked, because neither the state, the configuration nor the environment names one: " +
  "run `pulumi config set bigcommerce:storeHash <hash>`, or set BIGCOMMERCE_STORE_HASH";

/**
 * Every store that the states, the configurations of their stacks or the environment names. `stack`: if no state was read.
 * `checks`: the sources that could not be read, and whether there is no store at all.
 */
export async function storesToCheck(
  connections: StackConnections,
  stacks: readonly StackState[],
  stack: string | undefined,
): Promise<{ readonly addresses: readonly NamedAddress[]; readonly checks: readonly Check[] }> {
  const inStates = stacks.flatMap(({ deployment }) => storesIn(deployment));
  const addresses = new Map<string, NamedAddress>();
  const checks: Check[] = [];
  for (const namedBy of new Set(stacks.length > 0 ? stacks.map((each) => each.stack) : [stack])) {
    const settings = await connections.settings(namedBy);
    const known = knownStores(inStates, settings);
    for (const address of known.addresses) {
      const key = `${address.apiUrl} ${address.storeHash}`;
      if (!addresses.has(key)) addresses.set(key, { ...address, namedBy });
    }
    checks.push(...known.problems.map((problem) => check("stores", "bad", problem)));
    const { unknownStores, plaintext } = settings;
    checks.push(...plaintext.map((problem) => check("plaintext", "bad", problem)));
    if (unknownStores !== undefined) checks.push(check("stores", "unknown", unknownStores));
  }
  if (addresses.size === 0) checks.push(check("stores", "bad", NONE));
  const distinct = new Map(checks.map((each) => [each.text, each]));
  return { addresses: [...addresses.values()], checks: [...distinct.values()] };
}
