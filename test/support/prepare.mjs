/**
 * `node prepare.mjs FOLDER`: makes sure of the engine, packs the package, installs the tarball into the folder, and makes
 * a stack there that stories copy. Ends with a file `ready` in it, or `failed` with the reason.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";

const [fresh] = process.argv.slice(2);
/** An error tells what the command printed on standard error. */
const run = (command, args, options = {}) =>
  execFileSync(command, args, { encoding: "utf8", stdio: "pipe", ...options });

try {
  // A person waits for the first build of an engine, and sees how far it is.
  const engine = run(process.execPath, ["tools/engine/ensure.mjs"], { stdio: ["ignore", "pipe", "inherit"] });
  symlinkSync(engine.trim().split("\n").at(-1), join(fresh, "engine"));
  installPacked();
  makeTemplate();
  tell("ready", "");
} catch (error) {
  tell("failed", error.message);
  process.exitCode = 1;
}

function installPacked() {
  const tarball = run("npm", ["pack", "--silent", "--pack-destination", fresh]).trim().split("\n").at(-1);
  writeFileSync(join(fresh, "package.json"), JSON.stringify({ name: "fresh", private: true }));
  const versions = ["@pulumi/pulumi", "typescript", "ts-node"].map(
    (name) => `${name}@${installedVersion(name)}`,
  );
  const quick = ["--silent", "--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts"];
  run("npm", ["install", `./${tarball}`, ...versions, ...quick], { cwd: fresh });
}

function installedVersion(name) {
  return JSON.parse(readFileSync(join("node_modules", name, "package.json"), "utf8")).version;
}

/** A stack without resources: what `pulumi stack init` leaves in the backend, in Pulumi's home and beside the program. */
function makeTemplate() {
  const template = join(fresh, "template");
  for (const name of ["program", "home", "state"]) mkdirSync(join(template, name), { recursive: true });
  writeFileSync(join(template, "program", "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
  run(join(fresh, "engine", "pulumi"), ["stack", "init", "dev", "--non-interactive"], {
    cwd: join(template, "program"),
    env: {
      ...process.env,
      PATH: [join(fresh, "engine"), process.env.PATH].join(delimiter),
      PULUMI_HOME: join(template, "home"),
      PULUMI_BACKEND_URL: `file://${join(template, "state")}`,
      PULUMI_CONFIG_PASSPHRASE: "a passphrase for a test",
      PULUMI_SKIP_UPDATE_CHECK: "true",
    },
  });
}

/** A rename, so that nobody reads half of it. */
function tell(name, text) {
  writeFileSync(join(fresh, `.${name}`), text);
  renameSync(join(fresh, `.${name}`), join(fresh, name));
}
