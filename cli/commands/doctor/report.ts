import { type Line, paragraphs, type Part } from "../../render/line";

/** The result of one check. */
export interface Check {
  /** Stable, for programs. */
  readonly name: string;
  /** `bad`: something will fail. `warning`: it works, but is not supported. `unknown`: this command cannot tell. */
  readonly verdict: "ok" | "warning" | "bad" | "unknown";
  /** For people, in one line. */
  readonly text: string;
}

/** The results of the checks of one subject. */
export interface Findings {
  readonly subject: string;
  readonly checks: readonly Check[];
}

const MARKS: Readonly<Record<Check["verdict"], Part>> = {
  ok: { text: "ok  ", tone: "good" },
  warning: { text: "warn", tone: "warn" },
  bad: { text: "BAD ", tone: "bad" },
  unknown: { text: "?   ", tone: "quiet" },
};

export function check(name: string, verdict: Check["verdict"], text: string): Check {
  return { name, verdict, text };
}

export function doctorText(findings: readonly Findings[]): readonly Line[] {
  return paragraphs(
    ...findings.map(({ subject, checks }): readonly Line[] => [
      [{ text: subject, tone: "title" }],
      ...checks.map(({ verdict, text }) => [{ text: "  " }, MARKS[verdict], { text: ` ${text}` }]),
    ]),
  );
}
