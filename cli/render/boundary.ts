import { createRedactor } from "../../provider/bigcommerce/redact";
import type { Environment } from "../../provider/settings/settings";
import type { Line, Part, Tone } from "./line";
import { safeText } from "./width";
import type { Host, Output, Ran, Terminal, System } from "../system";

const CODES: Readonly<Record<Tone, number>> = { good: 32, warn: 33, bad: 31, quiet: 2, title: 1 };

/** Environment variables with secret values: they are masked in Pulumi's error output. */
const SECRET_VARIABLE = /^BIGCOMMERCE_ACCESS_TOKEN|^PULUMI_(?:ACCESS_TOKEN|CONFIG_PASSPHRASE)$/;

/** The system that commands use. It makes their output, their questions and Pulumi's error output safe to show. */
export function behindBoundary(host: Host): System {
  const masked = createRunMask(host.env);
  return {
    ...host,
    output: outputOn(host.output),
    input: { ...host.input, ask: (question) => host.input.ask(safeText(question)) },
    async run(command, args, env) {
      const ran = await host.run(command, args, env);
      return ran && masked(ran);
    },
  };
}

function outputOn(terminal: Terminal): Output {
  const { colour } = terminal;
  return {
    ...terminal,
    stdout: (lines) => {
      terminal.stdout(render(lines, colour));
    },
    stderr: (lines) => {
      terminal.stderr(render(lines, colour));
    },
  };
}

/** A single string is one line. */
function render(lines: string | readonly Line[], colour: boolean): string {
  const all = typeof lines === "string" ? [lines.replace(/\n$/, "")] : lines;
  return all.map((line) => `${lineText(line, colour)}\n`).join("");
}

function lineText(line: Line, colour: boolean): string {
  return typeof line === "string" ? safeText(line) : line.map((part) => paint(part, colour)).join("");
}

/** Trailing spaces get no colour. */
function paint({ text, tone }: Part, colour: boolean): string {
  const clean = safeText(text);
  if (!colour || tone === undefined) return clean;
  const inked = clean.trimEnd();
  if (inked === "") return clean;
  return `\x1b[${CODES[tone]}m${inked}\x1b[0m${clean.slice(inked.length)}`;
}

/** Masks standard error, because Pulumi quotes values in it. Standard output is parsed and never shown. */
function createRunMask(env: Environment): (ran: Ran) => Ran {
  const secrets = Object.entries(env).filter(([name]) => SECRET_VARIABLE.test(name));
  const redact = createRedactor(secrets.flatMap(([, value]) => (value ? [value] : [])));
  return (ran) => ({ ...ran, stderr: ran.stderr.split("\n").map(redact).join("\n") });
}
