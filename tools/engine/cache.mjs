import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

import { undoOnExit } from "./leftovers.mjs";
import { PINNED } from "./versions.mjs";

/** The pinned engine's folder. */
const ENGINE = `pulumi-${PINNED}`;
const STAGING = ".staging-";
const ABANDONED_AFTER_MS = 24 * 60 * 60 * 1000;
const CONFLICTS = ["ENOTEMPTY", "EEXIST"];

/** Where a folder stands once it is complete: whatever bears its name came there by one rename. */
export function cachedFolder(env, name = ENGINE) {
  return join(cacheOf(env), name);
}

/** Where processes that want this folder meet. */
export function meetingPoint(env, name = ENGINE) {
  const cache = cacheOf(env);
  mkdirSync(cache, { recursive: true });
  return join(cache, `.getting-${name}`);
}

/** Calls `work` with a new folder on the cache's own file system, and removes it afterwards, also on Ctrl-C. */
export async function withStaging(env, work) {
  const cache = cacheOf(env);
  mkdirSync(cache, { recursive: true });
  removeAbandoned(cache);
  const staging = mkdtempSync(join(cache, STAGING));
  const remove = () => rmSync(staging, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  const withdraw = undoOnExit(remove);
  try {
    return await work(staging);
  } finally {
    withdraw();
    remove();
  }
}

/** Moves a proven folder into its place in the cache. Of two calls at once the first wins, and both are served. */
export function publish(folder, { staging, destination, isComplete }) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      renameSync(folder, destination);
      return destination;
    } catch (error) {
      if (!CONFLICTS.includes(error.code) || attempt === 3) throw error;
      if (isComplete(destination)) return destination;
      moveAside(destination, join(staging, `incomplete-${attempt}`));
    }
  }
}

function cacheOf(env) {
  const home = env.HOME || homedir();
  const byPlatform = process.platform === "darwin" ? join(home, "Library", "Caches") : join(home, ".cache");
  const base = env.XDG_CACHE_HOME && isAbsolute(env.XDG_CACHE_HOME) ? env.XDG_CACHE_HOME : byPlatform;
  return join(base, "pulumi-bigcommerce-tokens");
}

/** What a killed call left behind; a younger folder may belong to one that is at work. */
function removeAbandoned(cache) {
  for (const name of readdirSync(cache).filter((entry) => entry.startsWith(STAGING))) {
    const folder = join(cache, name);
    const age = Date.now() - (statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > ABANDONED_AFTER_MS) rmSync(folder, { recursive: true, force: true });
  }
}

function moveAside(folder, target) {
  try {
    renameSync(folder, target);
  } catch (error) {
    if (error.code !== "ENOENT") throw error;
  }
}
