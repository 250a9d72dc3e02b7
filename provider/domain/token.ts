import { type Claims, readClaims } from "./claims";
import { fingerprint } from "./fingerprint";

/** A token, and all that its text alone tells. */
export interface Token {
  readonly value: string;
  readonly fingerprint: string;
  readonly claims: Claims;
}

export function tokenOf(value: string): Token {
  return { value, fingerprint: fingerprint(value), claims: readClaims(value) };
}
