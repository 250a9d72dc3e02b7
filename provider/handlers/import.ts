import { haveSameEntries, isOtherKind } from "../domain/adoption";
import type { ListedToken, TokenList } from "../bigcommerce/client";
import { otherAccountIn } from "../bigcommerce/token-list";
import { DEFAULT_API_URL } from "../bigcommerce/endpoint";
import { isToken } from "../domain/claims";
import { isPast } from "../domain/expiry";
import { labelIn } from "../domain/list-name";
import { outputs, tokenFacts } from "../domain/outputs";
import { SCOPES } from "../domain/properties";
import type { CheckedInputs, TokenState } from "../domain/state";
import { VISIBLE_ASCII } from "../domain/store-address";
import { tokenOf } from "../domain/token";
import { defined } from "../defined";
import { TokensError } from "../errors";
import { ask, REFUSALS } from "./ask";
import { type Context, hostOf, nowSeconds } from "./context";
import { lookUpInLists } from "./drift";
import { isSecretIn, revokingTargets, siteOf } from "./requests";

export interface ImportRequest {
  readonly label: string;
  readonly token: string;
  /** Needed only where the store's list does not tell them, which they must not contradict. */
  readonly scopes?: readonly string[];
}

/** The inputs by which a program declares an imported token, and its state. Nothing is minted or revoked. */
export interface Imported {
  readonly id: string;
  readonly inputs: CheckedInputs;
  readonly outs: TokenState;
}

/**
 * Imports a token that was made by hand into the default store. What a program must say of it is read from its claims and
 * from the store's list. It must be proven to be genuine, alive and of an API account whose credential is set.
 */
export async function importToken(context: Context, request: ImportRequest): Promise<Imported> {
  const { kind, settings } = context;
  const { label, token: text } = request;
  const refuse = (why: string): never => {
    throw new TokensError("import_refused", `${label}: nothing was imported: ${why}`);
  };
  if (!isToken(text)) return refuse("it is not a token; give the whole token, as BigCommerce answered it");
  const token = tokenOf(text);
  const { claims } = token;
  const now = nowSeconds(context);
  const expiresAt = claims.expiresAt ?? "never";
  if (claims.channelIds === undefined)
    return refuse("it is not a token of BigCommerce: it names no channels");
  if (isOtherKind(kind, claims))
    return refuse(`it is another kind of token; this resource holds ${kind.name} tokens`);
  if (isPast(expiresAt, now)) return refuse("it has expired");
  const storeHash = settings.defaultStore();
  const apiUrl = hostOf(context, storeHash);
  const hasOrigins = kind.rights.includes("allowedCorsOrigins");
  const origins = claims.allowedCorsOrigins ?? [];
  if (origins.length > 0 && !hasOrigins)
    return refuse("it is bound to origins, which tokens of this kind cannot have");
  const claimed: CheckedInputs = {
    ...{ label, storeHash, expiresAt, overlap: "auto", onDelete: "revoke" },
    channelIds: sorted(claims.channelIds),
    ...defined({ apiUrl: apiUrl === DEFAULT_API_URL ? undefined : apiUrl }),
    ...(origins.length > 0 && { allowedCorsOrigins: sorted(origins) }),
  };
  const fresh = { token, mintedAt: now };
  const { id, facts } = tokenFacts(claimed, fresh, isSecretIn(context, storeHash));
  const state = outputs({ ...claimed, adopt: text }, { ...facts, verified: true }, {});

  const answer = await ask(context, siteOf(context, state), state);
  if (answer !== "works") return refuse((answer && REFUSALS[answer]) ?? UNPROVEN);
  const { end } = await lookUpInLists(context, state, () => Promise.resolve(answer));
  if (end !== undefined) return refuse(`the token ${end}`);
  const lists: TokenList[] = [];
  for (const target of revokingTargets(context, storeHash)) {
    lists.push(await context.client.tokenList(target, kind.family));
  }
  const holder = lists
    .map((list) => labelIn(rowOf(list, claims.jti)?.name))
    .find((each) => each !== undefined);
  if (context.record.isHeld(id) || (holder !== undefined && holder !== label)) {
    return refuse(
      `${shown(holder, "another resource")} holds it, and a token belongs to one resource; move that resource instead`,
    );
  }
  const strangers = lists.map((list) => otherAccountIn(list, state));
  if (!strangers.includes(undefined)) {
    const own = shown(state.apiAccount, "another one");
    return refuse(
      `API account ${own} minted it, and the credential is that of ${strangers.map((each) => shown(each, "another one")).join(" and ")}`,
    );
  }
  if (!kind.rights.includes("scopes")) return held(context, { id, inputs: claimed, outs: state });
  const listed = scopesIn(lists, claims.jti);
  const scopes = request.scopes ?? listed;
  if (scopes === undefined) {
    return refuse(
      "a token does not tell its scopes, and the store's list does not either; give them behind the reference, " +
        "such as env:NAME?scopes=Unauthenticated,Customer",
    );
  }
  const own = SCOPES.filter((scope) => scopes.includes(scope)).sort();
  if (own.length === 0 || own.length !== new Set(scopes).size) {
    return refuse(`its scopes must be one or more of ${SCOPES.join(", ")}`);
  }
  if (listed && !haveSameEntries(listed, own)) {
    return refuse(
      `the store's list says that its scopes are ${sorted(listed)
        .map((each) => shown(each, "unknown"))
        .join(", ")}`,
    );
  }
  return held(context, { id, inputs: { ...claimed, scopes: own }, outs: { ...state, scopes: own } });
}

/** What the program reads is in use: the record of a resource that held it before must not revoke it in this update. */
function held({ record }: Context, imported: Imported): Imported {
  record.reads(imported.outs.label, { id: imported.id, fingerprint: imported.outs.fingerprint });
  return imported;
}

const MAX_WORD = 100;
const UNPROVEN = "the store's GraphQL API does not tell whether it is genuine; use the input adopt instead";

/** A server's text, if it is a word that a message can quote. */
function shown(word: string | undefined, otherwise: string): string {
  return word !== undefined && VISIBLE_ASCII.test(word) && word.length <= MAX_WORD ? word : otherwise;
}

function scopesIn(lists: readonly TokenList[], jti: string | undefined): readonly string[] | undefined {
  return lists.map((list) => rowOf(list, jti)?.scopes).find((scopes) => scopes?.length);
}

function rowOf(list: TokenList, jti = ""): ListedToken | undefined {
  return list.kind === "listed" ? list.byJti.get(jti) : undefined;
}

function sorted<T extends string | number>(values: readonly T[]): readonly T[] {
  return [...new Set(values)].sort((a, b) => (a < b ? -1 : 1));
}
