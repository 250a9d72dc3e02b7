import type { GraphqlAnswer } from "../bigcommerce/client";
import type { CheckedInputs, Fate, TokenState } from "../domain/state";

/** A replacement that `diff` reported and no create has finished. */
export interface Replacement {
  /** The id of the old token. */
  readonly id: string;
  readonly old: TokenState;
  /** Known from the second check on; from the beginning, if the old token is deleted first. */
  readonly fate?: Fate;
  /** Set if Pulumi deletes the old token before it creates the new one, because it does so with a dependency. */
  readonly isDeletedFirst?: true;
}

/** By label. */
export interface ResourceRecord {
  /** Whether the last check had old inputs; absent before the first check. */
  checkedWith?: "olds" | "nothing";
  /** The old inputs of the last check that had some. */
  stored?: CheckedInputs;
  replacement?: Replacement | undefined;
  /** The token for which `diff` reported no replacement. */
  unchanged?: Replacement;
  /** The failure of a create after its mint: a second create must not mint another token. */
  failure?: Error;
  /** Inputs for which BigCommerce may have minted a token that nothing records. */
  inDoubt?: string;
  /** The fingerprint of the token that the resource adopted in this run without a replacement. */
  adopted?: string;
}

/** By fingerprint, because ids can repeat across stores. */
export interface TokenRecord {
  /** The fate that this run decided for it. */
  fate?: Fate | undefined;
  /** Another state names it as its previous token: with this fate, by this label, in the state of this id. */
  named?: { readonly fate: Fate; readonly by: string; readonly in: string };
  /** Its revocation, under way or answered: true if the token is revoked. */
  revocation?: Promise<boolean>;
  /** The resource that holds it. Of several resources, the one that keeps it. */
  holder?: Holder | undefined;
  /** Set once Pulumi deleted it before it created the new token. */
  isDeletedFirst?: true;
  /** The label of the resource that minted it in this process, or whose state holds it. */
  owner?: string;
  /** Set if this process minted it and no state has shown it since: its name in the store's list, if it has one. */
  minted?: { readonly listName: string | undefined } | undefined;
}

export interface Holder {
  readonly label: string;
  /** Whether the resource still holds the token after this update. */
  readonly keeps: boolean;
  /** Whether the resource adopted the token, so that the state may have a second record of it. */
  readonly adopted: boolean;
}

/** By store hash. */
export interface StoreRecord {
  /** The API account of the present credential, as a token that this process minted tells. */
  minter?: string;
  /** GraphQL's last answer about a token that the store's list lacks, by family and account; undefined if it did not tell. */
  readonly answers: Map<string, Promise<GraphqlAnswer | undefined>>;
}

/** Records by key. A key without one gets an empty record. */
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
