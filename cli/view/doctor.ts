import type { Check, Findings } from "../doctor/check";
import type { Output } from "../world";
import { paint, type Tone } from "./table";
import { printable } from "./width";

const MARKS: Readonly<Record<Check["verdict"], readonly [text: string, tone: Tone]>> = {
  ok: ["ok  ", "good"],
  bad: ["BAD ", "bad"],
  unknown: ["?   ", "quiet"],
};

export function doctorText(findings: readonly Findings[], { colour }: Pick<Output, "colour">): string {
  return findings
    .map(({ subject, checks }) => {
      const lines = checks.map(({ verdict, text }) => {
        const [mark, tone] = MARKS[verdict];
        return `  ${paint(mark, tone, colour)} ${printable(text)}\n`;
      });
      return `${paint(printable(subject), "title", colour)}\n${lines.join("")}`;
    })
    .join("\n");
}
