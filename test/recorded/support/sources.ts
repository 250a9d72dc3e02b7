import { join } from "node:path";

/** All that the tests of this folder take from the sources by themselves: a moved file is renamed in one place. */
export { runProgram } from "../../../cli/program";
export { type IssuedToken, startEmulator } from "../../../emulator";
export { type KindName, KINDS } from "../../../provider/domain/kinds";
export { formerLabelOf, labelOf, type Place } from "../../../provider/domain/label";

const ROOT = join(__dirname, "..", "..", "..");

/** What each subpath of the package leads to, and whether programs import types from it. */
export const ENTRIES = {
  ".": { path: join(ROOT, "provider", "index.ts"), hasTypes: true },
  "./emulator": { path: join(ROOT, "emulator", "index.ts"), hasTypes: true },
  "./runtime": { path: join(ROOT, "provider", "runtime.ts"), hasTypes: false },
  "./lifecycle/storefront": { path: join(ROOT, "provider", "lifecycle", "storefront.ts"), hasTypes: false },
  "./lifecycle/private": { path: join(ROOT, "provider", "lifecycle", "private.ts"), hasTypes: false },
  "./lifecycle/impersonation": {
    path: join(ROOT, "provider", "lifecycle", "impersonation.ts"),
    hasTypes: false,
  },
};
