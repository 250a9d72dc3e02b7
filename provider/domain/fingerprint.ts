import { createHash } from "node:crypto";

/** The first `digits` hex digits of SHA-256(text). */
export function sha256(text: string, digits: number): string {
  return createHash("sha256").update(text, "utf8").digest("hex").slice(0, digits);
}

const FINGERPRINT_DIGITS = 16;

/** Names a token without holding it: matches a leaked or deployed token to its resource. */
export function fingerprint(token: string): string {
  return sha256(token, FINGERPRINT_DIGITS);
}
