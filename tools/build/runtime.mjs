import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

import { bundle, ROOT } from "./bundle.mjs";

const OUTPUT = "dist/provider";
/** Nothing but the runtime loads them. Their types stay, because its own refer to them. */
const BUNDLED = ["bigcommerce", "handlers", "host", "settings"];

/** One file, because every command of every stack loads it before the first check. */
await bundle("provider/runtime.ts", `${OUTPUT}/runtime.js`, {
  external: ["pulumi-bigcommerce-tokens/package.json"],
});
for (const folder of BUNDLED) {
  for (const name of readdirSync(join(ROOT, OUTPUT, folder), { recursive: true })) {
    if (name.endsWith(".js")) rmSync(join(ROOT, OUTPUT, folder, name));
  }
}
