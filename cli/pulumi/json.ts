import { TokensError } from "../../provider/errors";

export type Properties = Readonly<Record<string, unknown>>;

/** The parser's own error is dropped, because V8 quotes the text in it. */
export function parseJson(text: string, name: string): unknown {
  const trimmed = text.trim();
  if (trimmed === "") throw badJson(name, "it is empty");
  try {
    return JSON.parse(trimmed) as unknown;
  } catch (thrown) {
    const opens = /^[{[]/.test(trimmed);
    const position = Number(/at position (\d+)/.exec(String(thrown))?.[1] ?? 0);
    const ends = /end of JSON|Unterminated/.test(String(thrown)) || position >= trimmed.length;
    throw badJson(name, opens && ends ? "it is truncated: its JSON ends in the middle" : "it is not JSON");
  }
}

export function badJson(name: string, why: string): TokensError {
  return new TokensError("bad_export", `${name}: ${why}`);
}

export function asObject(value: unknown): Properties | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Properties)
    : undefined;
}
