import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { bundle, ROOT } from "./bundle.mjs";
import { packageSchema } from "./schema.mjs";

const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
const FOLDER = "dist/plugin";
const FILE = `${FOLDER}/pulumi-resource-bigcommerce`;

/** One executable file that needs nothing but Node.js, because it may be installed without npm. */
mkdirSync(join(ROOT, FOLDER), { recursive: true });
const schema = packageSchema();
writeFileSync(join(ROOT, FOLDER, "schema.json"), `${JSON.stringify(schema, undefined, 2)}\n`);
await bundle("provider/plugin.ts", FILE, {
  isStandalone: true,
  keepNames: true,
  define: {
    PLUGIN_SCHEMA: JSON.stringify(JSON.stringify(schema)),
    PLUGIN_VERSION: JSON.stringify(version),
  },
});
chmodSync(join(ROOT, FILE), 0o755);
