import * as z from "zod";

import { TokensError } from "../../provider/errors";
import { quoted } from "../../provider/domain/shell";
import type { System } from "../system";
import type { Deployment } from "./export";
import { entriesOf, FLAG, parseJson } from "./json";
import { findProject } from "./project";
import { pulumi, stackOption, type Runner } from "./run";
import { partsOf } from "../../provider/domain/urn";

/** The parts of a stack's full name. The labels of its tokens begin with them. */
export interface StackName {
  readonly organization: string;
  readonly project: string;
  readonly stack: string;
}

/** A stack as Pulumi lists it. */
type ListedStack = Readonly<z.output<typeof LISTED>>;

/** The only organization of file and bucket backends. */
export const NO_ORGANIZATION = "organization";

const FULLY = "--fully-qualify-stack-names";
/** `organization/project/stack`; `stack` alone in file backends from before 2023, which have no projects. */
const FULL_NAME = /^[\w.-]+(\/[\w.-]+\/[\w.-]+)?$/;

const LISTED = z.object({ name: z.string(), current: FLAG, updateInProgress: FLAG }).transform((stack) => ({
  name: stack.name,
  isSelected: stack.current,
  isUpdating: stack.updateInProgress,
}));

/** Every stack of the backend. The short name of a stack of this project is the last part of its full name. */
export async function listStacks(system: Runner, names: "full" | "short"): Promise<readonly ListedStack[]> {
  const text = await pulumi(system, "stack", "ls", "--all", "--json", ...(names === "full" ? [FULLY] : []));
  return entriesOf(LISTED, parseJson(text, "pulumi stack ls"));
}

/** The full name of a stack. It stays right as `--stack` if another stack is selected in the meantime. */
export async function fullStackName(system: Runner, stack: string | undefined): Promise<string> {
  const name = (await pulumi(system, "stack", "--show-name", FULLY, ...stackOption(stack))).trim();
  if (FULL_NAME.test(name)) return name;
  throw new TokensError(
    "stack_unknown",
    "pulumi stack --show-name does not tell the full name of the stack: give it as --stack organization/project/stack",
  );
}

/** The parts of a full name. None is guessed: the tokens of another stack could pass for those of this one. */
export async function stackNameOf(
  system: Pick<System, "files" | "cwd">,
  fullName: string,
  { resources }: Deployment,
): Promise<StackName> {
  const [organization = "", project, stack] = fullName.split("/");
  if (project !== undefined && stack !== undefined) return { organization, project, stack };
  // In backends from before 2023, which have no projects, names have one part.
  const own = partsOf(resources[0]?.urn ?? "").project || (await findProject(system))?.name;
  if (own) return { organization: NO_ORGANIZATION, project: own, stack: fullName };
  throw new TokensError(
    "stack_unknown",
    "neither the stack's state nor a Pulumi.yaml tells its project, which is part of its tokens' labels: run this in the program's folder",
  );
}

export function fullNameOf({ organization, project, stack }: StackName): string {
  return `${organization}/${project}/${stack}`;
}

/** True if Pulumi Cloud, or a service like it, says that an update of the stack is running. */
export async function isUpdating(system: Runner, name: StackName): Promise<boolean> {
  const { organization, project, stack } = name;
  const own = `${project}/${stack}`;
  const names = [stack, `${organization}/${stack}`, own, `${organization}/${own}`];
  return (await listStacks(system, "short")).some((each) => each.isUpdating && names.includes(each.name));
}

/** The listed name of the stack that a person means, and the names of all others. No name means the selected stack. */
export async function findStack(
  system: Runner,
  given: string | undefined,
): Promise<{ readonly name: string; readonly others: readonly string[] }> {
  const stacks = await listStacks(system, "short");
  // In backends without organizations, every stack belongs to this one.
  const asked = given?.replace(new RegExp(`^${NO_ORGANIZATION}/`), "");
  const fitting = stacks.filter(({ name, isSelected }) =>
    asked === undefined ? isSelected : name === asked || name.endsWith(`/${asked}`),
  );
  const project = stacks.find(({ isSelected }) => isSelected)?.name.replace(/[^/]+$/, "") ?? "";
  const exact = fitting.filter(({ name }) => name === asked || name === `${project}${asked ?? ""}`);
  const [only, ...more] = exact.length > 0 ? exact : fitting;
  const othersThan = (own: string) => stacks.map(({ name }) => name).filter((name) => name !== own);
  if (only && more.length === 0) return { name: only.name, others: othersThan(only.name) };
  // The list does not tell which project this is; the folder of the history does.
  const here = stacks.find(({ name }) => asked?.endsWith(`/${name}`));
  if (asked !== undefined && here && !only) return { name: asked, others: othersThan(here.name) };
  throw new TokensError("stack_unknown", whyNone(given, fitting));
}

function whyNone(given: string | undefined, fitting: readonly ListedStack[]): string {
  if (given === undefined) return "no stack is selected: name one by --stack, or run `pulumi stack select`";
  if (fitting.length === 0) return `there is no stack ${given} in this backend`;
  const names = fitting.map(({ name }) => quoted(name)).join(", or --stack ");
  return `several stacks have this name: say --stack ${names}`;
}
