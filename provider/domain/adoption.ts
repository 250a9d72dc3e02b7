import { type Claims, readClaims } from "./claims";
import { fingerprint } from "./fingerprint";
import type { InputFailure, ParsedInputs } from "./inputs";
import { type Kind, KINDS } from "./kinds";
import type { Memory } from "../handlers/run-record";
import { durationSeconds, type Expiry, formatExpiry, readExpiry, worksUntil } from "./expiry";
import type { TokenState } from "./state";
import { isKnown, type Unknown } from "./unknown";

/** Why a token that was made by hand is not the one that the inputs describe. Its value is in no reason. */
export function adoptionProblems(
  kind: Kind,
  inputs: ParsedInputs,
  token: string,
  now: number,
): readonly InputFailure[] {
  const claims = readClaims(token);
  const expiry = claimedEnd(token);
  const refuse = (...reasons: readonly string[]) => reasons.map((reason) => ({ property: "adopt", reason }));
  if (claims.tokenType === undefined && claims.channelIds === undefined) {
    return refuse("is not a token of BigCommerce; give the whole token, as BigCommerce answered it");
  }
  if (expiry !== "never" && now >= expiry) return refuse("has expired; leave it out to mint a token");
  if (isOtherKind(kind, claims)) {
    return refuse(`is another kind of token; this resource holds ${kind.name} tokens`);
  }
  return refuse(...rightsProblems(inputs, claims), ...expiryProblems(inputs, expiry, now));
}

/** When a token ends, by its own word. */
export function claimedEnd(token = ""): Expiry {
  return readClaims(token).expiresAt ?? "never";
}

/** Whether a new token is that of `adopt`: not where the one that it replaces is, or came of it. */
export function isAdopting(
  { replacements }: Memory,
  label: string,
  token: string | Unknown | undefined,
): token is string {
  if (typeof token !== "string") return false;
  const replaced = replacements.get(label)?.old;
  return !replaced || !isOrWas(replaced, token);
}

/** Whether a resource holds the token of `adopt`, or held it before it rotated. */
export function isOrWas({ fingerprint: own, adopted }: TokenState, token: string): boolean {
  return [own, adopted].includes(fingerprint(token));
}

/** Whether the resource's present token was adopted, and not minted. */
export function isAdopted({
  fingerprint: own,
  adopted,
}: Pick<TokenState, "fingerprint" | "adopted">): boolean {
  return adopted !== undefined && adopted === own;
}

/**
 * Whether the `jti` claim of a resource's token is its own: we minted the token, or GraphQL has accepted its text. That
 * of any other may be a live token's, by which it must be neither looked up nor revoked.
 */
export function hasOwnJti(state: Pick<TokenState, "fingerprint" | "adopted" | "verified">): boolean {
  return !isAdopted(state) || state.verified === true;
}

/** The same of the previous token; 0.1.0 did not record it. */
export function hasPreviousOwnJti({ previous, adopted }: Pick<TokenState, "previous" | "adopted">): boolean {
  return previous?.unproven === undefined && previous?.fingerprint !== adopted;
}

/** What private tokens call themselves is not known, but only what the others do. */
function isOtherKind(kind: Kind, { tokenType }: Claims): boolean {
  if (tokenType === undefined) return false;
  if (kind.tokenType !== undefined) return kind.tokenType !== tokenType;
  return Object.values(KINDS).some((other) => other.tokenType === tokenType);
}

/** A token does not say its scopes. */
function rightsProblems(inputs: ParsedInputs, claims: Claims): readonly string[] {
  const { channelIds = [], allowedCorsOrigins = [] } = inputs;
  const problems: string[] = [];
  if (claims.channelIds && isKnown(channelIds) && !isSame(claims.channelIds, channelIds)) {
    const own = [...new Set(claims.channelIds)].sort((a, b) => a - b).join(", ");
    problems.push(`is valid for other channels than channelIds; it has [${own}]`);
  }
  const origins = claims.allowedCorsOrigins;
  if (origins && isKnown(allowedCorsOrigins) && !isSame(origins, allowedCorsOrigins)) {
    problems.push("is bound to other origins than allowedCorsOrigins");
  }
  return problems;
}

function expiryProblems(
  { expiresAt, lifetime }: ParsedInputs,
  expiry: Expiry,
  now: number,
): readonly string[] {
  if (!isKnown(expiresAt) || !isKnown(lifetime)) return [];
  if (lifetime === undefined) {
    return expiresAt === undefined || readExpiry(expiresAt) === expiry
      ? []
      : [
          `has another end than expiresAt; say expiresAt: "${formatExpiry(expiry)}", or lifetime to have it rotated`,
        ];
  }
  const longest = now + (durationSeconds(lifetime) ?? 0);
  return expiry === "never" || expiry > longest
    ? [`${worksUntil(expiry)}, which is longer than lifetime allows; give a longer lifetime, or expiresAt`]
    : [];
}

/** Whether two lists hold the same entries, in any order. */
export function isSame<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.every((entry) => b.includes(entry)) && b.every((entry) => a.includes(entry));
}
