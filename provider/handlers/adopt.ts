import { isSame } from "../adoption";
import type { Inventory, ListedToken, Target } from "../bigcommerce/client";
import { readClaims } from "../claims";
import { effectiveExpiry } from "../ending";
import { TokensError } from "../errors";
import { SCOPES } from "../inputs";
import { effectLine } from "../notices";
import { outputs, tokenFacts } from "../outputs";
import { formatExpiry } from "../schedule";
import type { CheckedInputs, TokenState } from "../state";
import { ask } from "./ask";
import { type Context, nowSeconds } from "./context";
import { lookUp, strangerIn } from "./look-up";
import { prove } from "./prove";
import { revokingTargets } from "./requests";
import { predecessorFor, requireEndings } from "./succession";

/** Takes over a token that was made by hand. Nothing is minted, and whatever fails here leaves the token as it is. */
export async function adopt(
  context: Context,
  inputs: CheckedInputs,
  token: string,
): Promise<{ id: string; outs: TokenState }> {
  const { memory, notices } = context;
  const { label } = inputs;
  const now = nowSeconds(context);
  const { id, facts } = tokenFacts(inputs, { token }, now);
  const expiry = effectiveExpiry({ ...inputs, ...facts });
  const holder = memory.holders.get(facts.fingerprint);
  if (holder?.keeps && holder.label !== label) {
    throw refused(inputs, `${holder.label} holds this token already; a token belongs to one resource`);
  }
  const replacement = memory.replacements.get(label);
  memory.holders.set(facts.fingerprint, { label, keeps: true, adopted: true });
  try {
    if (replacement) requireEndings(context, replacement, now);
    await requireAlive(context, outputs(inputs, facts, {}));
  } catch (error) {
    if (holder) memory.holders.set(facts.fingerprint, holder);
    else memory.holders.delete(facts.fingerprint);
    throw error;
  }

  if (!replacement) memory.adopted.set(label, facts.fingerprint);
  notices.say(effectLine("adopted", label, facts.fingerprint, formatExpiry(expiry)));
  const predecessor = replacement ? predecessorFor(context, { ...inputs, ...facts }, replacement, now) : {};
  return { id, outs: await prove(context, id, outputs(inputs, facts, predecessor)) };
}

function refused({ label }: Pick<CheckedInputs, "label">, why: string): TokensError {
  return new TokensError("adoption_refused", `${label}: nothing was adopted: adopt: ${why}`);
}

/** Where the store has a list: a dead token is not adopted, and one of another account is said to be irrevocable. */
async function requireAlive(context: Context, state: TokenState): Promise<void> {
  const { client, kind, settings, notices } = context;
  const { label, storeHash, expiresAt } = state;
  // Without a credential there is nothing to ask with, and nothing that needs one.
  if (!settings.credential(storeHash) && !settings.previousCredential(storeHash)) return;
  const { end } = await lookUp(context, state, ask);
  if (end !== undefined) throw refused(state, `the token ${end}; leave it out to mint one`);
  const lists: List[] = [];
  for (const target of revokingTargets(context, storeHash)) {
    if (target) lists.push({ target, inventory: await client.inventory(target, kind.family) });
  }
  requireScopes(lists, state);
  const strangers = lists.map((list) => strangerOf(list, state));
  if (strangers.includes(undefined)) return;
  notices.say(
    `warning: ${label}: the token to adopt was minted by API account ${state.apiAccount ?? ""}, and ${strangers.join(", ")}: it ` +
      `cannot be revoked, ${expiresAt === "never" ? "and never ends" : `ends on ${expiresAt}`}`,
  );
}

interface List {
  readonly target: Target;
  readonly inventory: Inventory;
}

/** A token does not say its scopes, but a list that shows it does. */
function requireScopes(lists: readonly List[], state: TokenState): void {
  const { scopes } = state;
  const told = lists.map(({ inventory }) => rowOf(inventory, state)?.scopes).find((own) => own?.length);
  if (!scopes || !told || isSame(told, scopes)) return;
  // Of what a server says, only known words go into a line.
  const known = SCOPES.filter((scope) => told.includes(scope)).join(", ");
  throw refused(state, `the token has other scopes than the inputs; the store's list says [${known}]`);
}

/** Why a credential is not that of the account that minted the token; nothing where it may be. */
function strangerOf({ target, inventory }: List, state: TokenState): string | undefined {
  const { credentialSource } = target;
  const account = strangerIn(inventory, state);
  if (account !== undefined) return `that of ${credentialSource} is ${account}`;
  if (inventory.kind !== "listed" || !inventory.mayBeWhole) return undefined;
  // What a list cannot show, or shows late to its own account, may be its own.
  const isOwn = inventory.account !== undefined || state.apiAccount === undefined;
  if (isOwn || readClaims(state.token).jti === undefined || rowOf(inventory, state)) return undefined;
  return `the list of ${credentialSource} does not show it`;
}

function rowOf(inventory: Inventory, { token }: TokenState): ListedToken | undefined {
  return inventory.kind === "listed" ? inventory.byJti.get(readClaims(token).jti ?? "") : undefined;
}
