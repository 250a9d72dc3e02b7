import { MAX_TOKEN_CHARACTERS } from "../domain/claims";
import { VISIBLE_ASCII } from "../domain/store-address";

/** The parsed body of a reply. */
export type Body =
  | { readonly kind: "empty" }
  | { readonly kind: "json"; readonly value: unknown }
  | { readonly kind: "unreadable" };

/** Drops the parser's error: V8 quotes the text in it. */
export function parseBody(text: string): Body {
  if (text.trim() === "") return { kind: "empty" };
  try {
    return { kind: "json", value: JSON.parse(text) as unknown };
  } catch {
    return { kind: "unreadable" };
  }
}

/** True if a header can carry the text unchanged, so that a revocation can be tried. */
export function isSendable(text: string): boolean {
  return text.length <= MAX_TOKEN_CHARACTERS && VISIBLE_ASCII.test(text);
}

/** The string at `data.token`, whatever it holds. If a key stands twice, `JSON.parse` takes the last. */
export function tokenText(body: Body): string | undefined {
  const token = body.kind === "json" ? ownOf(ownOf(body.value, "data"), "token") : undefined;
  return typeof token === "string" && token !== "" ? token : undefined;
}

/** The error that a body reports, whatever the status line says; undefined if it reports none. */
export function saysErrors(body: Body): { readonly status?: number } | undefined {
  if (body.kind !== "json") return undefined;
  const status = ownOf(body.value, "status");
  if (typeof status === "number" && status >= 400) return { status };
  return isNothing(ownOf(body.value, "errors")) && isNothing(ownOf(body.value, "error")) ? undefined : {};
}

/** `title`, `detail` and the field messages, or GraphQL's messages. Redact them before they are shown. */
export function problemTexts(body: Body): readonly string[] {
  if (body.kind !== "json") return [];
  const errors = ownOf(body.value, "errors");
  const fields = typeof errors === "object" && errors !== null ? Object.values(errors) : [];
  const messages = fields.map((field) => (typeof field === "string" ? field : ownOf(field, "message")));
  const texts = [ownOf(body.value, "title"), ownOf(body.value, "detail"), ...messages];
  return texts.filter((text) => typeof text === "string").filter((text) => text !== "");
}

/** The keys of the field messages: `field` or `field:rule`. */
export function fieldsOf(body: Body): readonly string[] {
  const errors = body.kind === "json" ? ownOf(body.value, "errors") : undefined;
  return typeof errors === "object" && errors !== null && !Array.isArray(errors) ? Object.keys(errors) : [];
}

function ownOf(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null && !Array.isArray(value) && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
}

function isNothing(value: unknown): boolean {
  return typeof value === "object" && value !== null
    ? Object.keys(value).length === 0
    : value === undefined || value === null || value === "" || value === false;
}
