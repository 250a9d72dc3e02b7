import { STORE_HASH } from "../bigcommerce/endpoint";

/** Stores by what names them. */
export interface KnownStores {
  /** In alphabetical order, each once. */
  readonly hashes: readonly string[];
  /** A line for each source that names a store in a way that cannot be read. */
  readonly problems: readonly string[];
}

const VARIABLE = /^BIGCOMMERCE_ACCESS_TOKEN_(.*)$/s;

/** The stores that have a credential of their own in the environment, for their present API account or the one before. */
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
        `environment variable ${name} names no store: behind BIGCOMMERCE_ACCESS_TOKEN_ stands the store hash in capitals, ` +
          "then _PREVIOUS for the API account before the present one",
      );
    }
  }
  return mergeStores([{ hashes, problems }]);
}

/** The stores of a source that throws where it is malformed. */
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
