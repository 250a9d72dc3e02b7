import { dirname, join } from "node:path";

import { KINDS } from "../../../provider/domain/kinds";
import { asError } from "../../../provider/notices";
import { nearest } from "../../files/nearest";
import { decode } from "../../files/encoding";
import { asObject } from "../../pulumi/json";
import { findProject } from "../../pulumi/project";
import type { System } from "../../system";
import { type Check, type Findings, isAtLeast } from "./check";

const PACKAGE = "pulumi-bigcommerce-tokens";
const SDK = "@pulumi/pulumi";

/** The versions of "Install" in the README, and of `engines` and `peerDependencies` in package.json. */
const LEAST = { node: [20, 20], cli: [3, 226], sdk: [3, 251] } as const;
const SDK_BELOW = [4, 0] as const;

/** Checks that the program in the working folder can use the package, and with which versions. */
export async function checkProgram(system: System, ownVersion: string): Promise<Findings> {
  const folder = await programFolder(system);
  if (folder === undefined) {
    const text = `there is no Pulumi.yaml in ${system.cwd} or above it: run this in the program's folder`;
    const program: Check = { name: "program", verdict: "unknown", text };
    return { subject: system.cwd, checks: [checkNode(system), await checkCli(system), program] };
  }
  const checks = [
    checkNode(system),
    await checkCli(system),
    await checkSdk(system, folder),
    await checkPackage(system, folder, ownVersion),
    await checkDependency(system, folder),
  ];
  return { subject: `program ${folder}`, checks };
}

function checkNode({ nodeVersion }: System): Check {
  const isNew = isAtLeast(nodeVersion, LEAST.node);
  return {
    name: "node",
    verdict: isNew ? "ok" : "bad",
    text: `Node.js ${nodeVersion}${isNew ? "" : ": 20.20 or later is needed"}`,
  };
}

async function checkCli(system: System): Promise<Check> {
  const name = "pulumi";
  let ran;
  try {
    ran = await system.run("pulumi", ["version"], { PULUMI_SKIP_UPDATE_CHECK: "true" });
  } catch (thrown) {
    return { name, verdict: "bad", text: asError(thrown).message };
  }
  if (ran?.code !== 0) {
    const text = ran === undefined ? "there is no Pulumi CLI on PATH" : "`pulumi version` failed";
    return { name, verdict: "bad", text };
  }
  const version = ran.stdout.trim();
  const isNew = isAtLeast(version, LEAST.cli);
  return {
    name,
    verdict: isNew ? "ok" : "bad",
    text: `Pulumi CLI ${version}${isNew ? "" : ": 3.226 or later is needed"}`,
  };
}

async function checkSdk(system: System, folder: string): Promise<Check> {
  const name = "sdk";
  const manifest = await manifestOf(system, system.resolve(`${SDK}/package.json`, folder));
  const version = manifest?.["version"];
  if (typeof version !== "string") {
    return { name, verdict: "bad", text: `${SDK} cannot be resolved: npm install ${SDK}` };
  }
  const fits = isAtLeast(version, LEAST.sdk) && !isAtLeast(version, SDK_BELOW);
  return {
    name,
    verdict: fits ? "ok" : "bad",
    text: `${SDK} ${version}${fits ? "" : ": 3.251 or later, below 4, is needed"}`,
  };
}

/** The engine loads the modules that states name from the program's folder. */
async function checkPackage(system: System, folder: string, ownVersion: string): Promise<Check> {
  const name = "package";
  const missing = Object.keys(KINDS).filter(
    (kind) => system.resolve(`${PACKAGE}/lifecycle/${kind}`, folder) === undefined,
  );
  const manifest = await manifestOf(system, system.resolve(`${PACKAGE}/package.json`, folder));
  const version = manifest?.["version"];
  if (missing.length > 0 || typeof version !== "string") {
    const text = `${PACKAGE} cannot be resolved from here: npm install ${PACKAGE}, as a direct dependency`;
    return { name, verdict: "bad", text };
  }
  const other = version === ownVersion ? "" : ` (this command is of ${ownVersion})`;
  return { name, verdict: "ok", text: `${PACKAGE} ${version} resolves from here${other}` };
}

/** A package that only another one depends on can vanish. Then its tokens could not be deleted. */
async function checkDependency(system: System, folder: string): Promise<Check> {
  const name = "dependency";
  const manifest = await manifestOf(system, await nearest(system, folder, "package.json"));
  if (!manifest)
    return { name, verdict: "unknown", text: "the program has no package.json that can be read" };
  const kinds = ["dependencies", "devDependencies", "optionalDependencies"].map((kind) =>
    asObject(manifest[kind]),
  );
  const isDirect = kinds.some((kind) => kind !== undefined && Object.hasOwn(kind, PACKAGE));
  return {
    name,
    verdict: isDirect ? "ok" : "bad",
    text: isDirect
      ? `${PACKAGE} is a direct dependency`
      : `${PACKAGE} is not a direct dependency of the program: npm install ${PACKAGE}`,
  };
}

/** As the engine has it: the folder of the project, or of its `main`, which is a folder or a file. */
async function programFolder(system: System): Promise<string | undefined> {
  const project = await findProject(system);
  if (project === undefined) return undefined;
  const place = join(project.folder, project.main ?? ".");
  return /\.[cm]?[jt]s$/.test(place) ? dirname(place) : place;
}

async function manifestOf(system: System, path: string | undefined): Promise<ReturnType<typeof asObject>> {
  if (path === undefined) return undefined;
  try {
    return asObject(JSON.parse(decode(await system.files.read(path))) as unknown);
  } catch {
    return undefined;
  }
}
