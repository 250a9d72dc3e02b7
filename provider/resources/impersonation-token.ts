import type * as pulumi from "@pulumi/pulumi";

import lifecycle = require("../lifecycle/impersonation");
import type { MaybeExpiresAt, MaybeLifetime, ImpersonationTokenArgs } from "./arguments";
import { TokenResource } from "./token-resource";

/**
 * A customer impersonation token. A server uses it for the GraphQL Storefront API, in the name of any customer, whose id
 * it sends as `X-Bc-Customer-Id`. It must never stand in JavaScript or HTML that a browser gets.
 *
 * @throws pulumi.RunError for the options `id`, `import` and `deleteBeforeReplace: true`; for credentials and the names
 * `id`, `urn` and `__provider` as arguments; and if Node.js cannot resolve this package from the program's folder.
 * @see https://docs.bigcommerce.com/docs/rest-authentication/tokens
 * @example
 * const support = new ImpersonationToken("support", { channelIds: [1], expiresAt: "2027-01-31T00:00:00Z" });
 */
export class ImpersonationToken<
  E extends MaybeExpiresAt = MaybeExpiresAt,
  L extends MaybeLifetime = MaybeLifetime,
> extends TokenResource {
  constructor(name: string, args: ImpersonationTokenArgs<E, L>, opts?: pulumi.CustomResourceOptions) {
    super("impersonation", lifecycle, name, args, opts);
  }
}
