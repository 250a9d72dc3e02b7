import type * as pulumi from "@pulumi/pulumi";

import lifecycle = require("../lifecycle/impersonation");
import type { MaybeExpiresAt, MaybeLifetime, ImpersonationTokenArgs } from "./arguments";
import { TokenResource } from "./token-resource";

/**
 * A customer impersonation token. A server uses it for the GraphQL Storefront API, in the name of any customer, whose id
 * it sends as `X-Bc-Customer-Id`. It must never stand in JavaScript or HTML that a browser gets.
 *
 * @remarks The store and its credential come from the environment (`BIGCOMMERCE_STORE_HASH`, `BIGCOMMERCE_ACCESS_TOKEN`) or from the
 * stack's configuration (`bigcommerce:storeHash`, `bigcommerce:accessToken`), never from the program.
 *
 * @throws pulumi.RunError for the options `id`, `import` and `deleteBeforeReplace: true`; for credentials and the names
 * `id`, `urn` and `__provider` as arguments; and if Node.js cannot resolve this package from the program's folder.
 * @see https://docs.bigcommerce.com/docs/rest-authentication/tokens
 * @example
 * ```ts
 * import { ImpersonationToken } from "pulumi-bigcommerce-tokens";
 *
 * const support = new ImpersonationToken("support", { channelIds: [1], lifetime: "7d" });
 *
 * export const supportToken = support.token; // always secret
 * ```
 */
export class ImpersonationToken<
  E extends MaybeExpiresAt = MaybeExpiresAt,
  L extends MaybeLifetime = MaybeLifetime,
> extends TokenResource {
  /**
   * @param name The name of the resource in its stack. It is part of the token's label.
   * @param args What the token is, and when it is rotated and revoked.
   * @param opts Pulumi's options of a resource.
   */
  constructor(name: string, args: ImpersonationTokenArgs<E, L>, opts?: pulumi.CustomResourceOptions) {
    super("impersonation", lifecycle, name, args, opts);
  }
}
