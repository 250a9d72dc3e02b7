import { fateOfDeletedFirst } from "../../provider/domain/plan-replacement";
import type { Fate } from "../../provider/domain/state";
import type { StateResource } from "../pulumi/export";
import type { PropertyReader } from "../pulumi/property-values";

/**
 * What became of a token whose record was deleted first, because a dependency is replaced so, by the provider's rule.
 * The state does not tell whether BIGCOMMERCE_ON_DELETE was set in that run.
 */
export function fateOfDeleted(
  resource: StateResource,
  reader: PropertyReader,
  expiresAt: string | undefined,
): Fate {
  if (mayBeSkipped(resource)) return "letExpire";
  const adopted = reader.text("adopted");
  return fateOfDeletedFirst({
    // Where the state keeps it secret, no rule says that it was revoked.
    expiresAt: expiresAt ?? "1970-01-01T00:00:00Z",
    fingerprint: reader.text("fingerprint") ?? "",
    overlap: reader.is("overlap", "never") ? "never" : "auto",
    ...(reader.is("verified", false) && { verified: false }),
    ...(adopted !== undefined && { adopted }),
  });
}

/** Whether an option may have kept Pulumi from calling the provider at all. */
export function mayBeSkipped({ isRetained, deletedWith }: StateResource): boolean {
  return isRetained || deletedWith !== undefined;
}
