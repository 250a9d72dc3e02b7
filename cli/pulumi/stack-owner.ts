import { TokensError } from "../../provider/errors";
import { nearest } from "../files/nearest";
import { decode } from "../files/encoding";
import type { Deployment } from "./export";
import { partsOf } from "./urn";
import type { System } from "../system";

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
