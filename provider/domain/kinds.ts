import { DAY } from "./expiry";

/** The inputs that limit a token's rights, besides its channels. BigCommerce signs them into the token. */
export type Right = "scopes" | "allowedCorsOrigins";

export type KindName = "storefront" | "private" | "impersonation";

/** Everything in which one kind of token differs from the others. Handlers read it, and never name a kind. */
export interface Kind {
  readonly name: KindName;
  /** The name of the resource class. Pulumi has it in the type of every URN. */
  readonly className: string;
  /** The claim `token_type` of its tokens. Absent for private tokens, whose value is not known. */
  readonly tokenType?: number;
  /** The path segment in `/v3/storefront/{family}`. */
  readonly family: string;
  /** The OAuth scope that the API account needs, as named in BigCommerce's control panel. */
  readonly oauthScope: string;
  /** The inputs that only this kind has. */
  readonly rights: readonly Right[];
  /** Seconds: a token that is valid for longer causes a warning. */
  readonly longValidity?: number;
  /** Set if BigCommerce no longer accepts tokens of this kind without allowed origins. */
  readonly refusedWithoutOrigins?: true;
}

/** https://docs.bigcommerce.com/docs/rest-authentication/tokens */
export const KINDS: Readonly<Record<KindName, Kind>> = {
  storefront: {
    name: "storefront",
    className: "StorefrontToken",
    tokenType: 1,
    family: "api-token",
    oauthScope: "Storefront API Tokens: manage",
    rights: ["allowedCorsOrigins"],
    refusedWithoutOrigins: true,
  },
  private: {
    name: "private",
    className: "PrivateToken",
    family: "api-token-private",
    oauthScope: "Storefront API Tokens: manage",
    rights: ["scopes"],
    longValidity: 365 * DAY,
  },
  impersonation: {
    name: "impersonation",
    className: "ImpersonationToken",
    tokenType: 2,
    family: "api-token-customer-impersonation",
    oauthScope: "Storefront API Customer Impersonation Tokens: manage",
    rights: [],
    longValidity: 30 * DAY,
  },
};

/** The kind that claims a `token_type`, if BigCommerce has published it. */
export function kindOfType(tokenType: number | undefined): KindName | undefined {
  if (tokenType === undefined) return undefined;
  return Object.values(KINDS).find((kind) => kind.tokenType === tokenType)?.name;
}
