import { join } from "node:path";

const ALWAYS = ["clock-preload.cjs", "quick-sdk-preload.cjs"];

/** NODE_OPTIONS for all processes of a story; `others` are files below this folder. */
export function nodeOptions(...others: readonly string[]): string {
  return [...ALWAYS, ...others].map((name) => `--require ${join(__dirname, name)}`).join(" ");
}
