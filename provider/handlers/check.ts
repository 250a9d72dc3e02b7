import { adoptionProblems, claimedEnd, isAdopting } from "../domain/adoption";
import { DEFAULT_API_URL, hasGraphql } from "../bigcommerce/endpoint";
import { missingCredential } from "../settings/credentials";
import { TokensError } from "../errors";
import { type ParsedInputs, parseInputs } from "../domain/inputs";
import type { Memory } from "./run-record";
import type { CheckedInputs } from "../domain/state";
import { hasUnknown } from "../domain/unknown";
import { formerChildLabel } from "../domain/label";
import { newValueProblems } from "../domain/new-values";
import { announce } from "./replacement";
import { warningsOf } from "../domain/warnings";
import { type Context, hostOf, nowSeconds, overrideOf } from "./context";
import { requireHost } from "./requests";
import { timingOf } from "./timing";

type Bag = Readonly<Record<string, unknown>>;

/** Normal form of the inputs, the store, and with a lifetime the expiry. Offline; reports all failures at once. */
export function check(context: Context, olds: Bag, news: Bag): { inputs: Bag; failures: readonly string[] } {
  const old = olds["label"] === undefined ? undefined : (olds as unknown as CheckedInputs);
  const label = typeof news["label"] === "string" ? news["label"] : "";
  const { resourceName, formerLabel, ...given } = ownInputs(news, old);
  const formers = [formerLabel, formerChildLabel(label)].filter((each) => typeof each === "string");
  for (const former of [...formers, ...(old ? [old.label] : [])]) carryOver(context.memory, former, label);
  if (old) forgetSpared(context.memory, label);
  else noteInterrupted(context.memory, label);
  const isForced =
    !old && context.memory.checks.get(label) === "with olds" && !context.memory.replacements.has(label);
  context.memory.checks.set(label, old ? "with olds" : "without olds");
  if (old) context.memory.stored.set(label, old);
  const { inputs: parsed, failures } = parseInputs(context.kind, given);
  const problems = [...failures];
  if (failures.length === 0) {
    const known = old ?? context.memory.replacements.get(label)?.old ?? context.memory.stored.get(label);
    const name = typeof resourceName === "string" ? resourceName : undefined;
    problems.push(...newValueProblems(name, parsed, known, [label, ...formers]));
  }
  const collect = <T>(read: () => T): T | undefined => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof TokensError)) throw error;
      problems.push(error.message);
      return undefined;
    }
  };
  const isSound = (name: string) => !failures.some((line) => line.startsWith(`${name}:`));
  collect(() => overrideOf(context));
  collect(() => context.settings.mintsAgain());
  collect(() => context.settings.timeoutMs());
  const storeHash = isSound("storeHash") ? collect(() => storeOf(context, parsed, old)) : undefined;
  const known = storeHash !== undefined && !hasUnknown(storeHash);
  const apiUrl = known ? collect(() => hostOf(context, storeHash)) : undefined;
  collect(() => {
    if (apiUrl !== undefined && old) requireHost(context, old);
    if (apiUrl !== undefined && parsed.verify === true) requireGraphql(apiUrl);
  });
  collect(() => {
    if (known) noticeCredential(context, storeHash);
  });
  const now = nowSeconds(context);
  const adopting = !old && isAdopting(context.memory, label, parsed.adopt);
  if (adopting && failures.length === 0) problems.push(...adoptionProblems(context.kind, parsed, now));
  if (adopting && isForced) {
    problems.push("adopt: a forced replacement would adopt the same token again; remove adopt, then replace");
  }
  const end = adopting ? claimedEnd(parsed.adopt) : undefined;
  const timing = ["expiresAt", "lifetime", "rotateBefore"].every(isSound)
    ? collect(() => timingOf(now, parsed, old, end))
    : undefined;
  if (problems.length > 0 || storeHash === undefined || !timing) {
    // One malformed setting can stand in the way of several readings.
    return { inputs: news, failures: [...new Set(problems)] };
  }

  const { lifetime, rotateBefore, expiresAt, ...rest } = parsed;
  const place = { storeHash, ...(apiUrl !== undefined && apiUrl !== DEFAULT_API_URL && { apiUrl }) };
  const inputs = { ...rest, ...place, ...timing, __provider: news["__provider"] } as unknown as CheckedInputs;
  warn(context, inputs);
  const replacement = old ? undefined : context.memory.replacements.get(label);
  if (replacement) announce(context, inputs, replacement);
  return { inputs: { ...inputs }, failures: [] };
}

