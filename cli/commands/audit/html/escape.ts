import { safeText } from "../../../render/width";

/** Safe markup. Only this type is not escaped when it is inserted into markup. */
export interface Html {
  readonly text: string;
}

const ENTITIES: Readonly<Record<string, string>> = {
  ...{ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" },
};

export function markup(parts: TemplateStringsArray, ...values: readonly (Html | string | number)[]): Html {
  const text = parts.reduce((all, part, at) => {
    const value = values[at - 1] ?? "";
    return `${all}${typeof value === "object" ? value.text : escaped(String(value))}${part}`;
  });
  return { text };
}

export function join(each: readonly Html[]): Html {
  return { text: each.map(({ text }) => text).join("") };
}

/** Texts, each in a line of its own. */
export function lines(texts: readonly string[]): Html {
  return { text: texts.map((text) => escaped(readable(text))).join("\n") };
}

/** A sentence in which commands stand between backticks. */
export function prose(text: string): Html {
  const parts = readable(text).split("`").map((part, at) => (at % 2 === 1 ? markup`<code>${part}</code>` : markup`${part}`)); // prettier-ignore
  return join(parts);
}

/** A text with its times as in the tables: `2027-01-31 00:00`. */
export function readable(text: string): string {
  return text.replace(/\b(\d{4}-\d\d-\d\d)T(\d\d:\d\d):\d\d(\.\d+)?Z/g, "$1 $2");
}

/** Marks a text as safe. Only for texts of this package. */
export function raw(text: string): Html {
  return { text };
}

function escaped(text: string): string {
  return safeText(text).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? "");
}
