import { defined } from "../../provider/defined";
import type { Claims } from "../../provider/domain/claims";
import { type KindName, kindOfType } from "../../provider/domain/kinds";
import { DAY, earlier, type Expiry, formatTime } from "../../provider/domain/expiry";
import { tokenOf } from "../../provider/domain/token";
import type { HeldToken } from "./held-token";

/** What a token says of itself. Nobody has verified it: BigCommerce publishes no key. */
export interface TokenFacts extends Omit<Claims, "expiresAt"> {
  readonly fingerprint: string;
  /** As far as the token tells; undefined where it says nothing that is known. */
  readonly kind?: KindName;
  /** `never` where it names no end. */
  readonly expiry: Expiry;
}

/** Something that ends, and what is left then. */
interface Deadline {
  /** Unix seconds. */
  readonly at?: number;
  readonly what: string;
}

export interface Restrictions {
  /** The nearest first. */
  readonly endings: readonly Deadline[];
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
const STOREFRONT_END = Date.UTC(2027, 2, 31) / 1000;

export function factsOf(token: string): TokenFacts {
  const { fingerprint, claims } = tokenOf(token);
  const { expiresAt: expiry = "never", tokenType, storeId, ...rest } = claims;
  const kind = kindOfType(tokenType) ?? (tokenType === GUESSED_PRIVATE_TYPE ? "private" : undefined);
  return { fingerprint, ...defined({ kind, tokenType, storeId }), ...rest, expiry };
}

/** A state knows the kind for certain, and an end that a token may not name. */
export function withState(facts: TokenFacts, held: HeldToken | undefined): TokenFacts {
  if (!held) return facts;
  return { ...facts, kind: held.kind, expiry: earlier(facts.expiry, held.expiry ?? "never") };
}

/** What of a token stops working when, and what of it has not worked since before it was issued. */
export function restrictionsOf(facts: TokenFacts, now: number): Restrictions {
  const { expiry, kind, allowedCorsOrigins, issuedAt = 0 } = facts;
  const endings: Deadline[] = [];
  const limits: string[] = [];
  if (expiry === "never") endings.push({ what: "it names no end: it works until somebody revokes it" });
  else endings.push({ at: expiry, what: expiry <= now ? "it expired" : "it expires" });
  if (kind === "storefront" && (expiry === "never" || expiry > now)) {
    if (issuedAt >= STOREFRONT_CUT + DAY) {
      limits.push("works in browsers only (since 2026-06-30): servers need a private token");
    } else {
      const what = "storefront tokens of its age stop working from servers, which need a private one";
      endings.push({ at: STOREFRONT_END, what });
    }
    if (allowedCorsOrigins?.length === 0) {
      if (issuedAt >= STOREFRONT_END) {
        limits.push("not accepted, because it is bound to no origin (since 2027-03-31)");
      } else {
        const what =
          "BigCommerce no longer accepts storefront tokens that are bound to no origin, as this one is";
        endings.push({ at: STOREFRONT_END, what });
      }
    }
  }
  return { endings: endings.sort((a, b) => (a.at ?? Infinity) - (b.at ?? Infinity)), limits };
}

export function deadlineText({ at, what }: Deadline): string {
  return at === undefined ? what : `${formatTime(at).slice(0, 10)}: ${what}`;
}
