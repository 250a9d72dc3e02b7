import { createHash } from "node:crypto";

/** The first `digits` hex digits of SHA-256(text). */
export function sha256(text: string, digits: number): string {
  return createHash("sha256").update(text).digest("hex").slice(0, digits);
}

const FINGERPRINT_DIGITS = 16;

/** Identifies a token without containing it. With it you find the resource of a leaked or deployed token. */
export function fingerprint(token: string): string {
  return sha256(token, FINGERPRINT_DIGITS);
}
