/** One thing that was looked at. */
export interface Check {
  /** Stable, for programs. */
  readonly name: string;
  /** `bad`: something will fail. `unknown`: it cannot be told from here. */
  readonly verdict: "ok" | "bad" | "unknown";
  /** For people, in one line. */
  readonly text: string;
}

/** What was looked at in one place. */
export interface Findings {
  readonly subject: string;
  readonly checks: readonly Check[];
}

/** Whether a version such as `3.259.0` or `v3.259.0-alpha` is at least another of major and minor. */
export function isAtLeast(version: string, [major, minor]: readonly [number, number]): boolean {
  const [, own = "0", ownMinor = "0"] = /^v?(\d+)\.(\d+)/.exec(version) ?? [];
  return Number(own) > major || (Number(own) === major && Number(ownMinor) >= minor);
}
