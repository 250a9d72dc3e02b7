import * as pulumi from "@pulumi/pulumi";

import type { OnDelete, Overlap, Predecessor } from "../domain/fate";
import { type KindName, KINDS } from "../domain/kinds";
import type { AnyTokenArgs } from "./arguments";
import { runFinalOptionsLast } from "./final-options";
import { warnOfPlaintext } from "./plaintext-warning";
import { registration, optionWarnings } from "./registration";
import { stackTraces } from "./stack-traces";

/** The outputs of every kind of token. Times are RFC 3339 in UTC, in whole seconds, such as `"2027-01-31T00:00:00Z"`. */
export abstract class TokenResource extends pulumi.dynamic.Resource {
  /** The token, a JWT. Always secret. */
  declare readonly token: pulumi.Output<string>;
  /** The first 16 hex digits of SHA-256(token). With it you find the resource of a leaked or deployed token. */
  declare readonly fingerprint: pulumi.Output<string>;
  /** When the token was minted: its claim `iat`, or the time before the request if it has none. RFC 3339, UTC, seconds. */
  declare readonly issuedAt: pulumi.Output<string>;
  /** When the token expires: RFC 3339, UTC, seconds, or `"never"`. */
  declare readonly expiresAt: pulumi.Output<string>;
  /**
   * When the token really expires: RFC 3339, UTC, seconds. Only set if BigCommerce minted it with an earlier expiration
   * than requested.
   */
  declare readonly effectiveExpiresAt: pulumi.Output<string | undefined>;
  /** When the token becomes due: `pulumi up` rotates it from then on. RFC 3339, UTC, seconds. Only set with `lifetime`. */
  declare readonly rotateAt: pulumi.Output<string | undefined>;
  /** The client id of the API account that minted the token, if the token has it. Only this account can revoke the token. */
  declare readonly apiAccount: pulumi.Output<string | undefined>;
  /**
   * The previous token, which this token replaced. Undefined if there is none, and after the first change of the resource
   * once the previous token has expired.
   */
  declare readonly previous: pulumi.Output<Predecessor | undefined>;
  /** The value of the previous token, if it stays valid until it expires. Always secret. */
  declare readonly previousToken: pulumi.Output<string | undefined>;
  /** `<organization>/<project>/<stack>/<kind>/<name>` in at most 80 visible ASCII characters. Long parts are cut and get a hash. */
  declare readonly label: pulumi.Output<string>;
  /** The hash of the token's store. */
  declare readonly storeHash: pulumi.Output<string>;
  /** The ids of the token's channels, ascending, without duplicates. */
  declare readonly channelIds: pulumi.Output<number[]>;
  /**
   * What happens to this token when it is replaced: `"auto"`, `"always"` or `"never"`. A change that also changes
   * `overlap` applies the new value.
   */
  declare readonly overlap: pulumi.Output<Overlap>;
  /** What happens to this token when its resource is removed or destroyed: `"revoke"` or `"letExpire"`. */
  declare readonly onDelete: pulumi.Output<OnDelete>;
  /** The API host. Only set if it is not `https://api.bigcommerce.com`. */
  declare readonly apiUrl: pulumi.Output<string | undefined>;

  /** @internal */
  protected constructor(
    kind: KindName,
    lifecycle: pulumi.dynamic.ResourceProvider,
    name: string,
    args: AnyTokenArgs,
    options?: pulumi.CustomResourceOptions,
  ) {
    let final = options ?? {};
    const stacks = stackTraces();
    const { props, opts } = registration(kind, name, args, final, (seen) => {
      final = seen;
      // Transformations are the program's, and have run: the rest of `super` is the SDK's.
      stacks.pause();
    });
    try {
      super(lifecycle, name, props, opts, "bigcommerce", KINDS[kind].className);
    } finally {
      stacks.resume();
    }
    warnOfPlaintext();
    for (const warning of optionWarnings(args, final, this)) void pulumi.log.warn(warning, this);
  }
}

runFinalOptionsLast(TokenResource.prototype);
