import { chmodSync, copyFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

import { cachedFolder } from "./cache.mjs";
import { buildFromModules } from "./go-build.mjs";
import { MINIMUM, PINNED } from "./versions.mjs";

const version = `github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${PINNED}`;
/** Two modules, because the CLI and the last public language host need different versions of sdk/v3. */
const TARGETS = [
  { module: "host", main: "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs", version },
  { module: "cli", main: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi", version },
];
const LAUNCHER = "pulumi-resource-pulumi-nodejs";

/** The engine from Go modules. */
export async function build(staging, { env, ...options }) {
  const folder = await buildFromModules(TARGETS, staging, {
    name: `Pulumi ${PINNED}`,
    duration: "4 minutes",
    kept: cachedFolder(env),
    instead: `Pulumi ${MINIMUM} or newer`,
    env,
    ...options,
  });
  copyLauncher(folder);
  return folder;
}

/** The SDK's shell script; it finds the SDK of the program that runs, so any version's copy will do. */
function copyLauncher(folder) {
  const sdk = dirname(createRequire(import.meta.url).resolve("@pulumi/pulumi/package.json"));
  copyFileSync(join(sdk, LAUNCHER), join(folder, LAUNCHER));
  chmodSync(join(folder, LAUNCHER), 0o755);
}
