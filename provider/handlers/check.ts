import { adoptionProblems, claimedExpiry, isAdopting } from "../domain/adoption";
import { DEFAULT_API_URL, hasGraphql } from "../bigcommerce/endpoint";
import { missingCredential } from "../settings/credentials";
import { TokensError } from "../errors";
import { InputError, type InputFailure, type ParsedInputs, parseInputs } from "../domain/inputs";
import { notice } from "../notice-formats";
import type { CheckedInputs, PreviewedInputs } from "../domain/state";
import type { Unknown } from "../domain/unknown";
import { newValueProblems } from "../domain/new-values";
import { decideReplacement } from "./replacement";
import { warningsOf } from "../domain/warnings";
import { type Context, hostOf, nowSeconds, overrideOf } from "./context";
import { requireHost } from "./requests";
import { timingOf } from "./timing";

export interface CheckRequest {
  readonly label: string;
  /** The labels that earlier versions of this package gave the resource. */
  readonly formerLabels: readonly string[];
  /** The resource's name, only where a rule on names may refuse it. */
  readonly name?: string;
  /** The inputs that the state holds; absent for a new token. */
  readonly old?: CheckedInputs;
  /** As the program gave them. */
  readonly news: Readonly<Record<string, unknown>>;
}

/** `inputs` only where nothing failed. */
export interface CheckResult {
  readonly inputs?: PreviewedInputs;
  readonly failures: readonly InputFailure[];
}

/** Normal form of the inputs, the store, and with a lifetime the expiry. Offline; reports all failures at once. */
export function check(context: Context, request: CheckRequest): CheckResult {
  const { label, formerLabels, name, old } = request;
  const { isForced, before } = context.record.checked(label, formerLabels, old);
  const { inputs: parsed, failures } = parseInputs(context.kind, ownInputs(request));
  const problems = [...failures];
  if (failures.length === 0) {
    problems.push(...newValueProblems(name, parsed, before, [label, ...formerLabels]));
  }
  const collect = <T>(read: () => T): T | undefined => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof TokensError)) throw error;
      problems.push(error instanceof InputError ? error.failure : { reason: error.message });
      return undefined;
    }
  };
  const isSound = (property: string) => !failures.some((failure) => failure.property === property);
  collect(() => overrideOf(context));
  collect(() => context.settings.mintsAgain());
  collect(() => context.settings.timeoutMs());
  const storeHash = isSound("storeHash") ? collect(() => storeOf(context, parsed, old)) : undefined;
  const known = typeof storeHash === "string" ? storeHash : undefined;
  const apiUrl = known === undefined ? undefined : collect(() => hostOf(context, known));
  collect(() => {
    if (apiUrl !== undefined && old) requireHost(context, old);
    if (apiUrl !== undefined && parsed.verify === true) requireGraphql(apiUrl);
  });
  collect(() => {
    if (known !== undefined) noticeCredential(context, known);
  });
  const now = nowSeconds(context);
  const { adopt } = parsed;
  const replacement = old ? undefined : context.record.replacementOf(label);
  const adopted = !old && isAdopting(replacement, adopt) ? adopt : undefined;
  if (adopted !== undefined && failures.length === 0) {
    problems.push(...adoptionProblems(context.kind, parsed, adopted, now));
  }
  if (adopted !== undefined && isForced) {
    const reason = "a forced replacement would adopt the same token again; remove adopt, then replace";
    problems.push({ property: "adopt", reason });
  }
  const end = adopted === undefined ? undefined : claimedExpiry(adopted);
  const timing = ["expiresAt", "lifetime", "rotateBefore"].every(isSound)
    ? collect(() => timingOf(now, parsed, old, end))
    : undefined;
  const { channelIds } = parsed;
  if (problems.length > 0 || storeHash === undefined || !timing || !channelIds) return { failures: problems };

  const { lifetime, rotateBefore, expiresAt, ...rest } = parsed;
  const place = { storeHash, ...(apiUrl !== undefined && apiUrl !== DEFAULT_API_URL && { apiUrl }) };
  const inputs: PreviewedInputs = { ...rest, label, channelIds, ...place, ...timing };
  // Once a process, though check runs twice where a token is replaced.
  for (const warning of warningsOf(context.kind, inputs, now)) context.notices.sayOnce(warning);
  if (replacement) decideReplacement(context, inputs, replacement, now);
  return { inputs, failures: [] };
}

/** `ignoreChanges: ["*"]` passes the stored host as well, which no user can give. */
function ownInputs({ old, news }: CheckRequest): CheckRequest["news"] {
  const { apiUrl, ...rest } = news;
  return apiUrl === undefined || apiUrl === old?.apiUrl ? rest : news;
}

/** The token's own store, else the default one, which never moves a token. */
function storeOf(context: Context, parsed: ParsedInputs, old: CheckedInputs | undefined): string | Unknown {
  const storeHash = parsed.storeHash ?? context.settings.defaultStore();
  if (old && parsed.storeHash === undefined && typeof storeHash === "string" && old.storeHash !== storeHash) {
    throw new InputError("store_moved", {
      property: "storeHash",
      reason:
        `the default store is now ${storeHash}, but this token is in store ${old.storeHash}; say storeHash: ` +
        `"${old.storeHash}" to keep it there, or storeHash: "${storeHash}" to move it`,
    });
  }
  return storeHash;
}

/** Nobody knows where the storefronts of another API host are. */
function requireGraphql(apiUrl: string): void {
  if (hasGraphql(apiUrl)) return;
  throw new InputError("graphql_unknown", {
    property: "verify",
    reason:
      'the GraphQL API of a store at another API host is not known; say verify: { graphqlUrl: "https://..." }',
  });
}

/** A preview needs no credential, and cannot be told from an update here. */
function noticeCredential({ settings, notices }: Context, storeHash: string): void {
  // A malformed one must not come to light only at a revocation.
  settings.previousCredential(storeHash);
  if (settings.credential(storeHash)) return;
  notices.sayOnce(notice("no_credential", { storeHash, remedy: missingCredential(storeHash) }));
}
