import type { Inventory } from "../bigcommerce/client";
import { type Claims, readClaims } from "../claims";
import { effectiveExpiry } from "../ending";
import { TokensError } from "../errors";
import { fingerprint } from "../fingerprint";
import type { Memory } from "../memory";
import { effectLine } from "../notices";
import { outputs, tokenFacts } from "../outputs";
import { formatExpiry } from "../schedule";
import type { CheckedInputs, TokenState } from "../state";
import { hasUnknown } from "../unknowns";
import { type Context, nowSeconds } from "./context";
import { prove } from "./prove";
import { revokingTargets } from "./requests";
import { predecessorFor, requireEndings } from "./succession";

/** Whether a new token is that of `adopt`: not where the one that it replaces is, or came of it. */
export function isAdopting(
  { replacements }: Memory,
  label: string,
  token: string | undefined,
): token is string {
  if (token === undefined || hasUnknown(token)) return false;
  const replaced = replacements.get(label)?.old;
  return !replaced || !hasAdopted(replaced, token);
}

/** Whether a resource holds the token of `adopt`, or held it before it rotated. */
export function hasAdopted({ fingerprint: own, adopted }: TokenState, token: string): boolean {
  return [own, adopted].includes(fingerprint(token));
}

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
  if (holder && holder.label !== label) {
    throw refused(inputs, `${holder.label} holds this token already; a token belongs to one resource`);
  }
  memory.holders.set(facts.fingerprint, { label, keeps: true });
  const replacement = memory.replacements.get(label);
  if (replacement) requireEndings(context, replacement, now);
  await requireAlive(context, inputs, readClaims(token));

  memory.adopted.set(label, facts.fingerprint);
  notices.say(effectLine("adopted", label, facts.fingerprint, formatExpiry(expiry)));
  const predecessor = replacement ? predecessorFor(context, { ...inputs, ...facts }, replacement, now) : {};
  return { id, outs: await prove(context, id, outputs(inputs, facts, predecessor)) };
}

function refused({ label }: CheckedInputs, why: string): TokensError {
  return new TokensError("adoption_refused", `${label}: nothing was adopted: adopt: ${why}`);
}

/** Where the store has a list: a revoked token is not adopted, and one of another account is said to be irrevocable. */
async function requireAlive(context: Context, inputs: CheckedInputs, claims: Claims): Promise<void> {
  const { client, kind, notices, settings } = context;
  const { label, storeHash, expiresAt } = inputs;
  // Without a credential there is nothing to ask with, and nothing that needs one.
  if (!settings.credential(storeHash) && !settings.previousCredential(storeHash)) return;
  const foreign: string[] = [];
  for (const target of revokingTargets(context, storeHash)) {
    if (!target) continue;
    const inventory = await client.inventory(target, kind.family);
    if (isRevoked(inventory, claims)) {
      throw refused(inputs, "the store's list says that it was revoked; leave it out to mint a token");
    }
    const account = inventory.kind === "listed" ? inventory.account : undefined;
    if (account === undefined || claims.apiAccount === undefined || account === claims.apiAccount) return;
    foreign.push(`that of ${target.credentialSource} is ${account}`);
  }
  notices.say(
    `warning: ${label}: the token to adopt was minted by API account ${claims.apiAccount ?? ""}, and ${foreign.join(", ")}: ` +
      `it cannot be revoked, ${expiresAt === "never" ? "and never ends" : `ends on ${expiresAt}`}`,
  );
}

function isRevoked(inventory: Inventory, { jti }: Claims): boolean {
  return inventory.kind === "listed" && (inventory.byJti.get(jti ?? "")?.isRevoked ?? false);
}
