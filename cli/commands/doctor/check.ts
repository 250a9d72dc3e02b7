/** The result of one check. */
export interface Check {
  /** Stable, for programs. */
  readonly name: string;
  /** `bad`: something will fail. `unknown`: this command cannot tell. */
  readonly verdict: "ok" | "bad" | "unknown";
  /** For people, in one line. */
  readonly text: string;
}

/** The results of the checks of one subject. */
export interface Findings {
  readonly subject: string;
  readonly checks: readonly Check[];
}

/** True if a version such as `3.259.0` or `v3.259.0-alpha` is at least the given major and minor version. */
export function isAtLeast(version: string, [major, minor]: readonly [number, number]): boolean {
  const [, own = "0", ownMinor = "0"] = /^v?(\d+)\.(\d+)/.exec(version) ?? [];
  return Number(own) > major || (Number(own) === major && Number(ownMinor) >= minor);
}
