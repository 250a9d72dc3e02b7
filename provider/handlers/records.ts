import type { GraphqlAnswer } from "../bigcommerce/client";
import type { CheckedInputs, Fate, TokenState } from "../domain/state";

/** A replacement that `diff` answered and that is not finished. */
export interface Replacement {
  /** The id of the old token. */
  readonly id: string;
  readonly old: TokenState;
  /** Known from the second check on; of one that is deleted first, from the beginning. */
  readonly fate?: Fate;
  /** Whether the old token's delete comes before its successor's create, as that of a dependency does. */
  readonly isDeletedFirst?: true;
}

/** By label. */
export interface ResourceRecord {
  /** What the last check had of old inputs. */
  checkedWith?: "olds" | "nothing";
  /** The old inputs of the last check that had some. */
  stored?: CheckedInputs;
  replacement?: Replacement | undefined;
  /** What `diff` answered no replacement for. */
  unchanged?: Replacement;
  /** The create that failed after its mint: an engine that asks again must not mint another token. */
  failure?: Error;
  /** Inputs for which a mint may have happened that nothing records. */
  inDoubt?: string;
  /** The fingerprint of the token that it adopted, though that replaced none. */
  adopted?: string;
}

/** By fingerprint, because ids can repeat across stores. */
export interface TokenRecord {
  /** The fate that this run decided for it. */
  fate?: Fate | undefined;
  /** What a state records of it as its previous token: the fate, the label of the state and its id. */
  named?: { readonly fate: Fate; readonly by: string; readonly in: string };
  /** Under way or answered; true where the token is revoked. */
  revocation?: Promise<boolean>;
  /** The resource of the program that holds it, of several the one that keeps it. */
  holder?: Holder | undefined;
  /** Whether its delete came before its successor's create. */
  isDeletedFirst?: true;
  /** The label of the resource that minted it in this process, or whose state holds it. */
  owner?: string;
  /** Of a token that this process minted and no state has shown since: its name in the store's list, if it has one. */
  minted?: { readonly listName: string | undefined } | undefined;
}

export interface Holder {
  readonly label: string;
  /** Whether it holds it after this update as well. */
  readonly keeps: boolean;
  /** Whether it adopted it, so that another record of it may stand in the state. */
  readonly adopted: boolean;
}

/** By store hash. */
export interface StoreRecord {
  /** The API account of the present credential, as a token says that this process minted. */
  minter?: string;
  /** What GraphQL last said of a token that a list does not show, or nothing if it did not tell, by family and account. */
  readonly answers: Map<string, Promise<GraphqlAnswer | undefined>>;
}

/** Every key has a record: an empty one until something is seen. */
export function recordsBy<T>(create: () => T): (key: string) => T {
  const records = new Map<string, T>();
  return (key) => {
    const known = records.get(key);
    if (known) return known;
    const created = create();
    records.set(key, created);
    return created;
  };
}
