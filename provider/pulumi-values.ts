import { SECRET_OUTPUTS } from "./domain/properties";
import { Unknown } from "./domain/unknown";

/**
 * How Pulumi marks values that are more than JSON.
 * Source: pulumi/pulumi sdk/go/common/resource/sig/sig.go
 */
export const SIGNATURE = "4dabf18193072939515e22adb298388d";
export const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/**
 * What Pulumi sends in previews for values it does not know yet, one per declared type.
 * Source: pulumi/pulumi sdk/go/common/resource/plugin/rpc.go, `Unknown*Value`.
 */
const UNKNOWN_TEXT = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const UNKNOWNS: ReadonlySet<unknown> = new Set([
  UNKNOWN_TEXT,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/** A resource's properties, as Pulumi sends and stores them. */
export type Bag = Readonly<Record<string, unknown>>;

/** True if Pulumi does not know the value, or any part of it, before the update. */
export function hasPlaceholder(value: unknown): boolean {
  return typeof value === "object" && value !== null
    ? Object.values(value).some(hasPlaceholder)
    : UNKNOWNS.has(value);
}

/** Properties in which `Unknown` stands for what Pulumi does not know yet. */
export function withUnknowns(properties: Bag): Bag {
  const known = (value: unknown) => (UNKNOWNS.has(value) ? new Unknown(value) : value);
  return hasPlaceholder(properties) ? (mapped(properties, known) as Bag) : properties;
}

/** The same, for Pulumi. */
export function withoutUnknowns(properties: object): Bag {
  const placeholder = (value: unknown) =>
    value instanceof Unknown ? (value.placeholder ?? UNKNOWN_TEXT) : value;
  return mapped(properties, placeholder) as Bag;
}

function mapped(value: unknown, change: (value: unknown) => unknown): unknown {
  const changed = change(value);
  if (changed !== value || typeof value !== "object" || value === null) return changed;
  if (Array.isArray(value)) return value.map((entry) => mapped(entry, change));
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, mapped(part, change)]));
}

/**
 * Outputs as the provider returns them: the engine stores marked values as secrets, even if a transformation of the program
 * has removed `additionalSecretOutputs`.
 */
export function withSecretMarks(outputs: object): Bag {
  return withSecrets(outputs, (value) => (value === undefined ? value : { [SIGNATURE]: SECRET, value }));
}

/** Outputs as the handlers take them. Not every engine hands the marks back. */
export function withoutSecretMarks(outputs: Bag): Bag {
  const isMarked = (value: unknown) => typeof value === "object" && value !== null && "value" in value;
  return withSecrets(outputs, (value) => (isMarked(value) ? value.value : value));
}

function withSecrets(outputs: object, change: (value: unknown) => unknown): Bag {
  const entries: [string, unknown][] = Object.entries(outputs);
  return Object.fromEntries(
    entries.map(([name, value]) => [name, SECRET_OUTPUTS.includes(name) ? change(value) : value]),
  );
}
