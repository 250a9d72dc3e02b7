import { chmodSync, copyFileSync, lstatSync, readlinkSync, renameSync, symlinkSync } from "node:fs";
import { basename, join } from "node:path";

import { cachedFolder, meetingPoint, publish, withStaging } from "./cache.mjs";
import { buildFromModules, folderOf, goEnvironment } from "./go-build.mjs";
import { isExecutable, which } from "./installed.mjs";
import { oneAtATime } from "./one-at-a-time.mjs";
import { run } from "./run.mjs";
import { GO_MINIMUM, MINIMUM } from "./versions.mjs";

/**
 * What the engine starts for programs in these languages. Each is built only for somebody who asks for it: the engine's own
 * host for Node.js is not among them. The versions stand in the go.mod of the modules as well.
 */
const HOSTS = {
  yaml: {
    version: "1.25.0",
    duration: "2 minutes",
    module: "yaml",
    main: "github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml",
    variable: "github.com/pulumi/pulumi-yaml/pkg/version.Version",
  },
  python: {
    version: "3.68.0",
    duration: "a minute",
    module: "host",
    main: "github.com/pulumi/pulumi/sdk/v3/python/cmd/pulumi-language-python",
    variable: "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version",
    // The host starts it with Python, and looks for it beside itself.
    script: { module: "github.com/pulumi/pulumi/sdk/v3", path: "python/cmd/pulumi-language-python-exec" },
  },
};

const PROOF_TIMEOUT_MS = 10_000;

export function refuseUnknown(languages) {
  const unknown = languages.find((language) => !Object.hasOwn(HOSTS, language));
  if (unknown === undefined) return;
  const known = Object.keys(HOSTS).join(" and ");
  throw new Error(`no host for programs in "${unknown}": there are ${known}; Node.js needs no argument`);
}

/** The files that the engine must find for programs in this language. */
export function helpersOf(language) {
  const { main, script } = HOSTS[language];
  return [main, ...(script ? [script.path] : [])].map((path) => basename(path));
}

/**
 * Makes sure that the engine's folder has the host: its own from the official release, or a link to one that is built and
 * cached by its own version.
 */
export async function ensureHost(language, engine, { env, bytesPerCore, report }) {
  const name = folderNameOf(language);
  if (hasHost(engine, language)) return;
  const destination = cachedFolder(env, name);
  const isComplete = (folder) => helpersOf(language).every((file) => isExecutable(join(folder, file)));
  await oneAtATime(meetingPoint(env, name), {
    what: commandOf(language),
    report,
    find: () => (isComplete(destination) ? destination : undefined),
    work: (sharedReport) =>
      withStaging(env, async (staging) => {
        try {
          const folder = await build(language, staging, { env, bytesPerCore, report: sharedReport });
          await prove(join(folder, commandOf(language)), env);
          return publish(folder, { staging, destination, isComplete });
        } catch (error) {
          throw new Error(
            `no ${commandOf(language)} (${error.message}). Install Pulumi ${MINIMUM} or newer, which has it ` +
              `(https://www.pulumi.com/docs/install/), or Go ${GO_MINIMUM} or newer (https://go.dev/dl/) to have it built.`,
          );
        }
      }),
  });
  for (const file of helpersOf(language)) link(engine, file, linkTo(language, file));
}

async function build(language, staging, { env, bytesPerCore, report }) {
  const { version, duration, module, main, variable, script } = HOSTS[language];
  const target = { module, main, version: `${variable}=v${version}` };
  const folder = await buildFromModules([target], staging, {
    name: `${commandOf(language)} ${version}`,
    duration,
    kept: cachedFolder(env, folderNameOf(language)),
    instead: `Pulumi ${MINIMUM} or newer`,
    env,
    report,
    bytesPerCore,
  });
  if (script) await copyFromModule(script, folder, { module, env });
  return folder;
}

async function copyFromModule(script, folder, { module, env }) {
  const { stdout, stderr } = await run(which("go", env), ["list", "-m", "-f", "{{.Dir}}", script.module], {
    cwd: folderOf(module),
    env: goEnvironment(env),
  });
  if (!stdout.trim()) throw new Error(`go list -m of ${module} failed: ${stderr.trim()}`);
  const copy = join(folder, basename(script.path));
  copyFileSync(join(stdout.trim(), script.path), copy);
  chmodSync(copy, 0o755);
}

/** Nothing enters the cache that does not run here. Without `--help` a host serves until it is ended. */
async function prove(command, env) {
  const { code, stderr } = await run(command, ["--help"], {
    env,
    abort: AbortSignal.timeout(PROOF_TIMEOUT_MS),
  });
  if (code !== 0) throw new Error(`the result does not run: ${stderr.trim().split("\n", 1)[0]}`);
}

/** A link to another version does not count. */
function hasHost(engine, language) {
  return helpersOf(language).every((file) => {
    const path = join(engine, file);
    return isExecutable(path) && (!isLink(path) || readlinkSync(path) === linkTo(language, file));
  });
}

function isLink(path) {
  return lstatSync(path).isSymbolicLink();
}

/** Relative, because both folders are in the cache. */
function linkTo(language, file) {
  return join("..", folderNameOf(language), file);
}

/** By a rename, so that it replaces a former link, and no other process sees the folder without it. */
function link(folder, file, target) {
  const temporary = join(folder, `.${file}-${process.pid}`);
  symlinkSync(target, temporary);
  renameSync(temporary, join(folder, file));
}

function folderNameOf(language) {
  return `${commandOf(language)}-${HOSTS[language].version}`;
}

function commandOf(language) {
  return basename(HOSTS[language].main);
}
