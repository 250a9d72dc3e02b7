import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { time } from "./child.mjs";
import { PHASES, withProject } from "./cycle.mjs";
import { exported } from "./provider-process.mjs";

const MINTED = 20;
const COPIES = 50;
/** `status`: nothing to do, or something that is due. */
const STATUS_CODES = [0, 2, 3];

/** Seconds of `--help`, and of `status` of 1,000 tokens beside `pulumi stack export` alone; of each the best. */
export function measureCommandLine(installed, { runs }) {
  const main = join(installed.folder, "node_modules/pulumi-bigcommerce-tokens/dist/cli/main.js");
  return withProject(installed, { variant: "ours", tokens: MINTED }, async (project) => {
    const { cwd, environment: env, pulumi } = project;
    await pulumi(PHASES.up);
    const minted = await exported(pulumi);
    const file = join(cwd, "thousand.json");
    writeFileSync(file, JSON.stringify(multiplied(minted)));
    await pulumi(["stack", "import", "--file", file]);
    const found = { node: Infinity, help: Infinity, status: Infinity, export: Infinity };
    const keep = async (name, ran) => (found[name] = Math.min(found[name], (await ran).seconds));
    for (let run = 0; run < runs; run += 1) {
      await keep("node", time(process.execPath, ["-e", ""], { cwd, env }));
      await keep("help", time(process.execPath, [main, "--help"], { cwd, env }));
      await keep("export", pulumi(["stack", "export"]));
      await keep("status", time(process.execPath, [main, "status"], { cwd, env, codes: STATUS_CODES }));
    }
    await pulumi(["stack", "import", "--file", original(cwd, minted)]);
    await pulumi(PHASES.destroy);
    return found;
  });
}

/** The same tokens under other names. */
function multiplied({ deployment, ...rest }) {
  const isToken = ({ type }) => type.startsWith("pulumi-nodejs:dynamic");
  const copies = deployment.resources.filter(isToken).flatMap((resource) =>
    Array.from({ length: COPIES }, (_, copy) => ({
      ...resource,
      urn: `${resource.urn}-${copy}`,
      id: `${resource.id}-${copy}`,
    })),
  );
  const others = deployment.resources.filter((resource) => !isToken(resource));
  return { ...rest, deployment: { ...deployment, resources: [...others, ...copies] } };
}

function original(cwd, state) {
  const file = join(cwd, "minted.json");
  writeFileSync(file, JSON.stringify(state));
  return file;
}
