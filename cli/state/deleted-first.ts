import type { Fate } from "../../provider/state";
import type { StateResource } from "./export";
import type { PropertyReader } from "./properties";

/**
 * What became of a token whose record was deleted first, because a dependency is replaced so, by the provider's rule:
 * it is left where it expires, is proven and `overlap` allows it. An override of that run stands in no state.
 */
export function fateOfDeleted(
  resource: StateResource,
  reader: PropertyReader,
  expiresAt: string | undefined,
): Fate {
  if (isUntouched(resource)) return "letExpire";
  const isRevoked = expiresAt === "never" || reader.is("verified", false) || reader.is("overlap", "never");
  return isRevoked ? "revoke" : "letExpire";
}

/** Whether an option may have kept Pulumi from calling the provider at all. */
export function isUntouched({ isRetained, deletedWith }: StateResource): boolean {
  return isRetained || deletedWith !== undefined;
}
