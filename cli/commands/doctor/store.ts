import { DEFAULT_API_URL } from "../../../provider/bigcommerce/endpoint";
import type { TokenList } from "../../../provider/bigcommerce/token-list";
import { httpDateMs, quotaNews, type ReplyHeaders } from "../../../provider/bigcommerce/rate-limit-headers";
import { isPast } from "../../../provider/domain/expiry";
import { type Kind, KINDS } from "../../../provider/domain/kinds";
import { asError } from "../../../provider/notices";
import { type HeldToken, isLive } from "../../tokens/held-token";
import { readWholeList } from "../../stores/connections";
import type { StackConnections } from "../../stores/connections";
import type { System } from "../../system";
import { checkAccount } from "./account";
import { check, type Check, type Findings } from "./report";
import type { NamedAddress } from "./stores";

/** A clock may be off by this much: the Date header has whole seconds, and a reply takes a while. */
const MAX_SKEW_S = 5;

type Listings = readonly {
  readonly kind: Kind;
  readonly listing: TokenList;
  readonly skewS: number | undefined;
}[];

/** Checks what an update would need of a store. Reads its token lists, and changes nothing. */
export async function checkStore(
  system: System,
  connections: StackConnections,
  { namedBy, ...address }: NamedAddress,
  held: readonly HeldToken[],
): Promise<Findings> {
  const { storeHash, apiUrl } = address;
  const subject = `store ${storeHash}${apiUrl === DEFAULT_API_URL ? "" : ` at ${apiUrl}`}`;
  try {
    const { connection, settings } = await connections.to(address, namedBy);
    const source = check("credential", "ok", `credential from ${connection.target.credentialSource}`);
    const listings = [];
    for (const kind of Object.values(KINDS)) {
      const listing = await readWholeList(connection, kind.family, settings.timeoutMs());
      const serverMs = httpDateMs(headersOf(listing)["date"]);
      const skewS = serverMs === undefined ? undefined : Math.round((serverMs - system.clock.now()) / 1000);
      listings.push({ kind, listing, skewS });
    }
    const previous = settings.previousCredential(storeHash)?.source;
    if (listings.some(({ listing }) => isStatus(listing, 401))) {
      const text =
        "BigCommerce refuses the credential (401): it is not, or no longer, one of an API account of this store";
      return { subject, checks: [source, check("access", "bad", text), ...clockAndQuota(listings)] };
    }
    const now = Math.floor(system.clock.now() / 1000);
    const live = held.filter((token) => isLive(token, now) && !isPast(token.expiry ?? "never", now));
    const checks = [
      source,
      checkGeneration(listings),
      checkAccount(listings, live, storeHash, previous),
      ...checkScopes(listings, held),
      ...clockAndQuota(listings),
      ...checkRevoked(listings),
    ];
    return { subject, checks };
  } catch (thrown) {
    return { subject, checks: [check("credential", "bad", asError(thrown).message)] };
  }
}

function checkGeneration(listings: Listings): Check {
  const name = "generation";
  if (listings.some(({ listing }) => listing.kind === "listed")) {
    return check(name, "ok", "generation 2: the store lists its tokens");
  }
  if (listings.some(({ listing }) => listing.kind === "no list")) {
    const text =
      "generation 1: the store has no token lists, so that a lost token cannot be found, and --live cannot compare";
    return check(name, "ok", text);
  }
  const failures = listings.flatMap(({ listing }) =>
    listing.kind === "unreadable" ? [listing.failed.failure.what] : [],
  );
  return check(name, "unknown", `the lists could not be read: ${[...new Set(failures)].join("; ")}`);
}

/** Storefront and private tokens need the same scope. A scope that no token needs may be missing. */
function checkScopes(listings: Listings, held: readonly HeldToken[]): readonly Check[] {
  const name = "scopes";
  if (!listings.some(({ listing }) => listing.kind === "listed" || isStatus(listing, 403))) {
    const text = "OAuth scopes: unknown, because without token lists only a mint would show them";
    return [check(name, "unknown", text)];
  }
  const scopes = new Set(listings.map(({ kind }) => kind.oauthScope));
  const refused = listings.filter(({ listing }) => isStatus(listing, 403));
  const lacking = new Set(refused.map(({ kind }) => kind.oauthScope));
  const used = new Set(held.map(({ kind }) => KINDS[kind].oauthScope));
  const isAll = lacking.size === scopes.size;
  const all = isAll ? "; or the store hash is wrong, to which BigCommerce responds alike" : "";
  return [...scopes].map((scope) => {
    if (!lacking.has(scope)) return check(name, "ok", `OAuth scope ${scope}`);
    const text = `the API account lacks the OAuth scope ${scope}${all}`;
    return isAll || used.has(scope)
      ? check(name, "bad", text)
      : check(name, "ok", `${text}, which no token of the state needs`);
  });
}

function clockAndQuota(listings: Listings): readonly Check[] {
  const skew = listings.findLast(({ skewS }) => skewS !== undefined)?.skewS;
  const news = listings.map(({ listing }) => quotaNews(headersOf(listing)));
  const { left, quota } = news.findLast((each) => each.left !== undefined) ?? {};
  const of = quota === undefined ? "" : ` of ${quota}`;
  return [
    clockCheck(skew),
    left === undefined
      ? check("quota", "unknown", "quota: unknown, because the store does not send it")
      : check("quota", "ok", `quota: ${left}${of} requests left in this window`),
  ];
}

function clockCheck(skewS: number | undefined): Check {
  const name = "clock";
  if (skewS === undefined) {
    return check(name, "unknown", "clock: unknown, because the store does not send its time");
  }
  if (Math.abs(skewS) <= MAX_SKEW_S) {
    return check(name, "ok", `clock: no more than ${MAX_SKEW_S} s from the store's`);
  }
  const side = skewS > 0 ? "behind" : "ahead of";
  return check(name, "bad", `clock: this machine's is ${Math.abs(skewS)} s ${side} the store's: set it`);
}

/** "Each store can hold a limited number of revoked tokens that have not yet expired"; the number is not published. */
function checkRevoked(listings: Listings): readonly Check[] {
  const lists = listings.map(({ listing }) => listing).filter((listing) => listing.kind === "listed");
  if (lists.length === 0) return [];
  const rows = lists.flatMap(({ byJti }) => [...byJti.values()]);
  const count = rows.filter(({ isRevoked, isExpired }) => isRevoked && !isExpired).length;
  const atLeast = lists.every(({ isWhole, unread }) => isWhole && unread.size === 0) ? "" : "at least ";
  const text = `${atLeast}${count} revoked token${count === 1 ? "" : "s"} of this API account not expired yet; a store holds a limited number`;
  return [check("revoked", "ok", text)];
}

function isStatus(listing: TokenList, status: number): boolean {
  return listing.kind !== "listed" && listing.failed.failure.status === status;
}

function headersOf(listing: TokenList): ReplyHeaders {
  return listing.kind === "listed" ? listing.headers : (listing.failed.reply?.headers ?? {});
}
