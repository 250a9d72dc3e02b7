import { chmodSync, copyFileSync, mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { cachedFolder } from "./cache.mjs";
import { which } from "./installed.mjs";
import { durationSince } from "./report.mjs";
import { run } from "./run.mjs";
import { GO_MINIMUM, MINIMUM, PINNED } from "./versions.mjs";

/** Two modules, because the CLI and the last public language host need different versions of sdk/v3. */
const TARGETS = [
  { module: "host", main: "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs" },
  { module: "cli", main: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi" },
];
const LDFLAGS = `-w -s -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${PINNED}`;
const FLAGS = [
  // The linker drops what debuggers read; not to write it first saves a tenth of the compiler's time.
  ...["-trimpath", "-buildvcs=false", "-gcflags=all=-dwarf=false"],
  ...["-tags", "osusergo,grpcnotrace", "-ldflags", LDFLAGS],
];
const LAUNCHER = "pulumi-resource-pulumi-nodejs";
const TICK_MS = 1_000;

/** Collecting garbage is a quarter of the compiler's time. Few packages need 0.5 GB without; the limit is for those. */
const WITHOUT_COLLECTION = { GOGC: "off", GOMEMLIMIT: "1GiB" };
const ENOUGH_BYTES_PER_CORE = 2 * 2 ** 30;

/** The engine from Go modules, at the checksums of go.sum; nothing is written beside go.mod. */
export async function build(staging, { env, report, bytesPerCore }) {
  const go = which("go", env);
  if (!go) throw new Error("Go is not on PATH");
  const started = Date.now();
  const folder = join(staging, "built");
  const temporary = join(staging, "go");
  mkdirSync(folder);
  mkdirSync(temporary);
  copyLauncher(folder);
  report.say(
    `building Pulumi ${PINNED} from Go modules, once: about 4 minutes on two cores. ` +
      `It is kept in ${cachedFolder(env)}; with Pulumi ${MINIMUM} or newer on PATH it is not needed.`,
  );
  const buildEnv = {
    ...(bytesPerCore >= ENOUGH_BYTES_PER_CORE && WITHOUT_COLLECTION),
    ...env,
    CGO_ENABLED: "0",
    GO111MODULE: "on",
    GOFLAGS: "-mod=readonly",
    GOTMPDIR: temporary,
    GOWORK: "off",
  };
  const total = await fetchModules(go, buildEnv, report);
  await compile(go, folder, buildEnv, { total, started, report });
  report.say(`built Pulumi ${PINNED} in ${durationSince(started)}`);
  return folder;
}

/** Fetches the modules; returns how many packages the build cache lacks. */
async function fetchModules(go, env, report) {
  let fetched = 0;
  const missing = new Set();
  const stop = keepTelling(report, () => `fetching Go modules, ${fetched} so far`);
  try {
    for (const { module, main } of TARGETS) {
      // Both modules share the standard library, and nothing else.
      const format = `{{if .Stale}}{{if .Module}}${module} {{end}}{{.ImportPath}}{{end}}`;
      const { code, stdout, stderr } = await run(go, ["list", ...FLAGS, "-deps", "-f", format, main], {
        cwd: folderOf(module),
        env,
        onErrorLine: (line) => (fetched += line.startsWith("go: downloading ") ? 1 : 0),
      });
      if (code !== 0) throw new Error(`go list of ${module} failed: ${lastLineOf(stderr)}`);
      for (const line of stdout.split("\n").filter(Boolean)) missing.add(line);
    }
  } finally {
    stop();
  }
  return missing.size;
}

/** One after the other: two at once would each compile the standard library. */
async function compile(go, folder, env, { total, started, report }) {
  let begun = 0;
  const stop = keepTelling(report, () => {
    const percent = Math.floor((100 * begun) / Math.max(total, begun, 1));
    return `${percent} % built, ${begun} of ${total} packages, ${durationSince(started)}`;
  });
  try {
    for (const { module, main } of TARGETS) {
      const output = join(folder, main.slice(main.lastIndexOf("/") + 1));
      const { code, stderr } = await run(go, ["build", "-v", ...FLAGS, "-o", output, main], {
        cwd: folderOf(module),
        env,
        // With -v, Go names each package when its compilation begins.
        onErrorLine: (line) => (begun += /^\S+$/.test(line) ? 1 : 0),
      });
      if (code !== 0) throw new Error(`go build of ${module} failed: ${lastLineOf(stderr)}`);
    }
  } finally {
    stop();
  }
}

function keepTelling(report, describe) {
  const timer = setInterval(() => report.progress(describe()), TICK_MS);
  return () => clearInterval(timer);
}

function folderOf(module) {
  return fileURLToPath(new URL(module, import.meta.url));
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
