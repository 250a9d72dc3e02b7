import { chmodSync, copyFileSync, mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { which } from "./installed.mjs";
import { run } from "./run.mjs";
import { GO_MINIMUM, PINNED } from "./versions.mjs";

/** Two modules, because the CLI and the last public language host need different versions of sdk/v3. */
const TARGETS = [
  { module: "host", main: "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs" },
  { module: "cli", main: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi" },
];
const LDFLAGS = `-w -s -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${PINNED}`;
const LAUNCHER = "pulumi-resource-pulumi-nodejs";
const REPORT_EVERY_MS = 30_000;

/** The engine from Go modules, at the checksums of go.sum; nothing is written beside go.mod. */
export async function build(staging, { env, say }) {
  const go = which("go", env);
  if (!go) throw new Error("Go is not on PATH");
  const folder = join(staging, "built");
  const temporary = join(staging, "go");
  mkdirSync(folder);
  mkdirSync(temporary);
  copyLauncher(folder);
  say(`building Pulumi ${PINNED} from Go modules: once, about 5 minutes on two cores`);
  const buildEnv = {
    ...env,
    CGO_ENABLED: "0",
    GO111MODULE: "on",
    GOFLAGS: "-mod=readonly",
    GOTMPDIR: temporary,
    GOWORK: "off",
  };
  for (const target of TARGETS) await buildOne(go, target, folder, buildEnv, say);
  return folder;
}

async function buildOne(go, { module, main }, folder, env, say) {
  const started = Date.now();
  const output = join(folder, main.slice(main.lastIndexOf("/") + 1));
  const flags = ["-trimpath", "-buildvcs=false", "-tags", "osusergo,grpcnotrace", "-ldflags", LDFLAGS];
  const timer = setInterval(
    () => say(`still building ${module}, ${Math.round((Date.now() - started) / 1000)} s`),
    REPORT_EVERY_MS,
  );
  try {
    const cwd = fileURLToPath(new URL(module, import.meta.url));
    const { code, stderr } = await run(go, ["build", ...flags, "-o", output, main], { cwd, env });
    if (code !== 0) throw new Error(`go build of ${module} failed: ${lastLineOf(stderr)}`);
  } finally {
    clearInterval(timer);
  }
}

/** The SDK's shell script; it finds the SDK of the program that runs, so any version's copy will do. */
function copyLauncher(folder) {
  const sdk = dirname(createRequire(import.meta.url).resolve("@pulumi/pulumi/package.json"));
  copyFileSync(join(sdk, LAUNCHER), join(folder, LAUNCHER));
  chmodSync(join(folder, LAUNCHER), 0o755);
}

function lastLineOf(text) {
  return text.trim().split("\n").at(-1).trim() || `no message, Go ${GO_MINIMUM} or newer is needed`;
}
