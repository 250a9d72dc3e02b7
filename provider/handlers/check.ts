import { adoptionProblems, claimedExpiry, isAdopting } from "../domain/adoption";
import { DEFAULT_API_URL, hasGraphql } from "../bigcommerce/endpoint";
import { defined } from "../defined";
import { TokensError } from "../errors";
import { InputError, type InputFailure, type ParsedInputs, parseInputs } from "../domain/inputs";
import type { CheckedInputs, PreviewedInputs } from "../domain/state";
import type { Unknown } from "../domain/unknown";
import { newValueProblems } from "../domain/new-values";
import { announce } from "./announce";
import { decideReplacement } from "./replacement";
import { warningsOf } from "../domain/input-warnings";
import { type Context, hostOf, nowSeconds, overrideOf } from "./context";
import { requireHost, sayRemedy } from "./requests";
import { shownStore, storeHashProblem } from "../domain/store-address";
import { timingOf } from "./timing";

export interface CheckRequest {
  readonly label: string;
  /** The labels that earlier versions of this package gave the resource. */
  readonly formerLabels: readonly string[];
  /** The resource's name, if a rule on names may refuse it. */
  readonly name?: string;
  /** Whether Pulumi previews an update. False if the host cannot tell. */
  readonly isPreview: boolean;
  /** Whether Pulumi refuses to replace or delete the resource. False if the host cannot tell. */
  readonly isProtected: boolean;
  /** The inputs that the state holds. Absent for a new token. */
  readonly old?: CheckedInputs;
  /** As the program gave them. */
  readonly news: Readonly<Record<string, unknown>>;
}

/** The inputs in normal form, with the store and the expiration; or all failures at once. Sends nothing. */
export function check(
  context: Context,
  request: CheckRequest,
): { readonly inputs?: PreviewedInputs; readonly failures: readonly InputFailure[] } {
  const { label, formerLabels, name, isPreview, isProtected, old } = request;
  const { kind, record, settings, notices } = context;
  const { isForced, before } = record.checked(label, formerLabels, old, isProtected);
  const { inputs: parsed, failures } = parseInputs(kind, ownInputs(request));
  const problems = [...failures];
  if (failures.length === 0) {
    problems.push(...newValueProblems(name, parsed, before, [label, ...formerLabels]));
  }
  const collect = <T>(read: () => T): T | undefined => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof TokensError)) throw error;
      const { code, message } = error;
      problems.push(error instanceof InputError ? error.failure : { code, reason: message });
      return undefined;
    }
  };
  const isSound = (property: string) => !failures.some((failure) => failure.property === property);
  collect(() => overrideOf(context));
  collect(() => settings.mintsAgain());
  collect(() => settings.timeoutMs());
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
  const { adopt, channelIds } = parsed;
  const replacement = old ? undefined : record.replacementOf(label);
  const adopted = !old && isAdopting(replacement, adopt) ? adopt : undefined;
  if (adopted !== undefined && failures.length === 0) {
    const refused = adoptionProblems(kind, parsed, adopted, now);
    problems.push(...refused.map((problem) => ({ ...problem, code: "adoption_refused" as const })));
  }
  if (adopted !== undefined && isForced) {
    const reason = "a forced replacement would adopt the same token again; remove adopt, then replace";
    problems.push({ code: "adoption_repeated", property: "adopt", reason });
  }
  const expiry = adopted === undefined ? undefined : claimedExpiry(adopted);
  const timing = ["expiresAt", "lifetime", "rotateBefore"].every(isSound)
    ? collect(() => timingOf(now, parsed, old, expiry))
    : undefined;
  if (problems.length > 0 || storeHash === undefined || !timing || !channelIds) return { failures: problems };

  const { lifetime, rotateBefore, expiresAt, ...rest } = parsed;
  const place = defined({ storeHash, apiUrl: apiUrl === DEFAULT_API_URL ? undefined : apiUrl });
  const inputs: PreviewedInputs = { ...rest, label, channelIds, ...place, ...timing };
  // Once a process, though check runs twice if a token is replaced.
  for (const warning of warningsOf(kind, inputs, now, before)) notices.sayOnce(warning);
  if (isPreview && !old) announce(context, inputs);
  else if (replacement) decideReplacement(context, inputs, replacement, { isPreview: false, now });
  return { inputs, failures: [] };
}

/** `ignoreChanges: ["*"]` passes the stored host as well, which no user can give. */
function ownInputs({ old, news }: CheckRequest): CheckRequest["news"] {
  const { apiUrl, ...rest } = news;
  return apiUrl === undefined || apiUrl === old?.apiUrl ? rest : news;
}

/** The token's own store, else the default one, which never moves a token. */
function storeOf({ settings }: Context, { storeHash }: ParsedInputs, old?: CheckedInputs): string | Unknown {
  if (storeHash !== undefined) return storeHash;
  const own = settings.defaultStore();
  if (!old || old.storeHash === own) return own;
  const keep = storeHashProblem(old.storeHash) === undefined ? `"${old.storeHash}"` : "its hash";
  throw new InputError(
    "store_moved",
    "storeHash",
    `the default store is now ${own}, but this token is in ${shownStore(old.storeHash)}; say storeHash: ${keep} to keep ` +
      `it there, or storeHash: "${own}" to move it`,
  );
}

/** At another API host, the URLs of the storefronts are not known. */
function requireGraphql(apiUrl: string): void {
  if (hasGraphql(apiUrl)) return;
  throw new InputError(
    "graphql_unknown",
    "verify",
    'the GraphQL API of a store at another API host is not known; say verify: { graphqlUrl: "https://..." }',
  );
}

/** A preview needs no credential. Check cannot tell a preview from an update. */
function noticeCredential(context: Context, storeHash: string): void {
  const { settings } = context;
  // A malformed previous credential must not come to light only at a revocation.
  settings.previousCredential(storeHash);
  if (!settings.credential(storeHash)) sayRemedy(context, storeHash);
}
