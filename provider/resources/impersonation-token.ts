import type * as pulumi from "@pulumi/pulumi";

import lifecycle = require("../lifecycle/impersonation");
import type { ImpersonationTokenArgs } from "./arguments";
import { TokenResource } from "./token-resource";

/**
 * A customer impersonation token: for the GraphQL Storefront API on servers, as any customer. Never for browsers.
 *
 * @throws pulumi.RunError for the options `id`, `import` and `deleteBeforeReplace: true`, for credentials and names of
 * Pulumi's own among the arguments, and where the program's folder does not resolve this package.
 * @see https://docs.bigcommerce.com/docs/rest-authentication/tokens
 */
export class ImpersonationToken extends TokenResource {
  constructor(name: string, args: ImpersonationTokenArgs, opts?: pulumi.CustomResourceOptions) {
    super("impersonation", "ImpersonationToken", lifecycle, name, args, opts);
  }
}
