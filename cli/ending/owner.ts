import { TokensError } from "../../provider/errors";
import { KINDS, type KindName } from "../../provider/kinds";
import { nearest } from "../nearest";
import { pulumi } from "../pulumi";
import { decode } from "../read-text";
import type { Backend } from "../state/backend";
import { asObject, type Deployment, parseJson } from "../state/export";
import { partsOf, tokensOf } from "../state/tokens";
import type { World } from "../world";

/** A stack by its full name, with which the labels of its tokens begin. */
export interface Owner {
  readonly organization: string;
  readonly project: string;
  readonly stack: string;
}

/** What backends of files and buckets call theirs. */
export const NO_ORGANIZATION = "organization";

type Reach = Pick<World, "run" | "files" | "cwd">;

/** A stack of Pulumi Cloud has its full name in its address. */
const IN_URL = /^https?:\/\/[^/]+.*\/([^/]+)\/([^/]+)\/([^/]+)$/;
/** One of the project at hand is listed by its last name alone. */
const IN_LIST = /^(?:([^/]+)\/([^/]+)\/)?([^/]+)$/;

/** As its own labels say, or the backend, else as `--stack` does; a guess could take another stack's tokens for its own. */
export async function ownerOf(
  world: Reach,
  deployment: Deployment,
  name: string | undefined,
  { isService }: Backend,
): Promise<Owner> {
  const given = name?.split("/") ?? [];
  const root = partsOf(deployment.resources[0]?.urn ?? "");
  const listed = root.project || given.length === 3 ? undefined : await listedOwner(world, name, isService);
  if (listed) return listed;
  const stack = given.at(-1) ?? root.stack;
  const project = root.project || (given.length === 3 ? (given[1] ?? "") : "");
  const labels = tokensOf(deployment)
    .flatMap(({ label }) => label ?? [])
    .map((label) => label.split("/"));
  const own = labels.filter((parts) => parts[1] === project && parts[2] === stack);
  const organization =
    own[0]?.[0] ?? (isService ? (given.length > 1 ? given[0] : undefined) : NO_ORGANIZATION);
  if (organization && project && stack && own.every(([first]) => first === organization)) {
    return { organization, project, stack };
  }
  throw new TokensError(
    "no_owner",
    "the state does not tell the stack's full name, by which its tokens are known: give it as --stack organization/project/stack",
  );
}

/** An empty state names nobody; the list of the project's stacks does. */
async function listedOwner(
  world: Reach,
  name: string | undefined,
  isService: boolean,
): Promise<Owner | undefined> {
  const here = isService ? undefined : await projectAtHand(world);
  const listed = parseJson(await pulumi(world, "stack", "ls", "--json"), "pulumi stack ls");
  const meant = (Array.isArray(listed) ? listed : []).map(asObject).flatMap((each): readonly Owner[] => {
    const { name: shown = "", url, current } = each ?? {};
    const [, organization, project = here, stack] =
      (isService ? IN_URL.exec(String(url)) : IN_LIST.exec(String(shown))) ?? [];
    if (!stack || !project) return [];
    const owner = { organization: organization ?? NO_ORGANIZATION, project, stack };
    const isMeant =
      name === undefined ? current === true : [shown, `${owner.organization}/${stack}`].includes(name);
    return isMeant ? [owner] : [];
  });
  return meant.length === 1 ? meant[0] : undefined;
}

/** The name in the nearest project file; undefined where that is not plain YAML. */
async function projectAtHand(world: Reach): Promise<string | undefined> {
  const file = await nearest(world, world.cwd, "Pulumi.json", "Pulumi.yaml", "Pulumi.yml");
  if (file === undefined) return undefined;
  return /^name:[ \t]*(["']?)([\w.-]+)\1[ \t]*(#.*)?\r?$/m.exec(decode(await world.files.read(file)))?.[2];
}

export function fullName({ organization, project, stack }: Owner): string {
  return `${organization}/${project}/${stack}`;
}

/** The label in a name of the store's list, if this stack gave it: label, `#` and a nonce, as a mint writes them. */
export function labelIn(name: string | undefined, owner: Owner, kind: KindName): string | undefined {
  const [, label] = /^(.*)#[0-9a-f]{32}$/.exec(name ?? "") ?? [];
  const prefix = `${fullName(owner)}/${KINDS[kind].name}/`;
  return label !== undefined && label.startsWith(prefix) && label.length > prefix.length ? label : undefined;
}
