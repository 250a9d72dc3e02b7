import { effectiveExpiry } from "../ending";
import { TokensError } from "../errors";
import { effectLine } from "../notices";
import { outputs, tokenFacts } from "../outputs";
import { formatExpiry } from "../schedule";
import type { CheckedInputs, TokenState } from "../state";
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
  memory.holders.set(facts.fingerprint, { label, keeps: true, adopted: true });
  const replacement = memory.replacements.get(label);
  if (replacement) requireEndings(context, replacement, now);
  await requireAlive(context, outputs(inputs, facts, {}));

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
  const { label, storeHash, expiresAt } = state;
  const { settings, notices } = context;
  // Without a credential there is nothing to ask with, and nothing that needs one.
  if (!settings.credential(storeHash) && !settings.previousCredential(storeHash)) return;
  const { end } = await lookUp(context, state);
  if (end !== undefined) throw refused(state, `the token ${end}; leave it out to mint one`);
  const strangers = await otherAccounts(context, state);
  if (strangers === undefined) return;
  notices.say(
    `warning: ${label}: the token to adopt was minted by API account ${state.apiAccount ?? ""}, and ${strangers}: it ` +
      `cannot be revoked, ${expiresAt === "never" ? "and never ends" : `ends on ${expiresAt}`}`,
  );
}

/** To which accounts the credentials belong; nothing where one may be that of the account that minted the token. */
async function otherAccounts(context: Context, state: TokenState): Promise<string | undefined> {
  const { client, kind } = context;
  const strangers: string[] = [];
  for (const target of revokingTargets(context, state.storeHash)) {
    if (!target) continue;
    const account = strangerIn(await client.inventory(target, kind.family), state);
    if (account === undefined) return undefined;
    strangers.push(`that of ${target.credentialSource} is ${account}`);
  }
  return strangers.join(", ");
}
