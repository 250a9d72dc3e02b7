import type * as pulumi from "@pulumi/pulumi";

/** A list. Its order does not matter, and duplicates are ignored. */
type InputSet<T> = pulumi.Input<pulumi.Input<T>[]>;

type ExpiresAt = pulumi.Input<string | number>;
type Lifetime = pulumi.Input<string>;

/** What `expiresAt` and `lifetime` can be: the compiler infers either from the arguments. */
export type MaybeExpiresAt = ExpiresAt | undefined;
export type MaybeLifetime = Lifetime | undefined;

declare const reason: unique symbol;

/** What no value is. The compiler's error quotes the reason. */
interface Refused<Reason extends string> {
  readonly [reason]: Reason;
}

/** A token that expires at a fixed time. */
interface FixedExpiry {
  /**
   * When the token expires: RFC 3339 with a time zone (`"2027-01-31T00:00:00Z"`), Unix **seconds**, or `"never"`.
   * At least 10 seconds in the future. A change replaces the token. No default: `expiresAt` or `lifetime` is required.
   *
   * @throws check fails for milliseconds, `0`, fractions of a second, text without a time zone, dates that do not exist,
   * and times in the past.
   * @see https://docs.bigcommerce.com/docs/rest-authentication/tokens (`expires_at`)
   */
  expiresAt: ExpiresAt;
  lifetime?: undefined | Refused<"lifetime stands beside expiresAt: give one of them">;
  rotateBefore?: undefined;
}

/** A token that `pulumi up` rotates. */
interface LifetimeWithoutExpiresAt {
  /**
   * How long each token is valid at most: a whole number and a unit (`s`, `m`, `h`, `d`, `w`), such as `"90d"`, from
   * `"10s"` to 100 years. `pulumi up` rotates a token that expires within `rotateBefore`. The expiration is rounded down:
   * to a full day from 14 d on, to an hour from 1 d, to a minute from 1 h. No default: `lifetime` or `expiresAt` is
   * required.
   *
   * @throws check fails for any other value.
   * @see https://docs.bigcommerce.com/docs/storefront/graphql/authentication ("rotate them regularly")
   */
  lifetime: Lifetime;
  /**
   * How long before its expiration a token is rotated: a duration like `lifetime`, but shorter.
   * Default: a third of `lifetime`. A change sends no request, unless the token is due by the new value.
   *
   * @throws check fails if every update would rotate the token.
   */
  rotateBefore?: pulumi.Input<string>;
  expiresAt?: undefined | Refused<"expiresAt stands beside lifetime: give one of them">;
}

/**
 * One of both, as a condition has it: `expiresAt: fixed ? end : undefined, lifetime: fixed ? undefined : "90d"`. Nothing if
 * one of them is always given, or always missing: then the condition would give both or neither.
 */
type ConditionalExpiry<E extends MaybeExpiresAt, L extends MaybeLifetime> = undefined extends E
  ? [E] extends [undefined]
    ? never
    : undefined extends L
      ? [L] extends [undefined]
        ? never
        : OneOfBoth<E, L>
      : never
  : never;

type Both = Pick<FixedExpiry, "expiresAt"> & Pick<LifetimeWithoutExpiresAt, "lifetime" | "rotateBefore">;

/** Mapped, so that editors show what the properties say above. */
type OneOfBoth<E, L> = {
  [P in keyof Both]: P extends "expiresAt" ? E : P extends "lifetime" ? L : MaybeLifetime;
};

