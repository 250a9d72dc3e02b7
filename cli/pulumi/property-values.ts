import { SECRET, SIGNATURE } from "../../provider/pulumi-values";
import { type Expiry, readExpiry } from "../../provider/domain/expiry";
import { asObject, type Properties } from "./json";

/** Reads the properties of a resource. A property that is absent, of another type, or encrypted is undefined. */
export interface PropertyReader {
  text(name: string): string | undefined;
  texts(name: string): readonly string[] | undefined;
  numbers(name: string): readonly number[] | undefined;
  expiry(name: string): Expiry | undefined;
  /** Unix seconds of an RFC 3339 time. */
  time(name: string): number | undefined;
  is(name: string, value: unknown): boolean;
  nested(name: string): PropertyReader | undefined;
  /** True if the state encrypts it, because the program gave it as a secret. */
  isHidden(name: string): boolean;
}

export function readerOf(properties: Properties): PropertyReader {
  const get = (name: string) => (Object.hasOwn(properties, name) ? decrypted(properties[name]) : undefined);
  const list = <T>(name: string, isEntry: (value: unknown) => value is T) => {
    const value = get(name);
    const values: readonly unknown[] | undefined = Array.isArray(value) ? value.map(decrypted) : undefined;
    return values?.every(isEntry) ? values : undefined;
  };
  const text = (name: string) => {
    const value = get(name);
    return typeof value === "string" ? value : undefined;
  };
  const expiry = (name: string) => {
    const value = text(name);
    return value === undefined ? undefined : readExpiry(value);
  };
  return {
    text,
    expiry,
    texts: (name) => list(name, (value) => typeof value === "string"),
    numbers: (name) => list(name, (value) => typeof value === "number"),
    time: (name) => {
      const time = expiry(name);
      return time === "never" ? undefined : time;
    },
    is: (name, value) => get(name) === value,
    nested: (name) => {
      const value = asObject(get(name));
      return value && readerOf(value);
    },
    isHidden: (name) => isHidden(properties[name]),
  };
}

/** The value of a secret that `--show-secrets` decrypted; undefined if it is still encrypted. */
function decrypted(value: unknown): unknown {
  const wrapped = asObject(value);
  if (wrapped?.[SIGNATURE] !== SECRET) return value;
  const shown = wrapped["plaintext"];
  try {
    return typeof shown === "string" ? (JSON.parse(shown) as unknown) : undefined;
  } catch {
    return undefined;
  }
}

/** A list with an encrypted entry counts as encrypted. */
function isHidden(value: unknown): boolean {
  // Without recursion, because a file may nest deeper than a function can call itself.
  const open = [value];
  while (open.length > 0) {
    const each = open.pop();
    const shown = decrypted(each);
    if (each !== undefined && shown === undefined) return true;
    if (Array.isArray(shown)) for (const inner of shown as readonly unknown[]) open.push(inner);
  }
  return false;
}
