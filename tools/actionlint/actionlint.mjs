import { basename, join } from "node:path";

import { cachedFolder, meetingPoint, publish, withStaging } from "../engine/cache.mjs";
import { buildFromModules } from "../engine/go-build.mjs";
import { isExecutable } from "../engine/installed.mjs";
import { oneAtATime } from "../engine/one-at-a-time.mjs";
import { reportTo } from "../engine/report.mjs";
import { run } from "../engine/run.mjs";
import { GO_MINIMUM } from "../engine/versions.mjs";

/** Keep in step with go.mod beside this file. */
const VERSION = "1.7.12";
const TARGET = {
  module: "../actionlint",
  main: "github.com/rhysd/actionlint/cmd/actionlint",
  version: `github.com/rhysd/actionlint.version=${VERSION}`,
};
const NAME = basename(TARGET.main);

/** The linter of GitHub's workflows, at one version on every computer. It is built once; of several calls at once, one builds it. */
export async function ensureActionlint({
  env = process.env,
  report = reportTo(process.stderr, { name: NAME }),
} = {}) {
  const name = `${NAME}-${VERSION}`;
  const destination = cachedFolder(env, name);
  const folder = await oneAtATime(meetingPoint(env, name), {
    what: NAME,
    report,
    find: () => (isComplete(destination) ? destination : undefined),
    work: (sharedReport) =>
      withStaging(env, async (staging) => {
        const built = await build(staging, { kept: destination, env, report: sharedReport });
        return publish(built, { staging, destination, isComplete });
      }),
  });
  return join(folder, NAME);
}

async function build(staging, options) {
  try {
    const name = `${NAME} ${VERSION}`;
    const folder = await buildFromModules([TARGET], staging, { name, duration: "20 s", ...options });
    const { code, stdout } = await run(join(folder, NAME), ["-version"], { env: options.env });
    const [version] = stdout.split("\n");
    if (code !== 0 || version !== VERSION) throw new Error(`the result says that its version is ${version}`);
    return folder;
  } catch (error) {
    const remedy = `Install Go ${GO_MINIMUM} or newer (https://go.dev/dl/) to have it built.`;
    throw new Error(`no ${NAME} (${error.message}). ${remedy}`);
  }
}

function isComplete(folder) {
  return isExecutable(join(folder, NAME));
}
