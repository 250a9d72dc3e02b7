import type { GraphqlAnswer } from "../bigcommerce/client";
import type { Fate } from "../domain/fate";
import type { CheckedInputs, TokenState } from "../domain/state";

/** GraphQL's answer about a token. Undefined if it does not tell. */
export type Answer = Promise<GraphqlAnswer | undefined>;

/** A replacement that `diff` reported and no create has finished. */
export interface Replacement {
  /** The id of the old token. */
  readonly id: string;
  readonly old: TokenState;
  /** Known from the second check on, or from the beginning if the old token is deleted first. */
  readonly fate?: Fate;
  /** Set if the clock or a stricter lifetime asks for it, not another input. */
  readonly isRotation?: true;
  /** Set if Pulumi deletes the old token before it creates the new one, because it does so with a dependency. */
  readonly isDeletedFirst?: true;
}

/** By label. */
export interface ResourceRecord {
  /** Whether the last check had old inputs. Absent before the first check. */
  checkedWith?: "olds" | "nothing";
  /** The old inputs of the last check that had some. */
  stored?: CheckedInputs;
  replacement?: Replacement | undefined;
  isProtected?: boolean;
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
  /**
   * The resource that holds it. Of several resources, the one that keeps it after this update. If it `adopted` the token,
   * the state may have a second record of the token.
   */
  holder?: { readonly label: string; readonly keeps: boolean; readonly adopted: boolean } | undefined;
  /** Set once Pulumi deleted it before it created the new token. */
  isDeletedFirst?: true;
  /** The label of the resource that minted it in this process, or whose state holds it. */
  owner?: string;
  /** Set if this process minted it and no state has shown it since: its name in the store's list, if it has one. */
  minted?: { readonly listName: string | undefined } | undefined;
}

/** By store hash. */
export interface StoreRecord {
  /** The API account of the present credential, by the claim of a token that this process minted. */
  minter?: string;
  /** The last answer about a token that the store's list lacks, by family and account. */
  readonly answers: Map<string, Answer>;
}

/** What the processes of one update tell each other: Pulumi may delete with another one than it checks with. */
export interface SharedRecord {
  /** This process compared the token with its new inputs, adopted it, or a new token's state names it. */
  add(token: SharedToken, facts?: SharedFacts): void;
  /** What any process has added about the token: the last of each fact. */
  find(token: SharedToken): SharedFacts | undefined;
}

export interface SharedToken {
  readonly id: string;
  readonly fingerprint: string;
}

export interface SharedFacts {
  /** What was decided for the token. */
  readonly fate?: Fate;
  /** The label of the resource that keeps the token after the update. */
  readonly keptBy?: string;
}

/** Records by key. Each key has one, which is empty at first. */
export function recordsBy<T>(create: () => T): (key: string) => T {
  const records = new Map<string, T>();
  return (key) => {
    const record = records.get(key) ?? create();
    records.set(key, record);
    return record;
  };
}
