import { DEFAULT_API_URL } from "../../../provider/bigcommerce/endpoint";
import type { TokenList } from "../../../provider/bigcommerce/token-list";
import type { Connection } from "../../../provider/bigcommerce/connection";
import { httpDateMs, quotaNews, type ReplyHeaders } from "../../../provider/bigcommerce/rate-limit-headers";
import { type Kind, type KindName, KINDS } from "../../../provider/domain/kinds";
import { asError } from "../../../provider/notices";
import type { HeldToken } from "../../tokens/held-token";
import { readWholeList } from "../../stores/connections";
import type { StackConnections } from "../../stores/stack-connections";
import type { System } from "../../system";
import { type AccountContext, checkAccount } from "./account";
import type { Check, Findings } from "./check";
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
  const host = address.apiUrl === DEFAULT_API_URL ? "" : ` at ${address.apiUrl}`;
  const subject = `store ${address.storeHash}${host}`;
  try {
    const { connection, settings } = await connections.to(address, namedBy);
    const source: Check = {
      name: "credential",
      verdict: "ok",
      text: `credential from ${connection.target.credentialSource}`,
    };
    const listings = await readLists(system, connection, settings.timeoutMs());
    const around = {
      now: Math.floor(system.clock.now() / 1000),
      previous: settings.previousCredential(address.storeHash)?.source,
      storeHash: address.storeHash,
    };
    return { subject, checks: [source, ...checksOf(listings, held, around)] };
  } catch (thrown) {
    return { subject, checks: [{ name: "credential", verdict: "bad", text: asError(thrown).message }] };
  }
}

async function readLists(system: System, connection: Connection, timeoutMs: number): Promise<Listings> {
  const listings = [];
  for (const kind of Object.values(KINDS)) {
    const listing = await readWholeList(connection, kind.family, timeoutMs);
    const serverMs = httpDateMs(headersOf(listing)["date"]);
    const skewS = serverMs === undefined ? undefined : Math.round((serverMs - system.clock.now()) / 1000);
    listings.push({ kind, listing, skewS });
  }
  return listings;
}

function checksOf(listings: Listings, held: readonly HeldToken[], around: AccountContext): readonly Check[] {
  const refused = listings.map(({ listing }) => listing).find((each) => isStatus(each, 401));
  if (refused) {
    const text =
      "BigCommerce refuses the credential (401): it is not, or no longer, one of an API account of this store";
    return [{ name: "access", verdict: "bad", text }, ...clockAndQuota(listings)];
  }
  return [
    checkGeneration(listings),
    checkAccount(listings, held, around),
    ...checkScopes(listings, new Set(held.map(({ kind }) => kind))),
    ...clockAndQuota(listings),
    ...checkRevoked(listings),
  ];
}

function checkGeneration(listings: Listings): Check {
  const name = "generation";
  if (listings.some(({ listing }) => listing.kind === "listed")) {
    return { name, verdict: "ok", text: "generation 2: the store lists its tokens" };
  }
  if (listings.some(({ listing }) => listing.kind === "no list")) {
    const text =
      "generation 1: the store has no token lists, so that a lost token cannot be found, and --live cannot compare";
    return { name, verdict: "ok", text };
  }
  const failures = listings.flatMap(({ listing }) =>
    listing.kind === "unreadable" ? [listing.failed.failure.what] : [],
  );
  return {
    name,
    verdict: "unknown",
    text: `the lists could not be read: ${[...new Set(failures)].join("; ")}`,
  };
}

/** Storefront and private tokens need the same scope. A scope that no token needs may be missing. */
function checkScopes(listings: Listings, used: ReadonlySet<KindName>): readonly Check[] {
  const name = "scopes";
  if (!listings.some(({ listing }) => listing.kind === "listed" || isStatus(listing, 403))) {
    const text = "OAuth scopes: unknown, because without token lists only a mint would show them";
    return [{ name, verdict: "unknown", text }];
  }
  const scopes = new Map<string, { lacks: boolean; isUsed: boolean }>();
  for (const { kind, listing } of listings) {
    const known = scopes.get(kind.oauthScope) ?? { lacks: false, isUsed: false };
    const lacks = known.lacks || isStatus(listing, 403);
    scopes.set(kind.oauthScope, { lacks, isUsed: known.isUsed || used.has(kind.name) });
  }
  const all = [...scopes.values()].every(({ lacks }) => lacks)
    ? "; or the store hash is wrong, to which BigCommerce responds alike"
    : "";
  return [...scopes].map(([scope, { lacks, isUsed }]) => {
    if (!lacks) return { name, verdict: "ok", text: `OAuth scope "${scope}"` };
    const text = `the API account lacks the OAuth scope "${scope}"${all}`;
    return isUsed || all !== ""
      ? { name, verdict: "bad", text }
      : { name, verdict: "ok", text: `${text}, which no token of the state needs` };
  });
}

function clockAndQuota(listings: Listings): readonly Check[] {
  const skews = listings.map(({ skewS }) => skewS).filter((skew) => skew !== undefined);
  const skew = skews.at(-1);
  const quota = listings
    .map(({ listing }) => quotaNews(headersOf(listing)))
    .findLast(({ left }) => left !== undefined);
  return [
    skew === undefined
      ? {
          name: "clock",
          verdict: "unknown",
          text: "clock: unknown, because the store does not send its time",
        }
      : Math.abs(skew) <= MAX_SKEW_S
        ? { name: "clock", verdict: "ok", text: `clock: no more than ${MAX_SKEW_S} s from the store's` }
        : {
            name: "clock",
            verdict: "bad",
            text: `clock: this machine's is ${Math.abs(skew)} s ${skew > 0 ? "behind" : "ahead of"} the store's: set it`,
          },
    quota?.left === undefined
      ? { name: "quota", verdict: "unknown", text: "quota: unknown, because the store does not send it" }
      : {
          name: "quota",
          verdict: "ok",
          text: `quota: ${quota.left}${quota.quota === undefined ? "" : ` of ${quota.quota}`} requests left in this window`,
        },
  ];
}

/** "Each store can hold a limited number of revoked tokens that have not yet expired"; the number is not published. */
function checkRevoked(listings: Listings): readonly Check[] {
  const lists = listings.map(({ listing }) => listing).filter((listing) => listing.kind === "listed");
  if (lists.length === 0) return [];
  const count = lists
    .flatMap(({ byJti }) => [...byJti.values()])
    .filter(({ isRevoked, isExpired }) => isRevoked && !isExpired).length;
  const atLeast = lists.every(({ isWhole, unread }) => isWhole && unread.size === 0) ? "" : "at least ";
  const text = `${atLeast}${count} revoked token${count === 1 ? "" : "s"} of this API account not expired yet; a store holds a limited number`;
  return [{ name: "revoked", verdict: "ok", text }];
}

function isStatus(listing: TokenList, status: number): boolean {
  return listing.kind !== "listed" && listing.failed.failure.status === status;
}

function headersOf(listing: TokenList): ReplyHeaders {
  return listing.kind === "listed" ? listing.headers : (listing.failed.reply?.headers ?? {});
}
