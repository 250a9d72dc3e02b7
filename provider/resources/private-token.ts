import type * as pulumi from "@pulumi/pulumi";

import lifecycle = require("../lifecycle/private");
import type { PrivateTokenArgs } from "./arguments";
import { TokenResource } from "./token-resource";

/**
 * A private token: for the GraphQL Storefront API on servers, bound to channels and scopes. Never for browsers.
 *
 * @throws pulumi.RunError for the options `id`, `import` and `deleteBeforeReplace: true`, for credentials and names of
 * Pulumi's own among the arguments, and where the program's folder does not resolve this package.
 * @see https://docs.bigcommerce.com/docs/rest-authentication/tokens
 */
export class PrivateToken extends TokenResource {
  /** In code unit order, each once. */
  declare readonly scopes: pulumi.Output<string[]>;

  constructor(name: string, args: PrivateTokenArgs, opts?: pulumi.CustomResourceOptions) {
    super("private", "PrivateToken", lifecycle, name, args, opts);
  }
}
