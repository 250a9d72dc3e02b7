import { TokensError } from "../../provider/errors";
import { KINDS, type KindName } from "../../provider/kinds";
import type { Backend } from "../state/backend";
import type { Deployment } from "../state/export";
import { partsOf, tokensOf } from "../state/tokens";

/** A stack by its full name, with which the labels of its tokens begin. */
export interface Owner {
  readonly organization: string;
  readonly project: string;
  readonly stack: string;
}

/** What backends of files and buckets call theirs. */
export const NO_ORGANIZATION = "organization";

/** As its own labels say, else as `--stack` does; a guess could take another stack's tokens for its own. */
export function ownerOf(deployment: Deployment, name: string | undefined, { isService }: Backend): Owner {
  const given = name?.split("/") ?? [];
  const root = partsOf(deployment.resources[0]?.urn ?? "");
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

export function fullName({ organization, project, stack }: Owner): string {
  return `${organization}/${project}/${stack}`;
}

/** The label in a name of the store's list, if this stack gave it: label, `#` and a nonce, as a mint writes them. */
export function labelIn(name: string | undefined, owner: Owner, kind: KindName): string | undefined {
  const [, label] = /^(.*)#[0-9a-f]{32}$/.exec(name ?? "") ?? [];
  const prefix = `${fullName(owner)}/${KINDS[kind].name}/`;
  return label !== undefined && label.startsWith(prefix) && label.length > prefix.length ? label : undefined;
}
