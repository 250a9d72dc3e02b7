import { accessSync, constants, realpathSync, statSync } from "node:fs";
import { delimiter, dirname, join, resolve } from "node:path";

import { run } from "./run.mjs";
import { isAtLeast, MINIMUM } from "./versions.mjs";

/** What the engine starts for a Node.js program with dynamic resources; it looks on PATH and beside itself. */
const HELPERS = ["pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"];
const VERSION_TIMEOUT_MS = 10_000;

/** The folder of the first `pulumi` on PATH, if it is new enough and has what it needs, `more` included. */
export async function engineOnPath(env, { say, more }) {
  const pulumi = which("pulumi", env);
  if (!pulumi) return undefined;
  const version = await versionOf(pulumi, env);
  if (!isAtLeast(version, MINIMUM)) {
    say(`${pulumi} is not used: its version is ${version || "unknown"}, ${MINIMUM} or newer is needed`);
    return undefined;
  }
  const beside = [dirname(pulumi), dirname(realpathSync(pulumi))];
  const missing = [...HELPERS, ...more].filter(
    (name) => !which(name, env) && !beside.some((folder) => isExecutable(join(folder, name))),
  );
  if (missing.length > 0) {
    say(`${pulumi} is not used: no ${missing.join(", no ")} beside it or on PATH`);
    return undefined;
  }
  return dirname(pulumi);
}

/** Whether everything that a Node.js program needs besides node is in this one folder. */
export function isComplete(folder) {
  return ["pulumi", ...HELPERS].every((name) => isExecutable(join(folder, name)));
}

/** What `pulumi version` prints, without its `v`; empty if it fails. */
export async function versionOf(pulumi, env) {
  const { code, stdout } = await run(pulumi, ["version"], {
    env: { ...env, PULUMI_SKIP_UPDATE_CHECK: "true" },
    abort: AbortSignal.timeout(VERSION_TIMEOUT_MS),
  });
  return code === 0 ? stdout.trim().replace(/^v/, "") : "";
}

export function which(name, env) {
  const folders = (env.PATH ?? "").split(delimiter).filter(Boolean);
  return folders.map((folder) => resolve(folder, name)).find(isExecutable);
}

export function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    const { size } = statSync(file);
    return size > 0 && statSync(file).isFile();
  } catch {
    return false;
  }
}