interface CommonArgs {
  /**
   * The ids of the channels whose storefronts accept the token: one or more whole numbers, each 1 or more. A set: order
   * and duplicates do not matter. A change replaces the token.
   *
   * @throws check fails for an empty list and for entries that are no whole numbers.
   * @see https://docs.bigcommerce.com/docs/rest-authentication/tokens (`channel_ids`)
   */
  channelIds: InputSet<number>;
  /**
   * What happens to the old token when the resource is replaced. The value given together with the change applies.
   * A token that never expires is always revoked.
   *
   * - `"auto"` (default): the old token stays valid until it expires, if the new token has at least its rights and expires
   *   no earlier. Otherwise it is revoked at the end of the update.
   * - `"always"`: the old token stays valid until it expires.
   * - `"never"`: the old token is revoked at the end of the update.
   *
   * @throws check fails for `"always"` together with `expiresAt: "never"`.
   */
  overlap?: pulumi.Input<"auto" | "always" | "never">;
  /**
   * What happens to the token when the resource is removed from the program or destroyed. `"revoke"` (default): it is
   * revoked. `"letExpire"`: it stays valid until it expires.
   *
   * @throws check fails for `"letExpire"` together with `expiresAt: "never"`.
   */
  onDelete?: pulumi.Input<"revoke" | "letExpire">;
  /**
   * A token of this kind that was created by hand. It becomes the resource's first token: nothing is minted, and its
   * users keep it. Later it is rotated and revoked like a minted token. Always secret. `channelIds`,
   * `allowedCorsOrigins` and `expiresAt` must be those of the token; with `lifetime` it keeps its own expiration.
   * Default: none. Removing the argument later changes nothing. A forced replacement fails as long as it is set.
   *
   * @throws check fails for a value that is no token of this kind, for an expired token, and for one that does not match
   * the other arguments; create fails if the store's token list says that the token was revoked.
   * @see https://docs.bigcommerce.com/docs/rest-authentication/tokens
   */
  adopt?: pulumi.Input<string>;
  /**
   * Tests a new token before the resources that depend on it receive it. `true`: at the GraphQL API of its channels.
   * `{ graphqlUrl }`: at the GraphQL API with that URL. The test is repeated until the token is accepted, at most for the
   * time of one operation (`BIGCOMMERCE_TIMEOUT_S`). A token that is not accepted stays in the state, and the next
   * `pulumi up` tests it again. Default: `false`. A change applies to the next new token.
   *
   * @throws check fails for any other value, and for `true` if the API host is neither BigCommerce's nor loopback.
   * @see https://docs.bigcommerce.com/docs/storefront/graphql/authentication
   */
  verify?: pulumi.Input<boolean | { graphqlUrl: pulumi.Input<string> }>;
  /**
   * The store hash: 1 to 32 lower-case letters and digits, as in `api.bigcommerce.com/stores/{hash}`. Default: the stack's
   * configuration `bigcommerce:storeHash`, else the environment variable `BIGCOMMERCE_STORE_HASH`. A change of the
   * argument replaces the token. A change of the default never moves a token to another store: it fails.
   *
   * @throws check fails without a store, for two different defaults, and for a default that differs from the token's store.
   * @see https://docs.bigcommerce.com/docs/start/authentication/api-accounts
   */
  storeHash?: pulumi.Input<string>;
}

/** The arguments of every kind of token. `expiresAt` and `lifetime` exclude each other. */
export type TokenArgs<E extends MaybeExpiresAt = never, L extends MaybeLifetime = never> = CommonArgs &
  (FixedExpiry | LifetimeWithoutExpiresAt | ConditionalExpiry<E, L>);

/** The same, whatever the compiler knows of the expiration. */
export type AnyTokenArgs = TokenArgs<MaybeExpiresAt, MaybeLifetime>;

/** The arguments of a `StorefrontToken`. */
export type StorefrontTokenArgs<
  E extends MaybeExpiresAt = never,
  L extends MaybeLifetime = never,
> = TokenArgs<E, L> & {
  /**
   * The origins whose web pages may use the token: at most 2, each `http(s)://host[:port]` in lower case, without path,
   * trailing slash or wildcard, such as `"https://shop.example.com"`. A set: order and duplicates do not matter; `[]` is
   * the same as none. A change replaces the token.
   *
   * @throws check fails for any other value, and corrects none.
   * @see https://docs.bigcommerce.com/docs/rest-authentication/tokens (`allowed_cors_origins`)
   */
  allowedCorsOrigins?: InputSet<string>;
};

/** The arguments of a `PrivateToken`. */
export type PrivateTokenArgs<E extends MaybeExpiresAt = never, L extends MaybeLifetime = never> = TokenArgs<
  E,
  L
> & {
  /**
   * The data that the token may access: one or more of `"Unauthenticated"`, `"Customer"`, `"B2B"`. No scope includes
   * another. A set: order and duplicates do not matter. A change replaces the token.
   *
   * @throws check fails for an empty list and for any other scope.
   * @see https://docs.bigcommerce.com/docs/storefront/graphql/authentication (scopes)
   */
  scopes: InputSet<"Unauthenticated" | "Customer" | "B2B">;
};

/** The arguments of an `ImpersonationToken`. */
export type ImpersonationTokenArgs<
  E extends MaybeExpiresAt = never,
  L extends MaybeLifetime = never,
> = TokenArgs<E, L>;
