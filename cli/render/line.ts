export type Tone = "good" | "warn" | "bad" | "quiet" | "title";

export interface Part {
  readonly text: string;
  readonly tone?: Tone;
}

/** One line of output, whatever stands in its texts: the boundary lets none of them begin another. */
export type Line = string | readonly Part[];

/** Sections with an empty line between them; empty sections are left out. */
export function paragraphs(...sections: readonly (readonly Line[])[]): readonly Line[] {
  return sections
    .filter((lines) => lines.length > 0)
    .flatMap((lines, at) => (at === 0 ? lines : ["", ...lines]));
}
