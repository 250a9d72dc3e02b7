import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** Before each file of the engine's project: waits for the end of the preparation that `engine-setup.ts` began. */
async function ready(): Promise<void> {
  const fresh = process.env["TEST_FRESH"] ?? "";
  const [isReady, hasFailed] = [join(fresh, "ready"), join(fresh, "failed")];
  while (!existsSync(isReady)) {
    if (existsSync(hasFailed))
      throw new Error(`no engine or package to test: ${readFileSync(hasFailed, "utf8")}`);
    await sleep(100);
  }
}

export = ready;
