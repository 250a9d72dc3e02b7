export type Tone = "good" | "warn" | "bad" | "quiet" | "title";

export interface Part {
  readonly text: string;
  readonly tone?: Tone;
}

/** One line of output. The boundary replaces line breaks in its texts. */
export type Line = string | readonly Part[];

/** Sections, separated by an empty line. Empty sections are omitted. */
export function paragraphs(...sections: readonly (readonly Line[])[]): readonly Line[] {
  return sections
    .filter((lines) => lines.length > 0)
    .flatMap((lines, at) => (at === 0 ? lines : ["", ...lines]));
}
