import type { InputFailure, ParsedInputs } from "./inputs";
import { nameProblem } from "./resource-name";
import type { CheckedInputs } from "./state";
import { isKnown } from "./unknown";

/** What a state holds of the values that have rules here. */
type Held = Pick<CheckedInputs, "label" | "channelIds" | "allowedCorsOrigins">;

/** A limit of ours: a token holds all of its channels, and has to fit into a header. */
const MAX_CHANNELS = 1_000;

/** https://www.rfc-editor.org/rfc/rfc1123#section-2.1, as BigCommerce's own pattern of 2021 has it. */
const HOST_LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const HOST =
  "must have a host of letters, digits and hyphens between its dots, as DNS names have; BigCommerce's own rule knows no others";

/** Rules that are younger than some tokens: what a state holds already goes on. `labels` are those of `name`, of any version. */
export function newValueProblems(
  name: string | undefined,
  { channelIds, allowedCorsOrigins }: ParsedInputs,
  old: Held | undefined,
  labels: readonly string[],
): readonly InputFailure[] {
  const isKept = old !== undefined && labels.includes(old.label);
  const refused = name === undefined || isKept ? undefined : nameRefusal(name);
  return [
    ...(refused === undefined ? [] : [{ property: "name", reason: refused }]),
    ...channelProblems(channelIds, old?.channelIds),
    ...originProblems(allowedCorsOrigins, old?.allowedCorsOrigins),
  ];
}

/** Why a resource cannot be created under this name; undefined if it can. */
export function nameRefusal(name: string): string | undefined {
  const problem = nameProblem(name);
  if (problem === undefined) return undefined;
  const why =
    problem === "control"
      ? "holds a control character, which command lines and logs take for something else"
      : "holds *, which `pulumi up --target` and `--replace` read as any text";
  return `${why}; give the resource another name, and aliases: [{ name: ${literal(name)} }] where it exists already`;
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
    .filter((origin) => !old.includes(origin) && !hasDnsHost(origin))
    .map((origin) => ({ property: "allowedCorsOrigins", path: [origins.indexOf(origin)], reason: HOST }));
}

function hasDnsHost(origin: string): boolean {
  const { hostname } = new URL(origin);
  const isAddress = hostname.startsWith("[");
  return (
    isAddress || (hostname.length <= 253 && hostname.split(".").every((label) => HOST_LABEL.test(label)))
  );
}
