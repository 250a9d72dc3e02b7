import type * as pulumi from "@pulumi/pulumi";

import lifecycle = require("../lifecycle/storefront");
import type { MaybeExpiresAt, MaybeLifetime, StorefrontTokenArgs } from "./arguments";
import { TokenResource } from "./token-resource";

/**
 * A storefront token. A browser uses it for the GraphQL Storefront API; it is limited to channels and up to two origins.
 *
 * @remarks The store and its credential come from the environment (`BIGCOMMERCE_STORE_HASH`, `BIGCOMMERCE_ACCESS_TOKEN`) or from the
 * stack's configuration (`bigcommerce:storeHash`, `bigcommerce:accessToken`), never from the program.
 *
 * @throws pulumi.RunError for the options `id`, `import` and `deleteBeforeReplace: true`; for credentials and the names
 * `id`, `urn` and `__provider` as arguments; and if Node.js cannot resolve this package from the program's folder.
 * @see https://docs.bigcommerce.com/docs/rest-authentication/tokens
 * @example
 * ```ts
 * import { StorefrontToken } from "pulumi-bigcommerce-tokens";
 *
 * const web = new StorefrontToken("web", {
 *   channelIds: [1, 2],
 *   allowedCorsOrigins: ["https://shop.example.com"],
 *   lifetime: "30d", // rotated by `pulumi up` in its last 10 days
 * });
 *
 * export const webToken = web.token; // always secret
 * ```
 */
export class StorefrontToken<
  E extends MaybeExpiresAt = MaybeExpiresAt,
  L extends MaybeLifetime = MaybeLifetime,
> extends TokenResource {
  /** The origins whose web pages may use the token, sorted by code unit, without duplicates. Undefined if there are none. */
  declare readonly allowedCorsOrigins: pulumi.Output<string[] | undefined>;

  /**
   * @param name The name of the resource in its stack. It is part of the token's label.
   * @param args What the token is, and when it is rotated and revoked.
   * @param opts Pulumi's options of a resource.
   */
  constructor(name: string, args: StorefrontTokenArgs<E, L>, opts?: pulumi.CustomResourceOptions) {
    super("storefront", lifecycle, name, args, opts);
  }
}
