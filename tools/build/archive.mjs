import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** `npm run plugin`: what was built, for `pulumi plugin install resource bigcommerce <version> --file`. */
const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
const archive = `dist/pulumi-resource-bigcommerce-v${version}.tar.gz`;
const files = ["pulumi-resource-bigcommerce", "schema.json", "licenses.txt"];
execFileSync("tar", ["-czf", archive, "-C", "dist/plugin", ...files], { cwd: ROOT, stdio: "inherit" });
process.stdout.write(`${archive}\n`);
