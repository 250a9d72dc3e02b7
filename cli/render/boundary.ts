import { createRedactor } from "../../provider/bigcommerce/redact";
import type { Line, Part, Tone } from "./line";
import { safeText } from "./width";
import type { Host, System } from "../system";

const CODES: Readonly<Record<Tone, number>> = { good: 32, warn: 33, bad: 31, quiet: 2, title: 1 };

/** Environment variables with secret values: they are masked in Pulumi's error output. */
const SECRET_VARIABLE = /^BIGCOMMERCE_ACCESS_TOKEN|^PULUMI_(?:ACCESS_TOKEN|CONFIG_PASSPHRASE)$/;

/** The system that commands use. It makes their output, their questions and Pulumi's error output safe to show. */
export function behindBoundary(host: Host): System {
  const { output, env } = host;
  const secrets = Object.entries(env).filter(([name]) => SECRET_VARIABLE.test(name));
  const redact = createRedactor(secrets.flatMap(([, value]) => value || []));
  return {
    ...host,
    output: {
      ...output,
      stdout(lines) {
        output.stdout(render(lines, output.colour));
      },
      stderr(lines) {
        output.stderr(render(lines, output.colour));
      },
    },
    input: { ...host.input, ask: (question) => host.input.ask(safeText(question)) },
    // Pulumi quotes values on standard error. Its standard output is parsed and never shown.
    async run(...command) {
      const ran = await host.run(...command);
      return ran && { ...ran, stderr: ran.stderr.split("\n").map(redact).join("\n") };
    },
  };
}

/** A single string is one line. */
function render(lines: string | readonly Line[], colour: boolean): string {
  const all = typeof lines === "string" ? [lines.replace(/\n$/, "")] : lines;
  const text = (line: Line) =>
    typeof line === "string" ? safeText(line) : line.map((part) => paint(part, colour)).join("");
  return all.map((line) => `${text(line)}\n`).join("");
}

/** Trailing spaces get no colour. */
function paint({ text, tone }: Part, colour: boolean): string {
  const clean = safeText(text);
  if (!colour || tone === undefined) return clean;
  const inked = clean.trimEnd();
  if (inked === "") return clean;
  return `\x1b[${CODES[tone]}m${inked}\x1b[0m${clean.slice(inked.length)}`;
}
