import { STORE_HASH } from "../domain/store-address";

/** The stores that environment and configuration name. */
export interface KnownStores {
  /** Store hashes in alphabetical order, without duplicates. */
  readonly hashes: readonly string[];
  /** One line for each malformed source. */
  readonly problems: readonly string[];
}

const VARIABLE = /^BIGCOMMERCE_ACCESS_TOKEN_(.*)$/s;

/**
 * The stores of all sources, and those with a variable of their own in the environment, for their current or previous API
 * account. If a source throws, the result has the message as a problem.
 */
export function knownStores(
  environment: Readonly<Record<string, string | undefined>>,
  sources: readonly (() => readonly (string | undefined)[])[],
): KnownStores {
  const hashes = new Set<string | undefined>();
  const problems = new Set<string>();
  for (const read of sources) {
    try {
      for (const hash of read()) hashes.add(hash);
    } catch (thrown) {
      problems.add((thrown as Error).message);
    }
  }
  for (const name of Object.keys(environment)) {
    const [, capitals] = VARIABLE.exec(name) ?? [];
    if (capitals === undefined || !environment[name]) continue;
    const hash = capitals.replace(/_PREVIOUS$/, "").toLowerCase();
    if (capitals === capitals.toUpperCase() && STORE_HASH.test(hash)) hashes.add(hash);
    else {
      problems.add(
        `environment variable ${name} names no store: its name must be BIGCOMMERCE_ACCESS_TOKEN_ and the store hash in ` +
          "capitals, followed by _PREVIOUS for the previous API account; rename or unset it",
      );
    }
  }
  return { hashes: [...hashes].filter((hash) => hash !== undefined).sort(), problems: [...problems] };
}
