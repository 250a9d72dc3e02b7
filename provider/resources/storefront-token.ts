import type * as pulumi from "@pulumi/pulumi";

import lifecycle = require("../lifecycle/storefront");
import type { MaybeExpiresAt, MaybeLifetime, StorefrontTokenArgs } from "./arguments";
import { TokenResource } from "./token-resource";

/**
 * A storefront token. A browser uses it for the GraphQL Storefront API; it is limited to channels and up to two origins.
 *
 * @throws pulumi.RunError for the options `id`, `import` and `deleteBeforeReplace: true`; for credentials and the names
 * `id`, `urn` and `__provider` as arguments; and if Node.js cannot resolve this package from the program's folder.
 * @see https://docs.bigcommerce.com/docs/rest-authentication/tokens
 * @example
 * const origins = ["https://shop.example.com"];
 * const web = new StorefrontToken("web", { channelIds: [1], allowedCorsOrigins: origins, lifetime: "30d" });
 */
export class StorefrontToken<
  E extends MaybeExpiresAt = MaybeExpiresAt,
  L extends MaybeLifetime = MaybeLifetime,
> extends TokenResource {
  /** Sorted by code unit, without duplicates. Undefined if there are none. */
  declare readonly allowedCorsOrigins: pulumi.Output<string[] | undefined>;

  constructor(name: string, args: StorefrontTokenArgs<E, L>, opts?: pulumi.CustomResourceOptions) {
    super("storefront", lifecycle, name, args, opts);
  }
}
