import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { PHASES, withProject } from "./cycle.mjs";

const PROBE = fileURLToPath(new URL("probe.cjs", import.meta.url));

/** What a provider's process takes: memory, and milliseconds of check and diff; and the state that it leaves. */
export async function measureProcess(installed, { variant, tokens }) {
  return withProject(installed, { variant, tokens }, async ({ cwd, pulumi }) => {
    const folder = join(cwd, "probe");
    const run = async (phase) => {
      mkdirSync(folder);
      await pulumi(PHASES[phase], { NODE_OPTIONS: `--require ${PROBE}`, BENCH_PROBE: folder });
      const [name, ...more] = readdirSync(folder);
      if (name === undefined || more.length > 0) throw new Error(`${more.length + 1} provider processes`);
      const found = JSON.parse(readFileSync(join(folder, name), "utf8"));
      rmSync(folder, { recursive: true });
      return found;
    };
    const up = await run("up");
    const bytes = stateBytes(await exported(pulumi));
    const preview = await run("preview");
    await pulumi(PHASES.destroy);
    return { megabytes: up.megabytes, bytes, ...timesOf(preview.calls) };
  });
}

export async function exported(pulumi) {
  return JSON.parse((await pulumi(["stack", "export"])).stdout);
}

/** Bytes of the state for each resource of a dynamic provider. */
function stateBytes({ deployment }) {
  const resources = deployment.resources.filter(({ type }) => type.startsWith("pulumi-nodejs:dynamic"));
  const whole = resources.reduce((sum, each) => sum + Buffer.byteLength(JSON.stringify(each)), 0);
  return whole / resources.length;
}

/** Nothing for a provider that is not the package's. */
function timesOf({ load, configure, check, diff }) {
  if (check.length === 0) return {};
  const after = (times) => times.slice(1).reduce((sum, each) => sum + each, 0) / (times.length - 1);
  return { firstCheck: load[0] + configure[0] + check[0], checkAndDiff: after(check) + after(diff) };
}
