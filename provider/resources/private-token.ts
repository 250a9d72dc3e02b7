import type * as pulumi from "@pulumi/pulumi";

import lifecycle = require("../lifecycle/private");
import type { MaybeExpiresAt, MaybeLifetime, PrivateTokenArgs } from "./arguments";
import { TokenResource } from "./token-resource";

/**
 * A private token. A server uses it for the GraphQL Storefront API; it is limited to channels and scopes. It must never
 * reach a browser.
 *
 * @remarks The store and its credential come from the environment (`BIGCOMMERCE_STORE_HASH`, `BIGCOMMERCE_ACCESS_TOKEN`) or from the
 * stack's configuration (`bigcommerce:storeHash`, `bigcommerce:accessToken`), never from the program.
 *
 * @throws pulumi.RunError for the options `id`, `import` and `deleteBeforeReplace: true`; for credentials and the names
 * `id`, `urn` and `__provider` as arguments; and if Node.js cannot resolve this package from the program's folder.
 * @see https://docs.bigcommerce.com/docs/rest-authentication/tokens
 * @example
 * ```ts
 * import { PrivateToken } from "pulumi-bigcommerce-tokens";
 *
 * const server = new PrivateToken("server", {
 *   channelIds: [1],
 *   scopes: ["Unauthenticated", "Customer"],
 *   lifetime: "90d", // rotated by `pulumi up` ...
 *   rotateBefore: "30d", // ... in its last 30 days
 * });
 *
 * export const serverToken = server.token; // always secret
 * ```
 */
export class PrivateToken<
  E extends MaybeExpiresAt = MaybeExpiresAt,
  L extends MaybeLifetime = MaybeLifetime,
> extends TokenResource {
  /** The data that the token may access: its scopes, sorted by code unit, without duplicates. */
  declare readonly scopes: pulumi.Output<string[]>;

  /**
   * @param name The name of the resource in its stack. It is part of the token's label.
   * @param args What the token is, and when it is rotated and revoked.
   * @param opts Pulumi's options of a resource.
   */
  constructor(name: string, args: PrivateTokenArgs<E, L>, opts?: pulumi.CustomResourceOptions) {
    super("private", lifecycle, name, args, opts);
  }
}
