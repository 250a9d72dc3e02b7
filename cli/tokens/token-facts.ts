import { defined } from "../../provider/defined";
import type { Claims } from "../../provider/domain/claims";
import { BROWSERS_ONLY_PAGE, type KindName, kindOfType, ORIGINS_PAGE } from "../../provider/domain/kinds";
import { DAY, earlier, type Expiry, formatTime } from "../../provider/domain/expiry";
import { tokenOf } from "../../provider/domain/token";
import type { HeldToken } from "./held-token";

/** What a token claims. The claims are unverified: BigCommerce publishes no key. */
export interface TokenFacts extends Omit<Claims, "expiresAt"> {
  readonly fingerprint: string;
  /** Undefined if the token claims no known type. */
  readonly kind?: KindName;
  /** `never` if the token claims no expiration. Absent if its claims cannot be read, and no state tells. */
  readonly expiry?: Expiry;
}

/** When something of a token stops working. */
interface Deadline {
  /** Unix seconds; absent if it never does. */
  readonly at?: number;
  readonly what: string;
}

export interface Restrictions {
  /** The nearest first. */
  readonly deadlines: readonly Deadline[];
  /** What the token could never do. */
  readonly limits: readonly string[];
}

/**
 * BigCommerce does not publish the `token_type` of private tokens. 3 is a guess, after 1 and 2 of the other kinds.
 * https://docs.bigcommerce.com/docs/rest-authentication/tokens
 */
const GUESSED_PRIVATE_TYPE = 3;

/** "Storefront tokens can no longer be created without allowed_cors_origins", and no more from servers. */
const STOREFRONT_CUT = Date.UTC(2026, 5, 30) / 1000;
/** "Storefront tokens without allowed_cors_origins will no longer be accepted", and no older ones from servers. */
/** The page could not be read itself; another page of the vendor marks origins optional. */
const QUOTED = `as others quote ${ORIGINS_PAGE}`;
const STOREFRONT_END = Date.UTC(2027, 2, 31) / 1000;

export function factsOf(token: string): TokenFacts {
  const { fingerprint, claims } = tokenOf(token);
  const { tokenType, storeId, ...rest } = claims;
  const expiry: Expiry | undefined =
    Object.keys(claims).length === 0 ? undefined : (claims.expiresAt ?? "never");
  const kind = kindOfType(tokenType) ?? (tokenType === GUESSED_PRIVATE_TYPE ? "private" : undefined);
  const { expiresAt: _, ...facts } = rest;
  return { fingerprint, ...defined({ kind, tokenType, storeId }), ...facts, ...defined({ expiry }) };
}

/** What a state tells of a token whose text is not at hand. */
export function factsOfHeld(fingerprint: string, held: HeldToken): TokenFacts {
  const { kind, jti, issuedAt, expiry, channelIds, apiAccount, hidden } = held;
  const allowedCorsOrigins =
    held.allowedCorsOrigins ?? (hidden.includes("allowedCorsOrigins") ? undefined : []);
  return {
    ...{ fingerprint, kind },
    ...defined({ jti, issuedAt, expiry, channelIds, allowedCorsOrigins, apiAccount }),
  };
}

/** Adds what the state of the token knows: its kind for certain, and an expiration that it may not claim. */
export function withState(facts: TokenFacts, held: HeldToken | undefined): TokenFacts {
  if (!held) return facts;
  const known = [facts.expiry, held.expiry].filter((each) => each !== undefined);
  const expiry = known.length === 0 ? undefined : known.reduce(earlier);
  return { ...facts, kind: held.kind, ...defined({ expiry }) };
}

/** What of a token stops working when, and what never worked. */
export function restrictionsOf(facts: TokenFacts, now: number): Restrictions {
  const { expiry, kind, allowedCorsOrigins, issuedAt = 0 } = facts;
  const deadlines: Deadline[] = [];
  const limits: string[] = [];
  if (expiry === "never") deadlines.push({ what: "it never expires: it works until it is revoked" });
  else if (expiry !== undefined)
    deadlines.push({ at: expiry, what: expiry <= now ? "it expired" : "it expires" });
  if (kind === "storefront" && (typeof expiry !== "number" || expiry > now)) {
    if (issuedAt >= STOREFRONT_CUT + DAY) {
      limits.push(
        `works only in browsers (made after 2026-06-30, ${BROWSERS_ONLY_PAGE}): a server needs a PrivateToken`,
      );
    } else {
      const what = `storefront tokens made by 2026-06-30 stop working from servers (${BROWSERS_ONLY_PAGE}): a server needs a PrivateToken`;
      deadlines.push({ at: STOREFRONT_END, what });
    }
    if (allowedCorsOrigins?.length === 0) {
      if (issuedAt >= STOREFRONT_END) {
        limits.push(`not accepted since 2027-03-31, for it has no allowed origin (${QUOTED})`);
      } else {
        const what = `BigCommerce stops accepting storefront tokens without an allowed origin, such as this one (${QUOTED})`;
        deadlines.push({ at: STOREFRONT_END, what });
      }
    }
  }
  return { deadlines: deadlines.sort((a, b) => (a.at ?? Infinity) - (b.at ?? Infinity)), limits };
}

export function deadlineText({ at, what }: Deadline): string {
  return at === undefined ? what : `${formatTime(at).slice(0, 10)}: ${what}`;
}
