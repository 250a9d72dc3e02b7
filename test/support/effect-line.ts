/** What the README promises that logs hold, spelled out here: recorded logs of every version have these lines. */
export type Effect = "minted" | "adopted" | "revoke accepted" | "left to expire" | "expired";

export function effectLine(effect: Effect, label: string, fingerprint: string, expiresAt: string): string {
  return `${effect} ${label} ${fingerprint} ${expiresAt}`;
}
