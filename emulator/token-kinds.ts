import type { OAuthScope, TokenType } from "./entities";

/** The differences between BigCommerce's three kinds of token. */
export interface TokenKind {
  readonly type: TokenType;
  /** The path segment below `/v3/storefront/`. */
  readonly segment: string;
  readonly oauthScope: OAuthScope;
  /** The claim `token_type`. Guess: `token_type` 3 for private tokens. */
  readonly tokenType: 1 | 2 | 3;
  /** The fields of a mint that only this kind has. */
  readonly ownFields: readonly ("allowed_cors_origins" | "scopes")[];
  /** True if browsers, which send `Origin`, may use the token. */
  readonly forBrowsers?: boolean;
  /** True if GraphQL accepts the header `X-Bc-Customer-Id` with the token. */
  readonly actsAsCustomer?: boolean;
}

export const TOKEN_KINDS: readonly TokenKind[] = [
  {
    type: "simple",
    segment: "api-token",
    oauthScope: "store_storefront_api",
    tokenType: 1,
    ownFields: ["allowed_cors_origins"],
    forBrowsers: true,
  },
  {
    type: "private",
    segment: "api-token-private",
    oauthScope: "store_storefront_api",
    tokenType: 3,
    ownFields: ["scopes"],
  },
  {
    type: "customer_impersonation",
    segment: "api-token-customer-impersonation",
    oauthScope: "store_storefront_api_customer_impersonation",
    tokenType: 2,
    ownFields: [],
    actsAsCustomer: true,
  },
];
