import { mkdirSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { run } from "./run.mjs";
import { PINNED } from "./versions.mjs";

const INSTALLER = fileURLToPath(new URL("official-installer.mjs", import.meta.url));
const LONGEST_MS = 10 * 60 * 1000;

/** The official release by the SDK's own installer; given up once nothing has reached the disk for `stallMs`. */
export async function download(staging, { env, stallMs, report }) {
  report.say(`downloading Pulumi ${PINNED} from get.pulumi.com, once`);
  const root = join(staging, "download");
  const temporary = join(root, "tmp");
  mkdirSync(temporary, { recursive: true });
  const watch = watchProgress(root, stallMs, report);
  try {
    const { code, stderr } = await run(process.execPath, [INSTALLER, join(root, "pulumi"), PINNED], {
      cwd: root,
      env: { ...env, TMPDIR: temporary },
      abort: watch.abort,
    });
    if (code !== 0) throw new Error(watch.abort.aborted ? watch.abort.reason : stderr.trim());
    return join(root, "pulumi", "bin");
  } finally {
    watch.stop();
  }
}

function watchProgress(folder, stallMs, report) {
  const controller = new AbortController();
  const started = Date.now();
  let last = { bytes: bytesIn(folder), at: started };
  const timer = setInterval(
    () => {
      const now = Date.now();
      const bytes = bytesIn(folder);
      if (bytes !== last.bytes) last = { bytes, at: now };
      if (bytes >= 1e6) report.progress(`${Math.round(bytes / 1e6)} MB downloaded and unpacked`);
      if (now - last.at >= stallMs) controller.abort(`nothing arrived for ${stallMs / 1000} s`);
      else if (now - started >= LONGEST_MS) controller.abort(`not finished after ${LONGEST_MS / 60_000} min`);
    },
    Math.min(stallMs / 4, 500),
  );
  return { abort: controller.signal, stop: () => clearInterval(timer) };
}

function bytesIn(folder) {
  try {
    const files = readdirSync(folder, { recursive: true });
    return files.reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);
  } catch {
    // Something was removed while it was listed: a change if it is rare, a stall if it lasts.
    return -1;
  }
}
