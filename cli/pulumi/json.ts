import * as z from "zod";

import { TokensError } from "../../provider/errors";

export type Properties = Readonly<Record<string, unknown>>;

/**
 * Parts of schemas: a value of another type counts as absent, so that everything else is still read.
 * Each handles `undefined` before its `catch`, because a `catch` takes as long as 20 fields.
 */
export const TEXT = z.string().optional().catch(undefined);
export const FILLED_TEXT = z
  .string()
  .optional()
  .transform((text) => (text === "" ? undefined : text))
  .catch(undefined);
export const FLAG = z.boolean().default(false).catch(false);
export const LIST = z.array(z.unknown()).default([]).catch([]);
export const TEXTS = LIST.transform((values): readonly string[] =>
  values.filter((each) => typeof each === "string"),
);
export const PROPERTIES = z.custom<Properties>(isObject).default({}).catch({});

/** The entries of a list that fit the schema; none if the value is no list. */
export function entriesOf<T>(schema: z.ZodType<T>, value: unknown): readonly T[] {
  return (Array.isArray(value) ? value : []).flatMap((each) => {
    const parsed = schema.safeParse(each);
    return parsed.success ? [parsed.data] : [];
  });
}

export function asObject(value: unknown): Properties | undefined {
  return isObject(value) ? value : undefined;
}

function isObject(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Drops the parser's own error, because V8 quotes the text in it. */
export function parseJson(text: string, name: string): unknown {
  const trimmed = text.trim();
  if (trimmed === "") throw badJson(name, "it is empty");
  try {
    return JSON.parse(trimmed) as unknown;
  } catch (thrown) {
    const opens = /^[{[]/.test(trimmed);
    const position = Number(/at position (\d+)/.exec(String(thrown))?.[1] ?? 0);
    const ends = /end of JSON|Unterminated/.test(String(thrown)) || position >= trimmed.length;
    throw badJson(name, opens && ends ? "it is truncated: its JSON breaks off" : "it is not JSON");
  }
}

export function badJson(name: string, why: string): TokensError {
  return new TokensError("file_invalid", `${name}: ${why}`);
}
