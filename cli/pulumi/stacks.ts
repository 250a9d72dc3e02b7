import { TokensError } from "../../provider/errors";
import { decode } from "../files/encoding";
import { nearest } from "../files/nearest";
import type { System } from "../system";
import type { Deployment } from "./export";
import { asObject, parseJson } from "./json";
import { pulumi } from "./run";
import { partsOf } from "./urn";

const FULLY = "--fully-qualify-stack-names";
/** `organization/project/stack`; backends of files of before 2023 know no projects, and have the last part alone. */
const NAME = /^[\w.-]+(\/[\w.-]+\/[\w.-]+)?$/;

/** The full name of a stack, for `--stack`: that of the selected one still means it when another is selected. */
export async function fullStackName(system: Pick<System, "run">, stack: string | undefined): Promise<string> {
  const which = stack === undefined ? [] : ["--stack", stack];
  const name = (await pulumi(system, "stack", "--show-name", FULLY, ...which)).trim();
  if (NAME.test(name)) return name;
  throw new TokensError(
    "no_stack",
    "pulumi stack --show-name does not tell the stack's full name: give it as --stack organization/project/stack",
  );
}

/** The full names of every stack of the backend, those of other projects included. */
export async function fullStackNames(system: Pick<System, "run">): Promise<readonly string[]> {
  const text = await pulumi(system, "stack", "ls", "--all", "--json", FULLY);
  const listed = parseJson(text, "pulumi stack ls");
  const names = (Array.isArray(listed) ? listed : []).map((each) => asObject(each)?.["name"]);
  return names.filter((name) => typeof name === "string");
}

/** A stack by its full name, with which the labels of its tokens begin. */
export interface Owner {
  readonly organization: string;
  readonly project: string;
  readonly stack: string;
}

/** What backends of files and buckets call theirs. */
export const NO_ORGANIZATION = "organization";

type Reach = Pick<System, "files" | "cwd">;

/** By the stack's full name; a guess could take another stack's tokens for its own. */
export async function ownerOf(system: Reach, name: string, { resources }: Deployment): Promise<Owner> {
  const [organization = "", project, stack] = name.split("/");
  if (project !== undefined && stack !== undefined) return { organization, project, stack };
  // Backends of before 2023 know no projects, so that names have one part.
  const own = partsOf(resources[0]?.urn ?? "").project || (await projectAtHand(system));
  if (own) return { organization: NO_ORGANIZATION, project: own, stack: name };
  throw new TokensError(
    "no_owner",
    "neither the stack's state nor a Pulumi.yaml tells its project, by which its tokens are known: run this in the program's folder",
  );
}

/** The name in the nearest project file; undefined where that is not plain YAML. */
async function projectAtHand(system: Reach): Promise<string | undefined> {
  const file = await nearest(system, system.cwd, "Pulumi.json", "Pulumi.yaml", "Pulumi.yml");
  if (file === undefined) return undefined;
  return /^name:[ \t]*(["']?)([\w.-]+)\1[ \t]*(#.*)?\r?$/m.exec(decode(await system.files.read(file)))?.[2];
}

export function fullName({ organization, project, stack }: Owner): string {
  return `${organization}/${project}/${stack}`;
}
