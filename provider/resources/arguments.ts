import type * as pulumi from "@pulumi/pulumi";

/**
 * A list. Its order does not matter, and duplicates are ignored.
 *
 * @inline
 */
type InputSet<T> = pulumi.Input<pulumi.Input<T>[]>;

/** @inline */
type ExpiresAt = pulumi.Input<string | number>;
/** @inline */
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
   * At least 10 seconds in the future. A change replaces the token; nothing rotates it. No default: `expiresAt` or
   * `lifetime` is required.
   *
   * @throws `pulumi preview` fails for milliseconds, `0`, fractions of a second, text without a time zone, dates that do
   * not exist, times in the past, and, once the token exists, for a time that moves with the clock of each run.
   * @see https://docs.bigcommerce.com/docs/rest-authentication/tokens (`expires_at`)
   * @example
   * ```ts
   * import { ImpersonationToken } from "pulumi-bigcommerce-tokens";
   *
   * // For an audit that ends on a known day.
   * const audit = new ImpersonationToken("audit", { channelIds: [1], expiresAt: "2027-01-31T00:00:00Z" });
   * ```
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
   * @throws `pulumi preview` fails for any other value.
   * @see https://docs.bigcommerce.com/docs/storefront/graphql/authentication ("rotate them regularly")
   * @example
   * ```ts
   * import { StorefrontToken } from "pulumi-bigcommerce-tokens";
   *
   * // Run `pulumi up` at least twice in the last 10 days of the 30: the first run in them rotates the token.
   * const web = new StorefrontToken("web", {
   *   channelIds: [1],
   *   allowedCorsOrigins: ["https://shop.example.com"],
   *   lifetime: "30d",
   * });
   * ```
   */
  lifetime: Lifetime;
  /**
   * How long before its expiration a token is rotated: a duration like `lifetime`, but shorter.
   * Default: a third of `lifetime`. A change sends no request, unless the token is due by the new value.
   *
   * @throws `pulumi preview` fails if every update would rotate the token, and for `rotateBefore` without `lifetime`.
   * @example
   * ```ts
   * import { PrivateToken } from "pulumi-bigcommerce-tokens";
   *
   * // Valid for up to 90 days. The first `pulumi up` in the last 45 of them rotates it.
   * const server = new PrivateToken("server", {
   *   channelIds: [1],
   *   scopes: ["Unauthenticated"],
   *   lifetime: "90d",
   *   rotateBefore: "45d",
   * });
   * ```
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
   * The ids of the channels whose storefronts accept the token: 1 to 1,000 whole numbers, each 1 or more. A set: order
   * and duplicates do not matter. A change replaces the token. No default.
   *
   * @throws `pulumi preview` fails for an empty list, for more than 1,000 channels, and for entries that are not whole
   * numbers of 1 or more.
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
   * @throws `pulumi preview` fails for any other value, and for `"always"` together with `expiresAt: "never"`.
   * @example
   * ```ts
   * import { PrivateToken } from "pulumi-bigcommerce-tokens";
   *
   * // Everything that uses this token gets it in the same update, so that no old token need stay valid.
   * const server = new PrivateToken("server", {
   *   channelIds: [1],
   *   scopes: ["Unauthenticated"],
   *   lifetime: "90d",
   *   overlap: "never",
   * });
   * ```
   */
  overlap?: pulumi.Input<"auto" | "always" | "never">;
  /**
   * What happens to the token when the resource is removed from the program or destroyed. `"revoke"` (default): it is
   * revoked. `"letExpire"`: it stays valid until it expires.
   *
   * @throws `pulumi preview` fails for any other value, and for `"letExpire"` together with `expiresAt: "never"`.
   */
  onDelete?: pulumi.Input<"revoke" | "letExpire">;
  /**
   * A token of this kind that was created by hand: the whole JWT. It becomes the resource's first token: nothing is
   * minted, and its users keep it. Later it is rotated and revoked like a minted token. Always secret. `channelIds`,
   * `allowedCorsOrigins` and `expiresAt` must be those of the token; with `lifetime` it keeps its own expiration.
   * Default: none. Removing the argument later changes nothing. A forced replacement fails as long as it is set.
   *
   * @throws `pulumi preview` fails for a value that is no token of this kind, for an expired token, and for one that does
   * not match the other arguments; `pulumi up` fails if the store's token list says that the token was revoked.
   * @see https://docs.bigcommerce.com/docs/rest-authentication/tokens
   * @example
   * ```ts
   * import * as pulumi from "@pulumi/pulumi";
   * import { PrivateToken } from "pulumi-bigcommerce-tokens";
   *
   * // Before: `pulumi config set --secret byHand`, which asks for the token.
   * const server = new PrivateToken("server", {
   *   adopt: new pulumi.Config().requireSecret("byHand"),
   *   channelIds: [1],
   *   scopes: ["Unauthenticated"],
   *   lifetime: "90d",
   * });
   * ```
   */
  adopt?: pulumi.Input<string>;
  /**
   * Tests a new token before the resources that depend on it receive it. `true`: at the GraphQL API of its channels.
   * `{ graphqlUrl }`: at the GraphQL API with that URL. The test is repeated until the token is accepted, at most for the
   * time of one operation (`BIGCOMMERCE_TIMEOUT_S`, 60 seconds). A token that is not accepted fails the update and stays
   * in the state; the next `pulumi up` tests it again. Default: `false`. A change applies to the next new token.
   *
   * @throws `pulumi preview` fails for any other value, and for `true` if the API host is neither BigCommerce's nor
   * loopback; `pulumi up` fails if the GraphQL API does not accept the token in time.
   * @see https://docs.bigcommerce.com/docs/storefront/graphql/authentication
   * @example
   * ```ts
   * import { PrivateToken } from "pulumi-bigcommerce-tokens";
   *
   * const server = new PrivateToken("server", {
   *   channelIds: [1],
   *   scopes: ["Unauthenticated"],
   *   lifetime: "90d",
   *   verify: true, // or { graphqlUrl: "https://shop.example.com/graphql" }
   * });
   * ```
   */
  verify?: pulumi.Input<boolean | { graphqlUrl: pulumi.Input<string> }>;
  /**
   * The store hash: 1 to 32 lower-case letters and digits, as in `api.bigcommerce.com/stores/{hash}`. Default: the stack's
   * configuration `bigcommerce:storeHash`, else the environment variable `BIGCOMMERCE_STORE_HASH`. A change of the
   * argument replaces the token. A change of the default never moves a token to another store: it fails.
   *
   * @throws `pulumi preview` fails without a store, for two different defaults, and for a default that differs from the
   * token's store.
   * @see https://docs.bigcommerce.com/docs/start/authentication/api-accounts
   * @example
   * ```ts
   * import { PrivateToken } from "pulumi-bigcommerce-tokens";
   *
   * // Its credential: the environment variable BIGCOMMERCE_ACCESS_TOKEN_DEF456.
   * const second = new PrivateToken("second", {
   *   storeHash: "def456",
   *   channelIds: [1],
   *   scopes: ["Unauthenticated"],
   *   lifetime: "90d",
   * });
   * ```
   */
  storeHash?: pulumi.Input<string>;
}

