import { haveSameEntries } from "../domain/adoption";
import type { TokenList, ListedToken, Target, GraphqlAnswer } from "../bigcommerce/client";
import { isGenuine } from "../bigcommerce/graphql";
import { otherAccountIn } from "../bigcommerce/token-list";
import { readClaims } from "../domain/claims";
import { TokensError } from "../errors";
import { SCOPES } from "../domain/properties";
import { notice } from "../notice-formats";
import { outputs, tokenFacts } from "../domain/outputs";
import { effectiveExpiry } from "../domain/expiry";
import type { CheckedInputs, TokenState } from "../domain/state";
import { tokenOf } from "../domain/token";
import { ask, type Question, REFUSALS } from "./ask";
import { type Context, nowSeconds } from "./context";
import { lookUpInLists } from "./drift";
import { prove } from "./proof";
import { isSecretIn, revokingTargets, siteOf } from "./requests";
import { requireRevocable, successionFor } from "./replacement";

export interface Created {
  readonly id: string;
  readonly outs: TokenState;
}

/** Adopts a token that was made by hand. It mints nothing. A failure leaves the token as it is. */
export async function adopt(context: Context, inputs: CheckedInputs, token: string): Promise<Created> {
  const { record, notices } = context;
  const { label } = inputs;
  const now = nowSeconds(context);
  const given = { token: tokenOf(token), mintedAt: now };
  const { id, facts } = tokenFacts(inputs, given, isSecretIn(context, inputs.storeHash));
  const { fingerprint } = facts;
  const keeper = record.keeperOf(fingerprint);
  if (keeper !== undefined && keeper !== label) {
    throw refused(inputs, `${keeper} holds this token already; a token belongs to one resource`);
  }
  const replacement = record.replacementOf(label);
  const release = record.adopts(label, fingerprint);
  let isProven: boolean;
  try {
    requireRevocable(context, replacement, now);
    const state = outputs(inputs, facts, {});
    let asked: Promise<GraphqlAnswer | undefined> | undefined;
    const question = () => (asked ??= ask(context, siteOf(context, state), state));
    await requireAlive(context, state, question);
    isProven = requireGenuine(context, state, await question());
  } catch (error) {
    release();
    throw error;
  }

  record.adopted(label, { id, fingerprint });
  const expiry = effectiveExpiry({ ...inputs, ...facts });
  notices.say(notice("adopted", { label, fingerprint, expiry }));
  const succession = successionFor(context, { ...inputs, ...facts }, replacement, now);
  const state = outputs(inputs, { ...facts, verified: isProven }, succession);
  return { id, outs: isProven && state.verify === true ? state : await prove(context, id, state) };
}

function refused({ label }: Pick<CheckedInputs, "label">, why: string): TokensError {
  return new TokensError("adoption_refused", `${label}: nothing was adopted: adopt: ${why}`);
}

const MINT_INSTEAD = "; remove adopt to mint a token";

/** Anyone can forge a text that looks like a token. Only GraphQL checks the signature. False if it does not tell. */
function requireGenuine({ notices }: Context, state: TokenState, answer: GraphqlAnswer | undefined): boolean {
  // With `verify`, GraphQL is asked again until it accepts the token.
  const isOpen = state.verify !== undefined && isGenuine(answer);
  const why = answer && !isOpen ? REFUSALS[answer] : undefined;
  const isDead = answer === "revoked" || answer === "expired";
  if (why !== undefined) throw refused(state, isDead ? why + MINT_INSTEAD : why);
  if (!isGenuine(answer) && state.verify === undefined) {
    notices.say(notice("adoption_unproven", { label: state.label }));
  }
  return answer === "works";
}

/** Refuses a token that is dead by the store's list. Warns of a token that no credential can revoke. */
async function requireAlive(context: Context, state: TokenState, question: Question): Promise<void> {
  const { client, kind, settings, notices } = context;
  const { label, storeHash, apiAccount: account = "" } = state;
  // The list cannot be read without a credential, and an adoption needs none.
  if (!settings.credential(storeHash) && !settings.previousCredential(storeHash)) return;
  const { end } = await lookUpInLists(context, state, question);
  if (end !== undefined) throw refused(state, `the token ${end}${MINT_INSTEAD}`);
  const lists: List[] = [];
  for (const target of revokingTargets(context, storeHash)) {
    lists.push({ target, list: await client.tokenList(target, kind.family) });
  }
  requireScopes(lists, state);
  const strangers = lists.map((list) => strangerOf(list, state));
  if (strangers.includes(undefined)) return;
  const facts = { label, account, expiry: state.expiresAt, reason: strangers.join(", ") };
  notices.say(notice("adoption_irrevocable", facts));
}

interface List {
  readonly target: Target;
  readonly list: TokenList;
}

/** Only the list shows a token's scopes: the token has no claim for them. */
function requireScopes(lists: readonly List[], state: TokenState): void {
  const { scopes } = state;
  const told = lists.map(({ list }) => rowOf(list, state)?.scopes).find((own) => own?.length);
  if (!scopes || !told || haveSameEntries(told, scopes)) return;
  // A message quotes no unknown words of a server.
  const known = SCOPES.filter((scope) => told.includes(scope)).join(", ");
  throw refused(state, `the token has other scopes than the inputs; the store's list says [${known}]`);
}

/** Why the credential's API account did not mint the token. Undefined if it may have. */
function strangerOf({ target, list }: List, state: TokenState): string | undefined {
  const { credentialSource } = target;
  const account = otherAccountIn(list, state);
  if (account !== undefined) return `that of ${credentialSource} is ${account}`;
  if (list.kind !== "listed" || !list.mayBeWhole) return undefined;
  // The list of the token's own account may show it late.
  const isOwn = list.account !== undefined || state.apiAccount === undefined;
  if (isOwn || readClaims(state.token).jti === undefined || rowOf(list, state)) return undefined;
  return `the list of ${credentialSource} does not show it`;
}

function rowOf(list: TokenList, { token }: TokenState): ListedToken | undefined {
  return list.kind === "listed" ? list.byJti.get(readClaims(token).jti ?? "") : undefined;
}
