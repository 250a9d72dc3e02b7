import { safeText } from "../../../render/width";

/** Safe markup. Only this type is not escaped when it is inserted into markup. */
export interface Html {
  readonly text: string;
}

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

/** Marks a text as safe. Only for texts of this package. */
export function raw(text: string): Html {
  return { text };
}

function escaped(text: string): string {
  return safeText(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
