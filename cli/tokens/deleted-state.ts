import { defined } from "../../provider/defined";
import { type DeletedState } from "../../provider/domain/plan-delete";
import { planDeletedFirst, type ReplacedState } from "../../provider/domain/plan-replacement";
import type { Fate } from "../../provider/domain/fate";
import type { StateResource } from "../pulumi/export";
import type { PropertyReader } from "../pulumi/property-values";

/** What the provider's plans read of a state. What the state encrypts is absent. */
export function deletedStateOf(reader: PropertyReader): DeletedState & Pick<ReplacedState, "overlap"> {
  const previous = reader.nested("previous");
  return defined({
    fingerprint: reader.text("fingerprint") ?? "",
    expiresAt: reader.expiry("effectiveExpiresAt") ?? reader.expiry("expiresAt"),
    onDelete: fateIn(reader, "onDelete"),
    overlap: reader.is("overlap", "never") ? ("never" as const) : undefined,
    gone: reader.is("gone", true) ? (true as const) : undefined,
    verified: reader.is("verified", false) ? false : undefined,
    adopted: reader.text("adopted"),
    previous: previous && {
      fingerprint: previous.text("fingerprint") ?? "",
      expiresAt: previous.expiry("expiresAt") ?? ("never" as const),
      fate: fateIn(previous, "fate"),
    },
    // A state encrypts it. A plan reads only whether it is there.
    previousToken: previous && "(secret)",
  });
}

/**
 * What became of the tokens of a record that was deleted first, because a dependency is replaced delete-first. The state
 * does not tell whether BIGCOMMERCE_ON_DELETE overrode the plan in that run.
 */
export function fatesOfDeletedFirst(
  { isRetained, deletedWith }: StateResource,
  reader: PropertyReader,
): Readonly<Record<"own" | "previous", Fate>> {
  // Each of the options may have kept Pulumi from calling the provider.
  if (isRetained || deletedWith !== undefined) return { own: "letExpire", previous: "letExpire" };
  // If the state encrypts its expiration, assume that it expires: then no plan says that the token was revoked.
  const state = { expiresAt: 0, ...deletedStateOf(reader) };
  const { fates, steps } = planDeletedFirst(state, undefined, 0);
  const isRevoked = steps.some(({ token, action }) => token.which === "previous" && action === "revoke");
  return { own: fates.own, previous: isRevoked ? "revoke" : "letExpire" };
}

function fateIn(reader: PropertyReader, name: string): Fate {
  return reader.is(name, "letExpire") ? "letExpire" : "revoke";
}
