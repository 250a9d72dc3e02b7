import { defined } from "../../../provider/defined";
import { TokensError } from "../../../provider/errors";
import { readText } from "../../files/read-text";
import { fullStackName } from "../../pulumi/stacks";
import { exportState, otherStates, type UnreadState } from "../../pulumi/states";
import type { StackConnections } from "../../stores/connections";
import { type RevocationTarget, revocationTargetOf } from "../../stores/revoker";
import type { StoreSettings } from "../../stores/settings";
import type { System } from "../../system";
import { type HeldToken, tokensOf } from "../../tokens/held-token";
import { type Holder, holdersIn } from "../../tokens/holders";
import { findHolders, findHoldersIn, requireSameToken } from "../../tokens/holding-stack";
import { normaliseToken, readFingerprint } from "../../tokens/pasted-token";
import { factsOf, type TokenFacts } from "../../tokens/token-facts";
import { createTokenValues } from "../../tokens/token-values";

/** A token to revoke, and the resources that hold it, as far as states could be read. */
export interface IncidentToken {
  readonly target: RevocationTarget;
  readonly apiAccount?: string;
  /** The token as the first holder's state describes it. */
  readonly held?: HeldToken;
  readonly holders: readonly Holder[];
  /** True if its value came on standard input: it is then revoked whatever a state says. */
  readonly isGiven: boolean;
  /** The stacks whose configuration may have the credential, in this order. Undefined: no stack is selected. */
  readonly stacks: readonly [string | undefined, ...(string | undefined)[]];
}

interface Given {
  /** The value of `--store`. */
  readonly store?: string;
  /** The value of `--stack`: the only stack to look into. */
  readonly stack?: string;
}

const MAX_UNREAD = 3;

/** The token with that fingerprint in the stack's state. It may be a previous token. */
export async function heldToken(system: System, text: string, given: Given): Promise<IncidentToken> {
  const fingerprint = readFingerprint(text);
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
  const own = holdersIn(tokens, fingerprint, stack);
  const others = given.stack === undefined ? await holdersElsewhere(system, stack, fingerprint) : [];
  const holders = [...own, ...others];
  return {
    target,
    held,
    holders,
    isGiven: false,
    stacks: [stack],
    ...defined({ apiAccount: held.apiAccount }),
  };
}

/** Another resource may have adopted the token. A state that cannot be read delays nothing. */
async function holdersElsewhere(
  system: System,
  own: string,
  fingerprint: string,
): Promise<readonly Holder[]> {
  const holders: Holder[] = [];
  const unread: UnreadState[] = [];
  for await (const state of otherStates(system, own)) {
    if ("error" in state) unread.push(state);
    else holders.push(...holdersIn(tokensOf(state.deployment), fingerprint, state.stack));
  }
  reportUnread(system, unread);
  return holders;
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
  const { stack, holders } = await lookFor(system, given, facts);
  const [holder] = holders;
  const held = holder?.token;
  if (held?.storeHash !== undefined) requireStore(held, given.store);
  const storeHash =
    given.store ?? held?.storeHash ?? onlyStore(await connections.settings(stack), facts.fingerprint);
  const value = () => Promise.resolve(token);
  return {
    ...{ isGiven: true, holders },
    target: held
      ? revocationTargetOf({ ...withText(held, facts), storeHash }, { of: value })
      : { ...claimedBy(facts), storeHash, value },
    stacks: holder && holder.stack !== stack ? [holder.stack, stack] : [stack],
    ...defined({ apiAccount: held?.apiAccount ?? facts.apiAccount, held }),
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
    return { stack: name, holders: (await findHoldersIn(system, name, wanted)).holders };
  }
  // A leaked token can be revoked without a stack, a backend or Pulumi.
  const selected = await fullStackName(system, undefined).catch(() => undefined);
  const { holders, unread } = await findHolders(system, selected, wanted);
  reportUnread(system, unread);
  return { stack: selected, holders };
}

/** Says which states were not read. Without Pulumi only the environment counts, and there is no warning. */
function reportUnread({ output }: System, unread: readonly UnreadState[]): void {
  // The message of a state names its stack.
  const problems = unread
    .filter(({ error }) => !(error instanceof TokensError && error.code === "pulumi_missing"))
    .map(({ stack, error }) => `${stack ? "" : "the stacks of the backend: "}${error.message}`);
  if (problems.length === 0) return;
  const more = problems.length > MAX_UNREAD ? [`and ${problems.length - MAX_UNREAD} more`] : [];
  output.stderr(
    `not searched, and may hold the token: ${[...problems.slice(0, MAX_UNREAD), ...more].join("; ")}`,
  );
}

/** The state's description, completed and corrected by the token's own text. */
function withText(held: HeldToken, { jti, expiry, channelIds, allowedCorsOrigins }: TokenFacts): HeldToken {
  const { jti: id, hasOwnJti, ...rest } = held;
  return {
    ...defined({ channelIds, allowedCorsOrigins }),
    ...rest,
    ...(expiry !== undefined && expiry !== "never" && { expiry }),
    ...(id !== undefined && defined({ jti })),
    hasOwnJti: hasOwnJti && id === jti,
  };
}

function claimedBy(facts: TokenFacts): Omit<RevocationTarget, "storeHash"> {
  const { fingerprint, kind, jti, channelIds = [1], allowedCorsOrigins, expiry = "never" } = facts;
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
