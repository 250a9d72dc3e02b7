import { TokensError } from "../../provider/errors";
import { pulumi } from "./run";
import type { System } from "../system";
import { asObject, parseJson } from "./json";

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
