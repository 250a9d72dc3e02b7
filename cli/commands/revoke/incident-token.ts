import { defined } from "../../../provider/defined";
import { TokensError } from "../../../provider/errors";
import { readText } from "../../files/read-text";
import { fullStackName } from "../../pulumi/stacks";
import { exportState, type UnreadState } from "../../pulumi/states";
import type { StackConnections } from "../../stores/connections";
import { type RevocationTarget, revocationTargetOf } from "../../stores/revoker";
import type { StoreSettings } from "../../stores/settings";
import type { System } from "../../system";
import { type HeldToken, tokensOf } from "../../tokens/held-token";
import { findHoldingStack, holdingStackIn, requireSameToken } from "../../tokens/holding-stack";
import { normaliseToken } from "../../tokens/pasted-token";
import { factsOf, type TokenFacts } from "../../tokens/token-facts";
import { createTokenValues } from "../../tokens/token-values";

/** A token to revoke, and the resource that holds it, if that is known. */
export interface IncidentToken {
  readonly target: RevocationTarget;
  readonly apiAccount?: string;
  readonly held?: HeldToken;
  /** True if its value came on standard input: it is then revoked whatever a state says. */
  readonly isGiven: boolean;
  /** The stacks whose configuration may have the credential, in this order. Undefined: no stack is selected. */
  readonly stacks: readonly [string | undefined, ...(string | undefined)[]];
  /** The stack that holds it, if that may not be the selected one. */
  readonly otherStack?: string;
}

interface Given {
  /** The value of `--store`. */
  readonly store?: string;
  /** The value of `--stack`: the only stack to look into. */
  readonly stack?: string;
}

const MAX_UNREAD = 3;

/** The token with that fingerprint in the stack's state. It may be a previous token. */
export async function heldToken(system: System, fingerprint: string, given: Given): Promise<IncidentToken> {
  if (!/^[0-9a-f]{16}$/.test(fingerprint)) {
    throw new TokensError("usage", "--fingerprint takes 16 hex digits, as `status` shows them");
  }
  // Fixed by its full name: another stack may be selected meanwhile.
  const stack = await fullStackName(system, given.stack);
  const tokens = tokensOf((await exportState(system, stack)).deployment);
  const held = tokens.find((token) => token.fingerprint === fingerprint);
  if (!held) {
    throw new TokensError(
      "token_not_held",
      `the state of ${stack} holds no token ${fingerprint}: give --stack, or the token itself on standard input`,
    );
  }
  requireStore(held, given.store);
  if (!held.hasOwnJti) requireSameToken(tokens, stack, { ...held, fingerprint });
  const target = revocationTargetOf(held, createTokenValues(system, stack));
  const otherStack = given.stack && stack;
  const { apiAccount } = held;
  return { target, held, isGiven: false, stacks: [stack], ...defined({ apiAccount, otherStack }) };
}

/** The token from standard input, as the state that holds it describes it, else by its own unverified claims. */
export async function givenToken(
  system: System,
  connections: Pick<StackConnections, "settings">,
  given: Given,
): Promise<IncidentToken> {
  if (system.input.isTty) {
    throw new TokensError(
      "usage",
      'give the token on standard input, where no screen or history keeps it: printf %s "$TOKEN" | ... revoke',
    );
  }
  const token = normaliseToken(await readText(system, "-"));
  const facts = factsOf(token);
  const { stack, holder } = await lookFor(system, given, facts);
  const held = holder?.token;
  if (held?.storeHash !== undefined) requireStore(held, given.store);
  const storeHash =
    given.store ?? held?.storeHash ?? onlyStore(await connections.settings(stack), facts.fingerprint);
  const value = () => Promise.resolve(token);
  const isOtherStack = given.stack !== undefined || holder?.stack !== stack;
  return {
    isGiven: true,
    target: held
      ? revocationTargetOf({ ...withText(held, facts), storeHash }, { of: value })
      : { ...claimedBy(facts), storeHash, value },
    stacks: holder && holder.stack !== stack ? [holder.stack, stack] : [stack],
    ...defined({ apiAccount: held?.apiAccount ?? facts.apiAccount, held }),
    ...(isOtherStack && defined({ otherStack: holder?.stack })),
  };
}

/** Refuses a store that contradicts the state. */
function requireStore({ fingerprint = "", storeHash }: HeldToken, given: string | undefined): void {
  if (given === undefined || storeHash === given) return;
  throw new TokensError(
    "usage",
    `token ${fingerprint} belongs to store ${storeHash ?? "[secret]"}, not to ${given}`,
  );
}

/** `stack`: its configuration counts if no state holds the token; undefined if none is selected. */
async function lookFor(system: System, { store: storeHash, stack }: Given, facts: TokenFacts) {
  const wanted = { ...facts, storeHash };
  if (stack !== undefined) {
    const name = await fullStackName(system, stack);
    return { stack: name, holder: await holdingStackIn(system, name, wanted) };
  }
  // A leaked token can be revoked without a stack, a backend or Pulumi.
  const selected = await fullStackName(system, undefined).catch(() => undefined);
  const { holder, unread } = await findHoldingStack(system, selected, wanted);
  const problems = problemsOf(unread);
  if (problems !== "") {
    system.output.stderr(`not searched, and may hold the token: ${problems}`);
  }
  return { stack: selected, holder };
}

/** Why states were not read. Without Pulumi only the environment counts, and there is no warning. */
function problemsOf(unread: readonly UnreadState[]): string {
  const problems = unread
    .filter(({ error }) => !(error instanceof TokensError && error.code === "pulumi_missing"))
    .map(({ stack, error }) => `${stack ? `stack ${stack}` : "the stacks of the backend"}: ${error.message}`);
  const more = problems.length > MAX_UNREAD ? [`and ${problems.length - MAX_UNREAD} more`] : [];
  return [...problems.slice(0, MAX_UNREAD), ...more].join("; ");
}

/** The state's description, completed and corrected by the token's own text. */
function withText(held: HeldToken, { jti, expiry, channelIds, allowedCorsOrigins }: TokenFacts): HeldToken {
  const { jti: id, hasOwnJti, ...rest } = held;
  return {
    ...defined({ channelIds, allowedCorsOrigins }),
    ...rest,
    ...(expiry !== "never" && { expiry }),
    ...(id !== undefined && defined({ jti })),
    hasOwnJti: hasOwnJti && id === jti,
  };
}

function claimedBy(facts: TokenFacts): Omit<RevocationTarget, "storeHash"> {
  const { fingerprint, kind, jti, channelIds = [1], allowedCorsOrigins, expiry } = facts;
  const known = { name: fingerprint, hasOwnJti: false, expiry, channelIds };
  return { ...known, ...defined({ kind, jti, allowedCorsOrigins }) };
}

/** Throws if configuration and environment name no store, or several. */
function onlyStore(settings: StoreSettings, fingerprint: string): string {
  const { hashes, problems } = settings.stores();
  const [hash] = hashes;
  if (hash !== undefined && hashes.length === 1) return hash;
  const known = hash === undefined ? "none" : hashes.join(", ");
  const why = `the store of token ${fingerprint} is unknown: give --store HASH; configuration and environment name ${known}`;
  throw new TokensError("usage", [why, ...problems, settings.unknownStores ?? []].flat().join("; "));
}
