import { createHash } from "node:crypto";
import { lstatSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { cachedFolder, meetingPoint, publish, withStaging } from "../engine/cache.mjs";
import { isExecutable, which } from "../engine/installed.mjs";
import { oneAtATime } from "../engine/one-at-a-time.mjs";
import { durationSince, reportTo } from "../engine/report.mjs";
import { run } from "../engine/run.mjs";

const REQUIREMENTS = fileURLToPath(new URL("requirements.txt", import.meta.url));
/** Of the text, as short as the versions that stand in other folders' names. */
const DIGITS = 8;

/**
 * A virtual environment with Pulumi's SDK for Python in it, at the versions of requirements.txt; its `bin` goes on PATH. It is
 * made once for each minor version of Python and each requirements.txt. Of several calls at once, one makes it.
 */
export async function ensureVenv({
  env = process.env,
  report = reportTo(process.stderr, { name: "python" }),
} = {}) {
  const python = which("python3", env);
  if (!python) throw new Error("no python3 on PATH: install Python 3.10 or newer");
  const name = `python-${await minorVersionOf(python, env)}-${versionOf(readFileSync(REQUIREMENTS, "utf8"))}`;
  const destination = cachedFolder(env, name);
  return oneAtATime(meetingPoint(env, name), {
    what: "Pulumi's SDK for Python",
    report,
    find: () => (isComplete(destination) ? destination : undefined),
    work: (sharedReport) =>
      withStaging(env, async (staging) => {
        const venv = join(staging, name);
        await make(venv, { python, destination, env, report: sharedReport });
        return publish(venv, { staging, destination, isComplete });
      }),
  });
}

async function make(venv, { python, destination, env, report }) {
  const started = Date.now();
  report.say(`installing Pulumi's SDK for Python, once: about 20 s. It is kept in ${destination}.`);
  mkdirSync(venv);
  await succeed(python, ["-m", "venv", venv], env);
  await succeed(pythonIn(venv), ["-m", "pip", "install", "--quiet", "--requirement", REQUIREMENTS], env);
  await succeed(pythonIn(venv), ["-c", "import pulumi"], env);
  renameScripts(venv, destination);
  report.say(`installed Pulumi's SDK for Python in ${durationSince(started)}`);
}

/** The first line of a script names the folder in which it was installed. */
function renameScripts(venv, destination) {
  const bin = join(venv, "bin");
  for (const file of readdirSync(bin).map((name) => join(bin, name))) {
    if (lstatSync(file).isFile())
      writeFileSync(file, readFileSync(file, "utf8").replaceAll(venv, destination));
  }
}

/** Its Python is a link: to nothing, once that version is removed from the computer. */
function isComplete(venv) {
  return isExecutable(pythonIn(venv));
}

function pythonIn(venv) {
  return join(venv, "bin", "python3");
}

async function minorVersionOf(python, env) {
  const program = "import sys; print('%d.%d' % sys.version_info[:2])";
  return (await succeed(python, ["-c", program], env)).trim();
}

function versionOf(requirements) {
  return createHash("sha256").update(requirements).digest("hex").slice(0, DIGITS);
}

async function succeed(command, args, env) {
  const { code, stdout, stderr } = await run(command, args, { env });
  if (code !== 0)
    throw new Error(`${args.slice(0, 3).join(" ")} failed: ${stderr.trim().split("\n").at(-1)}`);
  return stdout;
}
