import { readFileSync } from "node:fs";
import { join } from "node:path";

import { runOk } from "../support/run";

export interface Registration {
  readonly type: string;
  readonly name: string;
  readonly parent: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly secretOutputs: readonly string[];
  /** The whole request, as protobuf's `toObject` shows it. */
  readonly options: Readonly<Record<string, unknown>>;
}

export interface Report {
  readonly registered: readonly Registration[];
  /** By the key of `attempt`; null where the constructor did not throw. */
  readonly refused: Readonly<Record<string, { readonly message: string; readonly runError: boolean } | null>>;
  readonly warnings: readonly { readonly text: string; readonly resource?: string }[];
  readonly values: Readonly<Record<string, unknown>>;
}

/** Begins the runner's line of JSON; warnings of Node may stand around it. */
const MARK = "report: ";

/**
 * Runs a program under Pulumi's mocks in a process of its own, in the folder as a program would.
 * In scope: `pulumi`, `tokens` (the package), `attempt(key, run)` and `values` to report.
 */
export async function runMocked(
  cwd: string,
  body: string,
  packageName = "pulumi-bigcommerce-tokens",
  variables: NodeJS.ProcessEnv = {},
): Promise<Report> {
  const runner = readFileSync(join(__dirname, "mocks-runner.cjs"), "utf8");
  const env = { PATH: process.env["PATH"], HOME: process.env["HOME"], ...variables };
  const output = await runOk("node", ["-e", runner, packageName, body], { cwd, env, timeoutMs: 60_000 });
  const report = output.split("\n").find((line) => line.startsWith(MARK));
  if (report === undefined) throw new Error(`the program reported nothing:\n${output}`);
  return JSON.parse(report.slice(MARK.length)) as Report;
}

/** The provider text that Pulumi would store for each kind, by type name. */
export async function storedTexts(
  cwd: string,
  variables?: NodeJS.ProcessEnv,
): Promise<Record<string, string>> {
  const { registered } = await runMocked(cwd, ONE_OF_EACH, undefined, variables);
  return Object.fromEntries(
    registered
      .filter(({ inputs }) => "__provider" in inputs)
      .map(({ type, inputs }) => [type.split(":").at(-1) ?? "", String(inputs["__provider"])]),
  );
}

export const ONE_OF_EACH = `
  new tokens.StorefrontToken("web", { channelIds: [1], lifetime: "30d" });
  new tokens.PrivateToken("server", { channelIds: [1], scopes: ["Customer"], lifetime: "30d" });
  new tokens.ImpersonationToken("support", { channelIds: [1], lifetime: "30d" });
`;
