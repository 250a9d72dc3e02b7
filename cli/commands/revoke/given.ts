import { defined } from "../../../provider/defined";
import { TokensError } from "../../../provider/errors";
import { normaliseToken } from "../../tokens/pasted-token";
import { factsOf, type TokenFacts } from "../../tokens/token-facts";
import { readText } from "../../files/read-text";
import { fullStackName } from "../../pulumi/stacks";
import type { UnreadState } from "../../pulumi/states";
import type { HeldToken } from "../../tokens/held-token";
import type { StoreSettings } from "../../stores/settings";
import type { StackConnections } from "../../stores/stack-connections";
import type { System } from "../../system";
import type { RevocationTarget } from "../../stores/revoker";
import { findHoldingStack, type HoldingStack, holdingStackIn } from "../../tokens/holding-stack";
import { revocationTargetOf, requireStore, type IncidentToken } from "../../stores/revocation-target";

interface Given {
  /** The value of `--store`. */
  readonly store: string | undefined;
  /** The value of `--stack`: the only stack to look into. */
  readonly stack: string | undefined;
}

const MAX_UNREAD = 3;

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
  if (holder?.token.storeHash !== undefined) requireStore(holder.token, given.store);
  const storeHash =
    given.store ?? holder?.token.storeHash ?? onlyStore(await connections.settings(stack), facts.fingerprint);
  const value = () => Promise.resolve(token);
  const account = holder?.token.apiAccount ?? facts.apiAccount;
  const isOtherStack = given.stack !== undefined || holder?.stack !== stack;
  return {
    isGiven: true,
    target: holder
      ? revocationTargetOf({ ...withText(holder.token, facts), storeHash }, { of: value })
      : { ...claimedBy(facts), storeHash, value },
    stacks: holder && holder.stack !== stack ? [holder.stack, stack] : [stack],
    ...defined({ apiAccount: account, held: holder?.token }),
    ...(isOtherStack && defined({ otherStack: holder?.stack })),
  };
}

interface Look {
  /** The stack whose configuration counts if no state holds the token; undefined if none is selected. */
  readonly stack: string | undefined;
  readonly holder?: HoldingStack | undefined;
}

async function lookFor(system: System, { store: storeHash, stack }: Given, facts: TokenFacts): Promise<Look> {
  const wanted = { ...facts, storeHash };
  if (stack !== undefined) {
    const name = await fullStackName(system, stack);
    return { stack: name, holder: await holdingStackIn(system, name, wanted) };
  }
  const selected = await selectedStack(system);
  const { holder, unread } = await findHoldingStack(system, selected, wanted);
  const line = unreadLine(unread);
  if (line !== undefined) system.output.stderr(line);
  return { stack: selected, holder };
}

/** A leaked token can be revoked without a stack, a backend or Pulumi. */
async function selectedStack(system: System): Promise<string | undefined> {
  try {
    return await fullStackName(system, undefined);
  } catch {
    return undefined;
  }
}

/** Without Pulumi, only the environment counts, and nothing is said. */
function unreadLine(unread: readonly UnreadState[]): string | undefined {
  const all = unread.filter(
    ({ error }) => !(error instanceof TokensError && error.code === "pulumi_missing"),
  );
  if (all.length === 0) return undefined;
  const said = all
    .slice(0, MAX_UNREAD)
    .map(
      ({ stack, error }) =>
        `${stack === undefined ? "the stacks of the backend" : `stack ${stack}`}: ${error.message}`,
    );
  const more = all.length > MAX_UNREAD ? [`and ${all.length - MAX_UNREAD} more`] : [];
  return `not looked through, though the token may be held there: ${[...said, ...more].join("; ")}`;
}

/** The state's description, completed and corrected by the token's own text. */
function withText(held: HeldToken, { jti, expiry, channelIds, allowedCorsOrigins }: TokenFacts): HeldToken {
  const { jti: id, hasOwnJti, ...rest } = held;
  return {
    ...defined({ channelIds, allowedCorsOrigins }),
    ...rest,
    ...(expiry !== "never" && { expiry }),
    ...(id !== undefined && jti !== undefined && { jti }),
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
  const unknown = settings.unknownStores === undefined ? [] : [settings.unknownStores];
  throw new TokensError(
    "usage",
    [
      `say in which store token ${fingerprint} works: --store HASH; configuration and environment name ${known}`,
      ...problems,
      ...unknown,
    ].join("; "),
  );
}
