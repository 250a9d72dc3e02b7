import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { which } from "./installed.mjs";
import { durationSince } from "./report.mjs";
import { run } from "./run.mjs";
import { GO_MINIMUM } from "./versions.mjs";

/** The same for every command, so that each finds in Go's cache what another has compiled. */
export const COMPILER_FLAGS = [
  // The linker drops what debuggers read; not to write it first saves a tenth of the compiler's time.
  ...["-trimpath", "-buildvcs=false", "-gcflags=all=-dwarf=false"],
  ...["-tags", "osusergo,grpcnotrace"],
];
const TICK_MS = 1_000;

/** Collecting garbage is a quarter of the compiler's time. Few packages need 0.5 GB without; the limit is for those. */
const WITHOUT_COLLECTION = { GOGC: "off", GOMEMLIMIT: "1GiB" };
const ENOUGH_BYTES_PER_CORE = 2 * 2 ** 30;

/**
 * Builds commands from Go modules, at the checksums of go.sum, into a new folder below `staging`, which it returns. A target
 * is `{ module, main, version }`: a folder beside this file, the package of a command, and the variable that the linker sets.
 * `name`, `duration`, `kept` and what may be used `instead` are for the person who waits.
 */
export async function buildFromModules(
  targets,
  staging,
  { name, duration, kept, instead, env, report, bytesPerCore },
) {
  const go = which("go", env);
  if (!go) throw new Error("Go is not on PATH");
  const started = Date.now();
  const folder = join(staging, "built");
  const temporary = join(staging, "go");
  mkdirSync(folder);
  mkdirSync(temporary);
  report.say(
    `building ${name} from Go modules, once: about ${duration} on two cores. ` +
      `It is kept in ${kept}${instead === undefined ? "" : `; with ${instead} on PATH it is not needed`}.`,
  );
  const buildEnv = { ...goEnvironment(env, bytesPerCore), GOTMPDIR: temporary };
  const total = await fetchModules(go, targets, buildEnv, report);
  await compile(go, targets, folder, buildEnv, { total, started, report });
  report.say(`built ${name} in ${durationSince(started)}`);
  return folder;
}

/** Nothing is written beside go.mod, and no setting of the user changes what is built. */
export function goEnvironment(env, bytesPerCore) {
  return {
    ...(bytesPerCore >= ENOUGH_BYTES_PER_CORE && WITHOUT_COLLECTION),
    ...env,
    CGO_ENABLED: "0",
    GO111MODULE: "on",
    GOFLAGS: "-mod=readonly",
    GOWORK: "off",
  };
}

/** Where a module's go.mod is. */
export function folderOf(module) {
  return fileURLToPath(new URL(module, import.meta.url));
}

/** Fetches the modules; returns how many packages the build cache lacks. */
async function fetchModules(go, targets, env, report) {
  let fetched = 0;
  const missing = new Set();
  const stop = keepTelling(report, () => `fetching Go modules, ${fetched} so far`);
  try {
    for (const { module, main, version } of targets) {
      // The modules share the standard library, and nothing else.
      const format = `{{if .Stale}}{{if .Module}}${module} {{end}}{{.ImportPath}}{{end}}`;
      const { code, stdout, stderr } = await run(
        go,
        ["list", ...flagsFor(version), "-deps", "-f", format, main],
        {
          cwd: folderOf(module),
          env,
          onErrorLine: (line) => (fetched += line.startsWith("go: downloading ") ? 1 : 0),
        },
      );
      if (code !== 0) throw new Error(`go list of ${module} failed: ${lastLineOf(stderr)}`);
      for (const line of stdout.split("\n").filter(Boolean)) missing.add(line);
    }
  } finally {
    stop();
  }
  return missing.size;
}

/** One after the other: two at once would each compile the standard library. */
async function compile(go, targets, folder, env, { total, started, report }) {
  let begun = 0;
  const stop = keepTelling(report, () => {
    const percent = Math.floor((100 * begun) / Math.max(total, begun, 1));
    return `${percent} % built, ${begun} of ${total} packages, ${durationSince(started)}`;
  });
  try {
    for (const { module, main, version } of targets) {
      const output = join(folder, main.slice(main.lastIndexOf("/") + 1));
      const { code, stderr } = await run(go, ["build", "-v", ...flagsFor(version), "-o", output, main], {
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

function flagsFor(version) {
  return [...COMPILER_FLAGS, "-ldflags", `-w -s -X ${version}`];
}

function keepTelling(report, describe) {
  const timer = setInterval(() => report.progress(describe()), TICK_MS);
  return () => clearInterval(timer);
}

function lastLineOf(text) {
  return text.trim().split("\n").at(-1).trim() || `no message, Go ${GO_MINIMUM} or newer is needed`;
}
