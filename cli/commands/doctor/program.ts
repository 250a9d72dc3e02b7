import { dirname, join } from "node:path";

import { KINDS } from "../../../provider/domain/kinds";
import { asError } from "../../../provider/notices";
import { decode } from "../../files/read-text";
import { asObject, type Properties } from "../../pulumi/json";
import { findProject, nearest } from "../../pulumi/project";
import type { System } from "../../system";
import { check, type Check, type Findings } from "./report";

const PACKAGE = "pulumi-bigcommerce-tokens";
const SDK = "@pulumi/pulumi";

/** The versions of "Install" in the README, and of `engines` and `peerDependencies` in package.json. */
const LEAST = { node: [22, 0], cli: [3, 226], sdk: [3, 251] } as const;
/** The build is for this version, and runs on it. `engines` asks for what every SDK of the peer range asks for. */
const OLDEST_NODE = [20, 20] as const;
const SDK_BELOW = [4, 0] as const;

/** Checks that the program in the working folder can use the package, and with which versions. */
export async function checkProgram(system: System, ownVersion: string): Promise<Findings> {
  const { nodeVersion, cwd } = system;
  const tools = [checkNode(nodeVersion), await checkCli(system)];
  const folder = await programFolder(system);
  if (folder === undefined) {
    const text = `there is no Pulumi.yaml in ${cwd} or above it: run this in the program's folder`;
    return { subject: cwd, checks: [...tools, check("program", "unknown", text)] };
  }
  const checks = [
    ...tools,
    await checkSdk(system, folder),
    await checkPackage(system, folder, ownVersion),
    await checkDependency(system, folder),
  ];
  return { subject: `program ${folder}`, checks };
}

function checkNode(version: string): Check {
  const found = `Node.js ${version}`;
  if (!isAtLeast(version, OLDEST_NODE)) return check("node", "bad", `${found}: 22 or later is needed`);
  if (isAtLeast(version, LEAST.node)) return check("node", "ok", found);
  return check("node", "warning", `${found} still works; ${SDK} supports 22 and later only`);
}

async function checkCli(system: System): Promise<Check> {
  const name = "pulumi";
  try {
    const ran = await system.run("pulumi", ["version"], { PULUMI_SKIP_UPDATE_CHECK: "true" });
    if (!ran) return check(name, "bad", "there is no Pulumi CLI on PATH");
    if (ran.code !== 0) return check(name, "bad", "`pulumi version` failed");
    const version = ran.stdout.trim();
    return versionCheck(name, `Pulumi CLI ${version}`, isAtLeast(version, LEAST.cli), "3.226 or later");
  } catch (thrown) {
    return check(name, "bad", asError(thrown).message);
  }
}

async function checkSdk(system: System, folder: string): Promise<Check> {
  const version = await versionOf(system, SDK, folder);
  if (version === undefined) return check("sdk", "bad", `${SDK} cannot be resolved: npm install ${SDK}`);
  const fits = isAtLeast(version, LEAST.sdk) && !isAtLeast(version, SDK_BELOW);
  return versionCheck("sdk", `${SDK} ${version}`, fits, "3.251 or later, below 4,");
}

/** The engine loads the modules that states name from the program's folder. */
async function checkPackage(system: System, folder: string, ownVersion: string): Promise<Check> {
  const version = await versionOf(system, PACKAGE, folder);
  const isWhole = Object.keys(KINDS).every((kind) => system.resolve(`${PACKAGE}/lifecycle/${kind}`, folder));
  if (!isWhole || version === undefined) {
    const text = `${PACKAGE} cannot be resolved from here: npm install ${PACKAGE}, as a direct dependency`;
    return check("package", "bad", text);
  }
  const other = version === ownVersion ? "" : ` (this command is of ${ownVersion})`;
  return check("package", "ok", `${PACKAGE} ${version} resolves from here${other}`);
}

/** A package that only another one depends on can vanish. Then its tokens could not be deleted. */
async function checkDependency(system: System, folder: string): Promise<Check> {
  const name = "dependency";
  const manifest = await readManifest(system, await nearest(system, folder, "package.json"));
  if (!manifest) return check(name, "unknown", "the program has no package.json that can be read");
  const kinds = ["dependencies", "devDependencies", "optionalDependencies"];
  const isDirect = kinds.some((kind) => Object.hasOwn(asObject(manifest[kind]) ?? {}, PACKAGE));
  if (isDirect) return check(name, "ok", `${PACKAGE} is a direct dependency`);
  const text = `${PACKAGE} is not a direct dependency of the program: npm install ${PACKAGE}`;
  return check(name, "bad", text);
}

function versionCheck(name: string, found: string, fits: boolean, needed: string): Check {
  return check(name, fits ? "ok" : "bad", fits ? found : `${found}: ${needed} is needed`);
}

/** True if a version such as `3.259.0` or `v3.259.0-alpha` is at least the given major and minor version. */
function isAtLeast(version: string, [major, minor]: readonly [number, number]): boolean {
  const [, own = "0", ownMinor = "0"] = /^v?(\d+)\.(\d+)/.exec(version) ?? [];
  return Number(own) > major || (Number(own) === major && Number(ownMinor) >= minor);
}

/** As the engine has it: the folder of the project, or of its `main`, which is a folder or a file. */
async function programFolder(system: System): Promise<string | undefined> {
  const project = await findProject(system);
  if (project === undefined) return undefined;
  const place = join(project.folder, project.main ?? ".");
  return /\.[cm]?[jt]s$/.test(place) ? dirname(place) : place;
}

/** The version of an installed package; undefined if it cannot be resolved from the folder. */
async function versionOf(system: System, name: string, folder: string): Promise<string | undefined> {
  const manifest = await readManifest(system, system.resolve(`${name}/package.json`, folder));
  const version = manifest?.["version"];
  return typeof version === "string" ? version : undefined;
}

async function readManifest(system: System, path: string | undefined): Promise<Properties | undefined> {
  try {
    return path === undefined ? undefined : asObject(JSON.parse(decode(await system.files.read(path))));
  } catch {
    return undefined;
  }
}
