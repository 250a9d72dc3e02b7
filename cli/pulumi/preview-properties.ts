import { hasPlaceholder } from "../../provider/pulumi-values";
import { asObject, type Properties } from "./json";

/** What a preview shows for a property that the state encrypts. */
export const SECRET = "[secret]";

const LISTS = ["channelIds", "scopes", "allowedCorsOrigins"];
const FLAGS = ["gone", "verified"];

/** The properties of a token, each of the type that the provider gives it. One of another type counts as a secret. */
export function soundProperties(value: unknown): Properties {
  const properties = asObject(value) ?? {};
  const known = Object.entries(properties).filter(([, each]) => each !== null && each !== undefined);
  return { channelIds: SECRET, ...Object.fromEntries(known.flatMap(([name, each]) => sound(name, each))) };
}

function sound(name: string, value: unknown): readonly (readonly [string, unknown])[] {
  if (name === "previous") return asObject(value) ? [[name, soundProperties(value)]] : [];
  if (FLAGS.includes(name)) return typeof value === "boolean" ? [[name, value]] : [];
  if (LISTS.includes(name)) return [[name, isList(value) ? value : SECRET]];
  return [[name, typeof value === "string" ? value : SECRET]];
}

/** A list that is not known before the update is one text. */
function isList(value: unknown): boolean {
  if (typeof value === "string") return hasPlaceholder(value);
  return Array.isArray(value) && value.every((each) => typeof each === "string" || typeof each === "number");
}
