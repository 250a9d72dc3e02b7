import type { InputFailure, ParsedInputs } from "./inputs";
import { nameProblem } from "./resource-name";
import type { CheckedInputs } from "./state";
import { isKnown } from "./unknown";

/** A limit of this package: a token has a claim with all its channels, and must fit into a header. */
const MAX_CHANNELS = 1_000;

/** https://www.rfc-editor.org/rfc/rfc1035#section-2.3.4 */
const MAX_HOST = 253;
const MAX_HOST_LABEL = 63;
const HOST = `must have a host of at most ${MAX_HOST} characters, and of at most ${MAX_HOST_LABEL} between its dots, as DNS names have`;

const NAME = {
  control: "holds a control character, which command lines and logs take for something else",
  wildcard: "holds *, which `pulumi up --target` and `--replace` read as any text",
};

/** Rules that some tokens are older than: a value that the state holds already is accepted. `labels`: those of `name`, of any version. */
export function newValueProblems(
  name: string | undefined,
  { channelIds, allowedCorsOrigins }: ParsedInputs,
  old: Pick<CheckedInputs, "label" | "channelIds" | "allowedCorsOrigins"> | undefined,
  labels: readonly string[],
): readonly InputFailure[] {
  const isKept = old !== undefined && labels.includes(old.label);
  return [
    ...(isKept ? [] : nameProblems(name)),
    ...channelProblems(channelIds, old?.channelIds),
    ...originProblems(allowedCorsOrigins, old?.allowedCorsOrigins),
  ];
}

function nameProblems(name = ""): readonly InputFailure[] {
  const problem = nameProblem(name);
  if (problem === undefined) return [];
  const alias = `aliases: [{ name: ${literal(name)} }]`;
  const reason = `${NAME[problem]}; give the resource another name, and ${alias} where it exists already`;
  return [{ property: "name", reason }];
}

/** The name as a program can write it, in printable ASCII. */
function literal(name: string): string {
  return JSON.stringify(name).replace(
    /[^\x20-\x7e]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function channelProblems(
  channelIds: ParsedInputs["channelIds"],
  old: readonly number[] | undefined,
): readonly InputFailure[] {
  if (!channelIds || !isKnown(channelIds) || channelIds.length <= MAX_CHANNELS) return [];
  if (JSON.stringify(channelIds) === JSON.stringify(old)) return [];
  const reason =
    `has more than ${MAX_CHANNELS} channels, which is a limit of this package: a token holds all of its channels, and has ` +
    "to fit into a request's header; declare several tokens";
  return [{ property: "channelIds", reason }];
}

function originProblems(
  origins: ParsedInputs["allowedCorsOrigins"],
  old: readonly string[] = [],
): readonly InputFailure[] {
  if (!origins || !isKnown(origins)) return [];
  return origins
    .filter((origin) => !old.includes(origin) && !isResolvable(origin))
    .map((origin) => ({ property: "allowedCorsOrigins", path: [origins.indexOf(origin)], reason: HOST }));
}

function isResolvable(origin: string): boolean {
  const { hostname } = new URL(origin);
  return hostname.length <= MAX_HOST && hostname.split(".").every((label) => label.length <= MAX_HOST_LABEL);
}
