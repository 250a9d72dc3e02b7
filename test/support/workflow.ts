import { readFileSync } from "node:fs";

type Values = Readonly<Record<string, string>>;

interface Step {
  readonly uses?: string;
  readonly name?: string;
  readonly run?: string;
  readonly if?: string;
  readonly env?: Values;
}

interface Concurrency {
  readonly group: string;
  readonly "cancel-in-progress"?: boolean;
}

interface Job {
  readonly name?: string;
  readonly strategy?: {
    readonly "fail-fast"?: boolean;
    readonly matrix: { readonly include: readonly Values[] };
  };
  readonly concurrency?: Concurrency;
  readonly env?: Values;
  readonly steps: readonly Step[];
}

export interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly concurrency?: Concurrency;
  readonly permissions: Values;
  readonly jobs: Readonly<Record<string, Job>>;
}

/** A command as GitHub's runner would start it. */
export interface Command {
  readonly script: string;
  readonly env: Values;
  /** Whether it runs after a step that failed as well. */
  readonly isAlways: boolean;
}

const ALWAYS = "${{ !cancelled() }}";

export function readYaml(path: string): unknown {
  return parseYaml(readFileSync(path, "utf8"));
}

export function parseYaml(text: string): unknown {
  return jest.requireActual<{ load(text: string): unknown }>("js-yaml").load(text);
}

/** The shell commands of one job of a matrix; an expression that is not understood here fails. */
export function commandsOf({ env = {}, steps }: Job, matrix: Values, secrets: Values): Command[] {
  const fill = (values: Values) =>
    Object.fromEntries(Object.entries(values).map(([name, text]) => [name, filled(text, matrix, secrets)]));
  return steps.flatMap(({ run, if: condition, env: own = {} }) => {
    if (run === undefined) return [];
    if (condition !== undefined && condition !== ALWAYS) throw new Error(`not understood: ${condition}`);
    const script = filled(run, matrix, secrets);
    return [{ script, env: { ...fill(env), ...fill(own) }, isAlways: condition === ALWAYS }];
  });
}

/** A secret that does not exist is empty, and the names of secrets know no case. */
function filled(text: string, matrix: Values, secrets: Values): string {
  const secret = (name: string) =>
    Object.entries(secrets).find(([each]) => each.toUpperCase() === name.toUpperCase())?.[1] ?? "";
  return text.replace(/\$\{\{ (.*?) \}\}/g, (_, expression: string) => {
    const [, key = ""] = /^matrix\.(\w+)$/.exec(expression) ?? [];
    if (key in matrix) return matrix[key] ?? "";
    const [, name] = /^secrets\.(\w+)$/.exec(expression) ?? [];
    if (name !== undefined) return secret(name);
    const [, prefix, of = ""] = /^secrets\[format\('(\w+)\{0\}', matrix\.(\w+)\)\]$/.exec(expression) ?? [];
    if (prefix !== undefined && of in matrix) return secret(`${prefix}${matrix[of] ?? ""}`);
    throw new Error(`not understood: ${expression}`);
  });
}
