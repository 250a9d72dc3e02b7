import { STORE_HASH } from "../domain/store-address";

/** The stores that environment and configuration name. */
export interface KnownStores {
  /** Store hashes in alphabetical order, without duplicates. */
  readonly hashes: readonly string[];
  /** One line for each malformed source. */
  readonly problems: readonly string[];
}

const VARIABLE = /^BIGCOMMERCE_ACCESS_TOKEN_(.*)$/s;

/** The stores with a variable of their own in the environment, for their current or previous API account. */
export function storesOfVariables(environment: Readonly<Record<string, string | undefined>>): KnownStores {
  const hashes: string[] = [];
  const problems: string[] = [];
  for (const name of Object.keys(environment)) {
    const [, capitals] = VARIABLE.exec(name) ?? [];
    if (capitals === undefined || !environment[name]) continue;
    const hash = capitals.replace(/_PREVIOUS$/, "").toLowerCase();
    if (capitals === capitals.toUpperCase() && STORE_HASH.test(hash)) hashes.push(hash);
    else {
      problems.push(
        `environment variable ${name} names no store: its name must be BIGCOMMERCE_ACCESS_TOKEN_ and the store hash in ` +
          "capitals, followed by _PREVIOUS for the previous API account; rename or unset it",
      );
    }
  }
  return mergeStores([{ hashes, problems }]);
}

/** The stores of one source. If reading it throws, the result has the message as a problem. */
export function storesOfSource(read: () => readonly (string | undefined)[]): KnownStores {
  try {
    return { hashes: read().filter((hash) => hash !== undefined), problems: [] };
  } catch (thrown) {
    return { hashes: [], problems: [(thrown as Error).message] };
  }
}

export function mergeStores(all: readonly KnownStores[]): KnownStores {
  return {
    hashes: [...new Set(all.flatMap(({ hashes }) => hashes))].sort(),
    problems: [...new Set(all.flatMap(({ problems }) => problems))],
  };
}
