import { DAY } from "./expiry";

/** The rights of a token beyond its channels, each signed into it by BigCommerce. */
export type Right = "scopes" | "allowedCorsOrigins";

export type KindName = "storefront" | "private" | "impersonation";

/** Everything that sets one kind of token apart; handlers read it and never name a kind. */
export interface Kind {
  readonly name: KindName;
  /** The resource class. Pulumi has it in the type of every URN. */
  readonly className: string;
  /** What its tokens claim as `token_type`, where that is known. */
  readonly tokenType?: number;
  /** Path segment of the family: `/v3/storefront/{family}`. */
  readonly family: string;
  /** The scope that the API account needs, as the control panel names it. */
  readonly oauthScope: string;
  /** The inputs that only this kind has. */
  readonly rights: readonly Right[];
  /** A life longer than this is worth a warning, seconds. */
  readonly longLife?: number;
  /** BigCommerce ends the tokens of this kind that are bound to no origin. */
  readonly endsWithoutOrigins?: true;
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
    endsWithoutOrigins: true,
  },
  private: {
    name: "private",
    className: "PrivateToken",
    family: "api-token-private",
    oauthScope: "Storefront API Tokens: manage",
    rights: ["scopes"],
    longLife: 365 * DAY,
  },
  impersonation: {
    name: "impersonation",
    className: "ImpersonationToken",
    tokenType: 2,
    family: "api-token-customer-impersonation",
    oauthScope: "Storefront API Customer Impersonation Tokens: manage",
    rights: [],
    longLife: 30 * DAY,
  },
};