/** An alias renames, and 0.1.0 gave other labels: what waits for its end, or has been deleted first, still has the old one. */
function carryOver({ checks, replacements }: Memory, former: string, label: string): void {
  if (former === label) return;
  if (!checks.has(former)) checks.set(former, "without olds");
  const replacement = replacements.get(former);
  if (!replacement?.isDeletedFirst || replacements.has(label)) return;
  replacements.set(label, replacement);
  replacements.delete(former);
}

/** Pulumi asked about a dependency's replacement, and spared this resource. */
function forgetSpared({ replacements, fates, deletedFirst }: Memory, label: string): void {
  const replacement = replacements.get(label);
  if (!replacement?.isDeletedFirst || deletedFirst.has(replacement.old.fingerprint)) return;
  replacements.delete(label);
  fates.delete(replacement.old.fingerprint);
}

/**
 * A check without olds after a `diff` that answered no replacement: an earlier run deleted the token first, as its
 * dependency's, and ended before the successor. Forced replacements call no `diff`.
 */
function noteInterrupted({ replacements, unchanged, holders }: Memory, label: string): void {
  const replacement = unchanged.get(label);
  if (!replacement || replacements.has(label)) return;
  replacements.set(label, replacement);
  holders.set(replacement.old.fingerprint, { label, keeps: false, adopted: false });
}

/** Each warning once a process, though check runs twice where a token is replaced. */
function warn(context: Context, inputs: CheckedInputs): void {
  for (const warning of warningsOf(context.kind, inputs, nowSeconds(context))) {
    context.notices.sayOnce(`warning: ${inputs.label}: ${warning}`);
  }
}

/** `ignoreChanges: ["*"]` passes the stored host as well, which no user can give. */
function ownInputs(news: Bag, old: CheckedInputs | undefined): Bag {
  const { apiUrl, ...rest } = news;
  return apiUrl === undefined || apiUrl === old?.apiUrl ? rest : news;
}

/** The token's own store, else the default one, which never moves a token. */
function storeOf(context: Context, parsed: ParsedInputs, old: CheckedInputs | undefined): string {
  const storeHash = parsed.storeHash ?? context.settings.defaultStore();
  if (old && parsed.storeHash === undefined && old.storeHash !== storeHash) {
    throw new TokensError(
      "store_moved",
      `storeHash: the default store is now ${storeHash}, but this token is in store ${old.storeHash}; say storeHash: ` +
        `"${old.storeHash}" to keep it there, or storeHash: "${storeHash}" to move it`,
    );
  }
  return storeHash;
}

/** Nobody knows where the storefronts of another API host are. */
function requireGraphql(apiUrl: string): void {
  if (hasGraphql(apiUrl)) return;
  throw new TokensError(
    "graphql_unknown",
    'verify: the GraphQL API of a store at another API host is not known; say verify: { graphqlUrl: "https://..." }',
  );
}

/** A preview needs no credential, and cannot be told from an update here. */
function noticeCredential({ settings, notices }: Context, storeHash: string): void {
  // A malformed one must not come to light only at a revocation.
  settings.previousCredential(storeHash);
  if (settings.credential(storeHash)) return;
  notices.sayOnce(`${missingCredential(storeHash)}; a preview needs none, an update does`);
}
