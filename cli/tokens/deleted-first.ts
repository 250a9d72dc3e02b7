import { fateOfDeletedFirst } from "../../provider/domain/plan-replacement";
import type { Fate } from "../../provider/domain/state";
import type { StateResource } from "../pulumi/export";
import type { PropertyReader } from "../pulumi/property-values";

/**
 * What the provider's rule decided for a token that was deleted first, because a dependency is replaced delete-first.
 * The state does not tell whether BIGCOMMERCE_ON_DELETE overrode the rule in that run.
 */
export function fateOfDeleted(
  resource: StateResource,
  reader: PropertyReader,
  expiresAt: string | undefined,
): Fate {
  if (mayBeSkipped(resource)) return "letExpire";
  const adopted = reader.text("adopted");
  return fateOfDeletedFirst({
    // If the state encrypts it, assume that it expires: then no rule says that the token was revoked.
    expiresAt: expiresAt ?? "1970-01-01T00:00:00Z",
    fingerprint: reader.text("fingerprint") ?? "",
    overlap: reader.is("overlap", "never") ? "never" : "auto",
    ...(reader.is("verified", false) && { verified: false }),
    ...(adopted !== undefined && { adopted }),
  });
}

/** True if an option of the resource may have kept Pulumi from calling the provider. */
export function mayBeSkipped({ isRetained, deletedWith }: StateResource): boolean {
  return isRetained || deletedWith !== undefined;
}