/** The arguments of every kind of token. `expiresAt` and `lifetime` exclude each other. */
export type TokenArgs<E extends MaybeExpiresAt = never, L extends MaybeLifetime = never> = CommonArgs &
  (FixedExpiry | LifetimeWithoutExpiresAt | ConditionalExpiry<E, L>);

/** The same, whatever the compiler knows of the expiration. */
export type AnyTokenArgs = TokenArgs<MaybeExpiresAt, MaybeLifetime>;

/**
 * The arguments of a `StorefrontToken`.
 *
 * @interface
 */
export type StorefrontTokenArgs<
  E extends MaybeExpiresAt = never,
  L extends MaybeLifetime = never,
> = TokenArgs<E, L> & {
  /**
   * The origins whose web pages may use the token: at most 2, each `http(s)://host[:port]` in lower case, without path,
   * trailing slash or wildcard, such as `"https://shop.example.com"`. A set: order and duplicates do not matter.
   * Default: none, which `[]` is as well. A change replaces the token.
   *
   * @throws `pulumi preview` fails for any other value, and corrects none.
   * @see https://docs.bigcommerce.com/docs/rest-authentication/tokens (`allowed_cors_origins`)
   */
  allowedCorsOrigins?: InputSet<string>;
};

/**
 * The arguments of a `PrivateToken`.
 *
 * @interface
 */
export type PrivateTokenArgs<E extends MaybeExpiresAt = never, L extends MaybeLifetime = never> = TokenArgs<
  E,
  L
> & {
  /**
   * The data that the token may access: one or more of `"Unauthenticated"`, `"Customer"`, `"B2B"`. No scope includes
   * another. A set: order and duplicates do not matter. A change replaces the token. No default.
   *
   * @throws `pulumi preview` fails for an empty list, and for any other scope.
   * @see https://docs.bigcommerce.com/docs/storefront/graphql/authentication (scopes)
   */
  scopes: InputSet<"Unauthenticated" | "Customer" | "B2B">;
};

/**
 * The arguments of an `ImpersonationToken`.
 *
 * @interface
 */
export type ImpersonationTokenArgs<
  E extends MaybeExpiresAt = never,
  L extends MaybeLifetime = never,
> = TokenArgs<E, L>;
