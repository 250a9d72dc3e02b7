import { defined } from "../defined";
import { clockSkew } from "./clock-skew";
import { fingerprint } from "./fingerprint";
import { earlier, effectiveExpiry, secondsLeft } from "./expiry";
import { type Notice, notice } from "../notice-formats";
import type { CheckedInputs, Succession, TokenState } from "./state";
import type { Token } from "./token";
import { rotateBeforeSeconds } from "./rotation";

/** A token that BigCommerce has just minted, or one that is adopted. */
export interface MintedToken {
  readonly token: Token;
  /** When its POST was sent, by this machine's clock, Unix seconds. */
  readonly mintedAt: number;
  /** Its name in the store's list, if the store has one. */
  readonly listName?: string | undefined;
}

/** The outputs that come from the token, not from the inputs. */
export type TokenFacts = Omit<
  TokenState,
  keyof CheckedInputs | keyof Succession | "rotateAt" | "gone" | "goneAt"
>;

/** `id` is public: the token's own `jti`, else its fingerprint, never a part of the token. */
export function tokenFacts(
  inputs: CheckedInputs,
  { token, mintedAt, listName }: MintedToken,
  isSecret: (text: string) => boolean,
): { readonly id: string; readonly facts: TokenFacts } {
  const { value, fingerprint, claims } = token;
  // A server that puts the credential into a token must not get it into ids and outputs, which are public.
  const open = (text?: string) => (text === undefined || isSecret(text) ? undefined : text);
  const requested = inputs.expiresAt;
  const effective = earlier(requested, claims.expiresAt ?? "never");
  const facts = defined({
    token: value,
    fingerprint,
    issuedAt: claims.issuedAt ?? mintedAt,
    effectiveExpiresAt: effective === requested ? undefined : effective,
    apiAccount: open(claims.apiAccount),
    listName,
  });
  return { id: open(claims.jti) ?? fingerprint, facts };
}

/** Why dependents must not receive a token that BigCommerce minted. Undefined if it is as requested. */
export function mismatch(
  inputs: CheckedInputs,
  facts: TokenFacts,
  { token: { claims }, mintedAt }: MintedToken,
): string | undefined {
  const origins = inputs.allowedCorsOrigins ?? [];
  if (claims.channelIds?.some((id) => !inputs.channelIds.includes(id))) {
    return "it is valid for channels that were not asked for";
  }
  const anyOrigin = claims.allowedCorsOrigins?.length === 0 && origins.length > 0;
  if (anyOrigin || claims.allowedCorsOrigins?.some((origin) => !origins.includes(origin))) {
    return "it is valid for origins that were not asked for";
  }
  return lifeProblem({ ...inputs, ...facts }, mintedAt);
}

/** Notices about a token that is fit for use, but not quite as requested. */
export function anomalies(
  { label, expiresAt: requested }: CheckedInputs,
  { fingerprint, effectiveExpiresAt }: TokenFacts,
  { token: { claims } }: MintedToken,
): readonly Notice[] {
  const { expiresAt: claimed } = claims;
  const token = { label, fingerprint };
  if (effectiveExpiresAt !== undefined) {
    return [notice("expires_early", { ...token, expiry: effectiveExpiresAt })];
  }
  if (requested === "never") return [];
  if (claimed === undefined) return [notice("expiry_not_claimed", { ...token, expiry: requested })];
  return claimed > requested ? [notice("expires_late", { ...token, expiry: claimed })] : [];
}

/** A notice if the token was issued at another time than this machine's clock had. The claim is BigCommerce's own time. */
export function clockNotice({ token: { claims }, mintedAt }: MintedToken): Notice | undefined {
  const skew = claims.issuedAt === undefined ? undefined : clockSkew(mintedAt, claims.issuedAt);
  return skew && notice(`clock_${skew.side}`, { minutes: skew.minutes });
}

/** A token that is due from its first second would be replaced in every run. */
export function lifeProblem(
  state: CheckedInputs & Pick<TokenState, "effectiveExpiresAt">,
  now: number,
): string | undefined {
  const left = secondsLeft(effectiveExpiry(state), now);
  if (left <= 0) return "it has expired already";
  const window = state.lifetime === undefined ? 0 : rotateBeforeSeconds(state);
  return left > window
    ? undefined
    : "it lives no longer than rotateBefore, so every update would rotate it (make rotateBefore shorter)";
}

/** All outputs: the inputs, the facts of the token, and its previous token. */
export function outputs(inputs: CheckedInputs, facts: TokenFacts, succession: Succession): TokenState {
  const { token, fingerprint: name, issuedAt, effectiveExpiresAt, apiAccount, listName, verified } = facts;
  const expiry = effectiveExpiry({ ...inputs, ...facts });
  const rotates = inputs.lifetime !== undefined && expiry !== "never";
  const rotateAt = rotates ? expiry - rotateBeforeSeconds(inputs) : undefined;
  // That the token itself was adopted stays true without `adopt`.
  const adopted = facts.adopted === name ? name : undefined;
  return defined({
    ...{ ...succession, adopted, ...withoutUndefined(recorded(inputs)) },
    ...{ token, fingerprint: name, issuedAt, effectiveExpiresAt, rotateAt, apiAccount, listName },
    verified: verified === true ? verified : undefined,
  });
}

/** The inputs as a state holds them: only the fingerprint of an adopted token. */
export function recorded({ adopt, ...inputs }: CheckedInputs) {
  return defined({ ...inputs, adopted: adopt === undefined ? undefined : fingerprint(adopt) });
}

/** Pulumi cannot carry `undefined` at any depth, and would lose a token that was just minted. */
function withoutUndefined<T extends object>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
