/** A value that only the update tells. */
export class Unknown {
  /** `placeholder`: what the host was given in its place, and gets back. Default: what it gives for text. */
  constructor(readonly placeholder?: unknown) {}
}

/** A value that this package itself cannot know yet. */
export const UNKNOWN = new Unknown();

/** The inputs `T` as a preview knows them: any value, and any entry of a list or an object, may be unknown. */
export type Previewed<T> = { readonly [Name in keyof T]: MaybeUnknown<T[Name]> };

type MaybeUnknown<T> = T extends string | number | boolean | undefined
  ? T | Unknown
  : T extends readonly (infer Entry)[]
    ? readonly (Entry | Unknown)[] | Unknown
    : Previewed<T> | Unknown;

type Known<T> = T extends Unknown
  ? never
  : T extends readonly (infer Entry)[]
    ? readonly Exclude<Entry, Unknown>[]
    : T extends object
      ? { readonly [Name in keyof T]: Known<T[Name]> }
      : T;

/** True if the value and all its parts are known. */
export function isKnown<T>(value: T): value is Known<T> & T {
  return !hasUnknown(value);
}

/** True if the value, or any part of it, is unknown. */
export function hasUnknown(value: unknown): boolean {
  if (value instanceof Unknown) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(hasUnknown);
}
