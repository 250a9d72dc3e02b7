/** The version that is downloaded or built; its cache folder is named after it, so that raising it fetches anew. */
export const PINNED = "3.259.0";

/** The first CLI that fires `replacementTrigger`. */
export const MINIMUM = "3.226.0";

/** Keep in step with the `go` lines of the modules beside this file. */
export const GO_MINIMUM = "1.25.11";

/** `v3.226.0`, `3.226.0-alpha.1+dirty` -> numbers; a pre-release counts as older than its release. */
export function isAtLeast(version, minimum) {
  const [have, want] = [numbersOf(version), numbersOf(minimum)];
  if (!have || !want) return false;
  const at = have.findIndex((number, index) => number !== want[index]);
  return at === -1 || have[at] > want[at];
}

function numbersOf(version) {
  const match = /^v?(\d+)\.(\d+)\.(\d+)(-)?/.exec(version.trim());
  return match && [Number(match[1]), Number(match[2]), Number(match[3]), match[4] ? 0 : 1];
}
