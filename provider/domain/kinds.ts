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
  /** The OAuth scope that the API account needs, as named in BigCommerce's control panel and in its OAuth flow. */
  readonly oauthScope: string;
  /** The inputs that only this kind has. */
  readonly rights: readonly Right[];
  /** Seconds: a token that is valid for longer causes a warning. */
  readonly longValidity?: number;
  /** Set if tokens of this kind are for browsers, so that they need allowed origins. */
  readonly forBrowsers?: true;
}

/** Storefront tokens made after 2026-06-30 do not work from servers: one of the three pages that say so. */
export const BROWSERS_ONLY_PAGE = "https://docs.bigcommerce.com/docs/start/authentication/graphql-storefront";
/** None is made without origins after 2026-06-30, and none accepted after 2027-03-31: only quotes of this page say so. */
export const ORIGINS_PAGE = "https://docs.bigcommerce.com/docs/storefront/graphql/authentication";

const TOKENS_SCOPE = '"Storefront API Tokens: manage" (store_storefront_api)';
const IMPERSONATION_SCOPE =
  '"Storefront API Customer Impersonation Tokens: manage" (store_storefront_api_customer_impersonation)';

/** https://docs.bigcommerce.com/docs/rest-authentication/tokens */
export const KINDS: Readonly<Record<KindName, Kind>> = {
  storefront: {
    name: "storefront",
    className: "StorefrontToken",
    tokenType: 1,
    family: "api-token",
    oauthScope: TOKENS_SCOPE,
    rights: ["allowedCorsOrigins"],
    forBrowsers: true,
  },
  private: {
    name: "private",
    className: "PrivateToken",
    family: "api-token-private",
    oauthScope: TOKENS_SCOPE,
    rights: ["scopes"],
    longValidity: 365 * DAY,
  },
  impersonation: {
    name: "impersonation",
    className: "ImpersonationToken",
    tokenType: 2,
    family: "api-token-customer-impersonation",
    oauthScope: IMPERSONATION_SCOPE,
    rights: [],
    longValidity: 30 * DAY,
  },
};

/** The kind that claims a `token_type`, if BigCommerce has published it. */
export function kindOfType(tokenType: number | undefined): KindName | undefined {
  if (tokenType === undefined) return undefined;
  return Object.values(KINDS).find((kind) => kind.tokenType === tokenType)?.name;
}

/** The type of a kind's resources in URNs: in a program with the classes, and in one with the plugin. */
export const typesOf = ({ className }: { readonly className: string }) => ({
  dynamic: `pulumi-nodejs:dynamic/bigcommerce:${className}`,
  plugin: `bigcommerce:index:${className}`,
});

const KIND_OF_TYPE: ReadonlyMap<string, KindName> = new Map(
  Object.values(KINDS).flatMap((kind) =>
    Object.values(typesOf(kind)).map((type): [string, KindName] => [type, kind.name]),
  ),
);

/** The kind of a resource's type. Undefined if the resource is not one of this package. */
export function kindOf(type: string): KindName | undefined {
  return KIND_OF_TYPE.get(type);
}
