import * as pulumi from "@pulumi/pulumi";

import type { KindName } from "../domain/kinds";
import type { Overlap, OnDelete, Predecessor } from "../domain/state";
import type { TokenArgs } from "./arguments";
import { runFinalOptionsLast } from "./final-options";
import { registration, optionWarnings } from "./registration";

/** What every kind of token has. Times are RFC 3339, UTC, whole seconds. */
export abstract class TokenResource extends pulumi.dynamic.Resource {
  /** The token: a JWT, always secret. */
  declare readonly token: pulumi.Output<string>;
  /** The first 16 hex digits of SHA-256(token): matches a leaked or deployed token to its resource. */
  declare readonly fingerprint: pulumi.Output<string>;
  /** The token's own `iat`, else the clock before the request. */
  declare readonly issuedAt: pulumi.Output<string>;
  /** When the token ends, or `"never"`. */
  declare readonly expiresAt: pulumi.Output<string>;
  /** Only where BigCommerce gave the token an earlier end than was asked for. */
  declare readonly effectiveExpiresAt: pulumi.Output<string | undefined>;
  /** From when on `pulumi up` rotates it; only with `lifetime`. */
  declare readonly rotateAt: pulumi.Output<string | undefined>;
  /** Client id of the API account that minted it, where the token says so: only that account can revoke it. */
  declare readonly apiAccount: pulumi.Output<string | undefined>;
  /** The token that this one replaced, until that one expires. */
  declare readonly previous: pulumi.Output<Predecessor | undefined>;
  /** The predecessor's token while it was left to expire: always secret. */
  declare readonly previousToken: pulumi.Output<string | undefined>;
  /** `<organization>/<project>/<stack>/<kind>/<name>`, cut and hashed where it is long: at most 80 visible ASCII characters. */
  declare readonly label: pulumi.Output<string>;
  /** The store that the token belongs to. */
  declare readonly storeHash: pulumi.Output<string>;
  /** Ascending, each once. */
  declare readonly channelIds: pulumi.Output<number[]>;
  /** What becomes of this token once it is replaced, unless the change itself says otherwise. */
  declare readonly overlap: pulumi.Output<Overlap>;
  /** What becomes of this token once its resource is removed or destroyed. */
  declare readonly onDelete: pulumi.Output<OnDelete>;
  /** The API host, only where it is not `https://api.bigcommerce.com`. */
  declare readonly apiUrl: pulumi.Output<string | undefined>;

  /** @internal */
  protected constructor(
    kind: KindName,
    type: string,
    lifecycle: pulumi.dynamic.ResourceProvider,
    name: string,
    args: TokenArgs,
    options?: pulumi.CustomResourceOptions,
  ) {
    let final = options ?? {};
    const { props, opts } = registration(kind, name, args, final, (seen) => {
      final = seen;
    });
    super(lifecycle, name, props, opts, "bigcommerce", type);
    for (const warning of optionWarnings(args, final, this)) void pulumi.log.warn(warning, this);
  }
}

runFinalOptionsLast(TokenResource.prototype);
