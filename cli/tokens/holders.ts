import type { HeldToken } from "./held-token";

/** A resource whose state holds a token, as its own or as the previous one. */
export interface Holder {
  readonly token: HeldToken;
  /** As `--stack` takes it. */
  readonly stack: string;
  /** True of a previous token that dependents still use, because the token after it is not in use. */
  readonly isStillUsed: boolean;
}

/** The resources of one state that hold the token. */
export function holdersIn(
  tokens: readonly HeldToken[],
  fingerprint: string,
  stack?: string,
): readonly Holder[] {
  const unused = resourcesWithoutUse(tokens);
  return tokens
    .filter((token) => token.fingerprint === fingerprint)
    .map((token) => ({
      token,
      stack: stack ?? token.stack,
      isStillUsed: token.role === "predecessor" && unused.has(token.urn),
    }));
}

/** The URNs whose own token no dependent uses: dependents still use the previous one. */
export function resourcesWithoutUse(tokens: readonly HeldToken[]): ReadonlySet<string> {
  const own = tokens.filter(({ role }) => role !== "predecessor");
  return new Set(
    own.filter((token) => token.role === "pending replacement" || !isUsed(token)).map(({ urn }) => urn),
  );
}

/** An adopted token is in use before GraphQL accepts it. */
export function isUsed({ isGone, isUnproven, isAdopted }: HeldToken): boolean {
  return !isGone && (!isUnproven || isAdopted);
}
