import { availableParallelism, totalmem } from "node:os";
import { join } from "node:path";

import { build } from "./build.mjs";
import { cachedFolder, meetingPoint, publish, withStaging } from "./cache.mjs";
import { download } from "./download.mjs";
import { ensureHost, helpersOf, refuseUnknown } from "./hosts.mjs";
import { engineOnPath, isComplete, versionOf } from "./installed.mjs";
import { oneAtATime } from "./one-at-a-time.mjs";
import { reportTo } from "./report.mjs";
import { GO_MINIMUM, MINIMUM, PINNED } from "./versions.mjs";

/** In this order; each returns a folder below the staging folder, or throws its reason in one line. */
const SOURCES = [
  { name: "download", fetch: download },
  { name: "build", fetch: build },
];

/**
 * The folder that holds `pulumi` and what it needs besides node: from PATH, the cache, a download or a build. For programs in
 * other `languages` it holds their hosts as well; the tools of the languages themselves are found on PATH.
 * Of several calls at once, one downloads or builds; the others wait for it and show its progress.
 * `stallMs` (default 15 s): how long the download may go without a byte. `bytesPerCore`: the memory for a compiler.
 */
export async function ensureEngine({
  languages = [],
  env = process.env,
  stallMs = 15_000,
  bytesPerCore = memoryPerCore(),
  report = reportTo(process.stderr),
} = {}) {
  refuseUnknown(languages);
  const onPath = await engineOnPath(env, { say: report.say, more: languages.flatMap(helpersOf) });
  if (onPath) return onPath;
  const cached = cachedFolder(env);
  const engine = await oneAtATime(meetingPoint(env), {
    what: "the engine",
    report,
    find: () => (isComplete(cached) ? cached : undefined),
    work: (sharedReport) => fetchEngine({ env, stallMs, bytesPerCore, report: sharedReport }),
  });
  for (const language of languages) await ensureHost(language, engine, { env, bytesPerCore, report });
  return engine;
}

function fetchEngine({ env, report, ...limits }) {
  return withStaging(env, async (staging) => {
    const reasons = [];
    for (const { name, fetch } of SOURCES) {
      try {
        const folder = await fetch(staging, { env, report, ...limits });
        await prove(folder, env);
        return publish(folder, { staging, destination: cachedFolder(env), isComplete });
      } catch (error) {
        reasons.push(`no ${name}: ${error.message.split("\n", 1)[0]}`);
        report.say(reasons.at(-1));
      }
    }
    throw new Error(
      `no Pulumi engine (${reasons.join("; ")}). Install Pulumi ${MINIMUM} or newer ` +
        `(https://www.pulumi.com/docs/install/), or Go ${GO_MINIMUM} or newer (https://go.dev/dl/) to have it built.`,
    );
  });
}

/** Nothing enters the cache that does not run here and say that it is what was asked for. */
async function prove(folder, env) {
  if (!isComplete(folder)) throw new Error("the result is incomplete");
  const version = await versionOf(join(folder, "pulumi"), env);
  if (version !== PINNED) throw new Error(`the result says its version is ${version || "unknown"}`);
}

/** In a container, what that may use. */
function memoryPerCore() {
  return Math.min(totalmem(), process.constrainedMemory() || Infinity) / availableParallelism();
}
