import { rotateBeforeSeconds } from "../../provider/domain/inputs";
import { durationSeconds, readExpiry } from "../../provider/domain/expiry";
import type { PropertyReader } from "../pulumi/property-values";

/** When an update rotates a token, by what the last update recorded: the provider's own rule. */
export function rotationOf(
  reader: PropertyReader,
  expiresAt: string | undefined,
): { readonly rotateAt?: number } {
  const lifetime = reader.text("lifetime");
  const rotateBefore = reader.text("rotateBefore");
  const expiry = readExpiry(expiresAt ?? "never");
  const isKnown = !reader.isHidden("lifetime") && !reader.isHidden("rotateBefore") && expiry !== "never";
  if (!isKnown) {
    // The provider computes it for readers; only where it must be do we rely on it.
    const told = reader.time("rotateAt");
    return told === undefined ? {} : { rotateAt: told };
  }
  if (lifetime === undefined || durationSeconds(lifetime) === undefined) return {};
  return { rotateAt: expiry - rotateBeforeSeconds({ lifetime, ...(rotateBefore && { rotateBefore }) }) };
}
