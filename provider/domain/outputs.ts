import { defined } from "../defined";
import type { Claims } from "./claims";
import { fingerprint } from "./fingerprint";
import { rotateBeforeSeconds } from "./inputs";
import { earlier, effectiveExpiry, type Expiry } from "./expiry";
import { type Notice, notice } from "../notice-formats";
import type { CheckedInputs, TokenState } from "./state";
import type { Token } from "./token";

/** A clock that is further behind than this is worth a word, seconds. */
const MAX_SKEW_S = 60;

/** A token fresh from BigCommerce, or taken for one. */
export interface MintedToken {
  readonly token: Token;
  /** The clock when its POST was sent, Unix seconds. */
  readonly mintedAt: number;
  /** Its name in the store's list, where the store has one. */
  readonly listName?: string | undefined;
}

/** What a token itself tells, beside what was asked for. */
export type TokenFacts = Pick<
  TokenState,
  | "token"
  | "fingerprint"
  | "issuedAt"
  | "effectiveExpiresAt"
  | "apiAccount"
  | "listName"
  | "verified"
  | "adopted"
>;

/** `id` is public: the token's own `jti`, else its fingerprint, never a part of the token. */
export function tokenFacts(
  inputs: CheckedInputs,
  { token, mintedAt, listName }: MintedToken,
  isSecret: (text: string) => boolean = () => false,
): { readonly id: string; readonly facts: TokenFacts } {
  const claims = withoutSecrets(token.claims, isSecret);
  const asked = inputs.expiresAt;
  const effective = earlier(asked, claims.expiresAt ?? "never");
  const facts: TokenFacts = defined({
    token: token.value,
    fingerprint: token.fingerprint,
    issuedAt: claims.issuedAt ?? mintedAt,
    effectiveExpiresAt: effective === asked ? undefined : effective,
    apiAccount: claims.apiAccount,
    listName,
  });
  return { id: claims.jti ?? facts.fingerprint, facts };
}

/** A server that puts the credential into a token must not get it into ids and outputs, which everybody may read. */
function withoutSecrets({ jti, apiAccount, ...rest }: Claims, isSecret: (text: string) => boolean): Claims {
  const open = (text?: string) => (text === undefined || isSecret(text) ? undefined : text);
  return defined({ ...rest, jti: open(jti), apiAccount: open(apiAccount) });
}

/** Why a token must not be handed on although BigCommerce minted it; undefined when it is as asked for. */
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

/** What a person should know of a token that is fit for use. */
export function anomalies(
  inputs: CheckedInputs,
  facts: TokenFacts,
  { token: { claims }, mintedAt }: MintedToken,
): readonly Notice[] {
  const { expiresAt: claimed, issuedAt } = claims;
  const { label, expiresAt: asked } = inputs;
  const token = { label, fingerprint: facts.fingerprint };
  const found: Notice[] = [];
  if (facts.effectiveExpiresAt !== undefined) {
    found.push(notice("expires_early", { ...token, expiry: facts.effectiveExpiresAt }));
  }
  if (asked !== "never" && claimed === undefined) {
    found.push(notice("expiry_not_claimed", { ...token, expiry: asked }));
  }
  if (asked !== "never" && claimed !== undefined && claimed > asked) {
    found.push(notice("expires_late", { ...token, expiry: claimed }));
  }
  if (issuedAt !== undefined && issuedAt > mintedAt + MAX_SKEW_S) {
    found.push(notice("issued_ahead", { ...token, issued: issuedAt }));
  }
  return found;
}

/** A token that is due from its first second would be minted anew on every run. */
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

/** The full outputs: what was asked for, what the token tells, and its predecessor. */
export function outputs(
  inputs: CheckedInputs,
  facts: TokenFacts,
  predecessor: Pick<TokenState, "previous" | "previousToken">,
): TokenState {
  const { token, fingerprint: name, issuedAt, effectiveExpiresAt, apiAccount, listName, verified } = facts;
  const expiry = effectiveExpiry({ ...inputs, ...facts });
  const rotates = inputs.lifetime !== undefined && expiry !== "never";
  // That the token itself was adopted stays true without `adopt`.
  const adopted = facts.adopted === name ? name : undefined;
  const rotateAt = rotates ? expiry - rotateBeforeSeconds(inputs) : undefined;
  return defined({
    ...{ ...predecessor, ...defined({ adopted }), ...withoutUndefined(recorded(inputs)) },
    ...{ token, fingerprint: name, issuedAt, effectiveExpiresAt, rotateAt, apiAccount, listName },
    verified: verified === true ? verified : undefined,
  });
}

/** What a state says of the inputs: of a token that was adopted, only the fingerprint. */
export function recorded({
  adopt,
  ...inputs
}: CheckedInputs): Omit<CheckedInputs, "adopt"> & Pick<TokenState, "adopted"> {
  return { ...inputs, ...(adopt !== undefined && { adopted: fingerprint(adopt) }) };
}

function secondsLeft(expiry: Expiry, now: number): number {
  return expiry === "never" ? Infinity : expiry - now;
}

/** Pulumi cannot carry `undefined`, and would lose a token that was just minted over it. */
function withoutUndefined<T extends object>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
