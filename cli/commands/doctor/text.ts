import type { Check, Findings } from "./check";
import { type Line, paragraphs, type Tone } from "../../render/line";

const MARKS: Readonly<Record<Check["verdict"], readonly [text: string, tone: Tone]>> = {
  ok: ["ok  ", "good"],
  bad: ["BAD ", "bad"],
  unknown: ["?   ", "quiet"],
};

export function doctorText(findings: readonly Findings[]): readonly Line[] {
  return paragraphs(
    ...findings.map(({ subject, checks }): readonly Line[] => {
      const lines = checks.map(({ verdict, text }): Line => {
        const [mark, tone] = MARKS[verdict];
        return [{ text: "  " }, { text: mark, tone }, { text: ` ${text}` }];
      });
      return [[{ text: subject, tone: "title" }], ...lines];
    }),
  );
}
