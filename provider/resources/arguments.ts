import type * as pulumi from "@pulumi/pulumi";

/** A list whose order and duplicates do not matter. */
type InputSet<T> = pulumi.Input<pulumi.Input<T>[]>;

/** A token that ends at a time of your choice. */
interface FixedExpiry {
  /**
   * When the token ends: RFC 3339 with a zone (`"2027-01-31T00:00:00Z"`), Unix **seconds**, or `"never"`.
   * At least 10 seconds ahead. A change replaces the token. No default: give this or `lifetime`.
   *
   * @throws check fails for milliseconds, `0`, fractions, text without a zone, times that do not exist or are past.
   * @see https://docs.bigcommerce.com/docs/rest-authentication/tokens (`expires_at`)
   */
  expiresAt: pulumi.Input<string | number>;
  lifetime?: undefined;
  rotateBefore?: undefined;
}

/** A token that `pulumi up` rotates. */
interface RotatedExpiry {
  /**
   * The longest that one token may live: a whole number and a unit of `s`, `m`, `h`, `d` or `w`, from `"10s"` to
   * 100 years. Every `pulumi up` replaces a token that has no more than `rotateBefore` left. Expiries are rounded
   * down: to a day from 14 d on, to an hour from 1 d, to a minute from 1 h. No default: give this or `expiresAt`.
   *
   * @throws check fails for anything else.
   * @see https://docs.bigcommerce.com/docs/storefront/graphql/authentication ("rotate them regularly")
   */
  lifetime: pulumi.Input<string>;
  /**
   * How long before its end a token is rotated: a duration as in `lifetime`, and shorter than it.
   * Default: a third of `lifetime`. A change is recorded without a request, unless it makes the token due.
   *
   * @throws check fails where every update would rotate.
   */
  rotateBefore?: pulumi.Input<string>;
  expiresAt?: undefined;
}

interface CommonArgs {
  /**
   * The channels whose storefronts accept the token: at least one id, each 1 or more. A set. A change replaces the token.
   *
   * @throws check fails for an empty list and for anything but whole numbers.
   * @see https://docs.bigcommerce.com/docs/rest-authentication/tokens (`channel_ids`)
   */
  channelIds: InputSet<number>;
  /**
   * What becomes of a token that was replaced. `"auto"` (default): it is left to expire where its successor can do
   * all that it can, and revoked at the end of the update where it cannot. `"always"`: left to expire. `"never"`:
   * revoked. A token that never expires is revoked in any case. Read from the inputs given with the change.
   *
   * @throws check fails for `"always"` beside `expiresAt: "never"`.
   */
  overlap?: pulumi.Input<"auto" | "always" | "never">;
  /**
   * What becomes of a token whose resource is removed or destroyed: `"revoke"` (default) or `"letExpire"`.
   *
   * @throws check fails for `"letExpire"` beside `expiresAt: "never"`.
   */
  onDelete?: pulumi.Input<"revoke" | "letExpire">;
  /**
   * A token of this kind that was made by hand, which becomes the resource's first: nothing is minted, `token` stays
   * what its users hold already, and it is rotated and revoked like any other. Always secret. Its channels, origins
   * and end must be those of the other arguments; with `lifetime` it keeps its own end. Default: none. Removing it
   * later is no change; a forced replacement fails while it stands.
   *
   * @throws check fails for anything but a token of this kind that works still, and where it is not what the other
   * arguments say; create fails where the store's list says that it was revoked.
   * @see https://docs.bigcommerce.com/docs/rest-authentication/tokens
   */
  adopt?: pulumi.Input<string>;
  /**
   * Tries a new token before anything that depends on it gets it: `true` asks the GraphQL API of its channel,
   * `{ graphqlUrl }` the one at that URL, until it accepts the token or the time of an operation is up. A token that is
   * not accepted is kept in the state, and the next `pulumi up` tries it again. Default: `false`. A change counts from
   * the next token on.
   *
   * @throws check fails for anything else, and for `true` at an API host other than BigCommerce's own or loopback.
   * @see https://docs.bigcommerce.com/docs/storefront/graphql/authentication
   */
  verify?: pulumi.Input<boolean | { graphqlUrl: pulumi.Input<string> }>;
  /**
   * The store: 1 to 32 lower-case letters and digits, as in `api.bigcommerce.com/stores/{hash}`. Default: the stack's
   * `bigcommerce:storeHash`, else `BIGCOMMERCE_STORE_HASH`. A change here replaces the token; a changed default fails.
   *
   * @throws check fails without a store, for two different defaults, and where a default would move the token.
   * @see https://docs.bigcommerce.com/docs/start/authentication/api-accounts
   */
  storeHash?: pulumi.Input<string>;
}

/** What every kind of token takes: `expiresAt` or `lifetime`, never both. */
export type TokenArgs = CommonArgs & (FixedExpiry | RotatedExpiry);

/** The arguments of a `StorefrontToken`. */
export type StorefrontTokenArgs = TokenArgs & {
  /**
   * The origins whose pages may use the token: none, 1 or 2, each `http(s)://host[:port]` in lower case, without a
   * path, a slash at the end or a wildcard. A set; `[]` is the same as none. A change replaces the token.
   *
   * @throws check fails for anything else; nothing is repaired.
   * @see https://docs.bigcommerce.com/docs/rest-authentication/tokens (`allowed_cors_origins`)
   */
  allowedCorsOrigins?: InputSet<string>;
};

/** The arguments of a `PrivateToken`. */
export type PrivateTokenArgs = TokenArgs & {
  /**
   * What the token may do: at least one of `"Unauthenticated"`, `"Customer"`, `"B2B"`; none includes another. A set.
   * A change replaces the token.
   *
   * @throws check fails for an empty list and for other names.
   * @see https://docs.bigcommerce.com/docs/storefront/graphql/authentication (scopes)
   */
  scopes: InputSet<"Unauthenticated" | "Customer" | "B2B">;
};

/** The arguments of an `ImpersonationToken`. */
export type ImpersonationTokenArgs = TokenArgs;
