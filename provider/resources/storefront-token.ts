import type * as pulumi from "@pulumi/pulumi";

import lifecycle = require("../lifecycle/storefront");
import type { StorefrontTokenArgs } from "./arguments";
import { TokenResource } from "./token-resource";

/**
 * A storefront token: for the GraphQL Storefront API in browsers, bound to channels and up to two origins.
 *
 * @throws pulumi.RunError for the options `id`, `import` and `deleteBeforeReplace: true`, for credentials and names of
 * Pulumi's own among the arguments, and where the program's folder does not resolve this package.
 * @see https://docs.bigcommerce.com/docs/rest-authentication/tokens
 */
export class StorefrontToken extends TokenResource {
  /** In code unit order, each once; undefined where none were given. */
  declare readonly allowedCorsOrigins: pulumi.Output<string[] | undefined>;

  constructor(name: string, args: StorefrontTokenArgs, opts?: pulumi.CustomResourceOptions) {
    super("storefront", "StorefrontToken", lifecycle, name, args, opts);
  }
}
