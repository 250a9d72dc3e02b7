import { z } from "zod";

import { TokensError } from "../../provider/errors";
import { quoted } from "../shell";
import type { System } from "../system";
import type { Deployment } from "./export";
import { entriesOf, FLAG, parseJson } from "./json";
import { findProject } from "./project";
import { pulumi, stackOption } from "./run";
import { partsOf } from "./urn";

/** A stack by the parts of its full name, with which the labels of its tokens begin. */
export interface StackName {
  readonly organization: string;
  readonly project: string;
  readonly stack: string;
}

/** A stack as Pulumi lists it. */
interface ListedStack {
  readonly name: string;
  readonly isSelected: boolean;
  readonly isUpdating: boolean;
}

/** Backends of files and buckets have this organization alone. */
export const NO_ORGANIZATION = "organization";

const FULLY = "--fully-qualify-stack-names";
/** `organization/project/stack`; backends of files of before 2023 know no projects, and have the last part alone. */
const FULL_NAME = /^[\w.-]+(\/[\w.-]+\/[\w.-]+)?$/;

const LISTED = z
  .object({ name: z.string(), current: FLAG, updateInProgress: FLAG })
  .transform(({ name, current, updateInProgress }) => ({
    ...{ name, isSelected: current, isUpdating: updateInProgress },
  }));

/** Every stack of the backend. Unless full names are asked for, those of the project at hand have their last part alone. */
export async function listStacks(
  system: Pick<System, "run">,
  names: "full" | "short",
): Promise<readonly ListedStack[]> {
  const text = await pulumi(system, "stack", "ls", "--all", "--json", ...(names === "full" ? [FULLY] : []));
  return entriesOf(LISTED, parseJson(text, "pulumi stack ls"));
}

/** The full name of a stack, for `--stack`: that of the selected one still means it when another is selected. */
export async function fullStackName(system: Pick<System, "run">, stack: string | undefined): Promise<string> {
  const name = (await pulumi(system, "stack", "--show-name", FULLY, ...stackOption(stack))).trim();
  if (FULL_NAME.test(name)) return name;
  throw new TokensError(
    "stack_unknown",
    "pulumi stack --show-name does not tell the stack's full name: give it as --stack organization/project/stack",
  );
}

/** The parts of a full name. A guess at a missing one could take another stack's tokens for those of this stack. */
export async function stackNameOf(
  system: Pick<System, "files" | "cwd">,
  fullName: string,
  { resources }: Deployment,
): Promise<StackName> {
  const [organization = "", project, stack] = fullName.split("/");
  if (project !== undefined && stack !== undefined) return { organization, project, stack };
  // Backends of before 2023 know no projects, so that names have one part.
  const own = partsOf(resources[0]?.urn ?? "").project || (await findProject(system))?.name;
  if (own) return { organization: NO_ORGANIZATION, project: own, stack: fullName };
  throw new TokensError(
    "stack_unknown",
    "neither the stack's state nor a Pulumi.yaml tells its project, by which its tokens are known: run this in the program's folder",
  );
}

export function fullNameOf({ organization, project, stack }: StackName): string {
  return `${organization}/${project}/${stack}`;
}

/** Whether Pulumi Cloud, or a service like it, says that an update of the stack is under way. */
export async function isUpdating(
  system: Pick<System, "run">,
  { organization, project, stack }: StackName,
): Promise<boolean> {
  const own = `${project}/${stack}`;
  const names = [stack, `${organization}/${stack}`, own, `${organization}/${own}`];
  return (await listStacks(system, "short")).some((each) => each.isUpdating && names.includes(each.name));
}

/** The listed name of the stack that a person means, by less than its full name or by none; and the other names. */
export async function findStack(
  system: Pick<System, "run">,
  given: string | undefined,
): Promise<{ readonly name: string; readonly others: readonly string[] }> {
  const stacks = await listStacks(system, "short");
  // Where Pulumi knows no organizations, every stack is of this one.
  const asked = given?.replace(new RegExp(`^${NO_ORGANIZATION}/`), "");
  const fitting = stacks.filter(({ name, isSelected }) =>
    asked === undefined ? isSelected : name === asked || name.endsWith(`/${asked}`),
  );
  const project = stacks.find(({ isSelected }) => isSelected)?.name.replace(/[^/]+$/, "") ?? "";
  const exact = fitting.filter(({ name }) => name === asked || name === `${project}${asked ?? ""}`);
  const [only, ...more] = exact.length > 0 ? exact : fitting;
  const othersThan = (own: string) => stacks.map(({ name }) => name).filter((name) => name !== own);
  if (only && more.length === 0) return { name: only.name, others: othersThan(only.name) };
  // Which project is at hand, the list does not say; the history's folder does.
  const here = stacks.find(({ name }) => asked?.endsWith(`/${name}`));
  if (asked !== undefined && here && !only) return { name: asked, others: othersThan(here.name) };
  throw new TokensError("stack_unknown", whyNone(given, fitting));
}

function whyNone(given: string | undefined, fitting: readonly ListedStack[]): string {
  if (given === undefined) return "no stack is selected: say --stack, or `pulumi stack select`";
  if (fitting.length === 0) return `there is no stack ${given} in this backend`;
  const names = fitting.map(({ name }) => quoted(name)).join(", or --stack ");
  return `several stacks are named so: say --stack ${names}`;
}
