import { TokensError } from "../../../provider/errors";
import { orWithout, pulumi, stackOption } from "../../pulumi/run";
import { readText } from "../../files/read-text";
import type { Ran, System } from "../../system";
import { type PreviewJson, parsePreview } from "../../pulumi/preview-json";

interface PreviewSource {
  /** The file with the output of `pulumi preview --json`; `-` is standard input. */
  readonly file?: string | undefined;
  readonly stack?: string | undefined;
  /** Passed to `pulumi preview`. */
  readonly args: readonly string[];
}

/** Without these options a preview shows neither pending deletes nor unchanged resources. */
const WHOLE = ["--json", "--show-replacement-steps", "--show-sames"];

/** A complete preview. A failed preview throws, because it lacks the resources that Pulumi did not reach. */
export async function readPreview(
  system: Pick<System, "run" | "files" | "input">,
  source: PreviewSource,
): Promise<PreviewJson> {
  const digest = await digestOf(system, source);
  const [first] = digest.errors;
  if (first === undefined) return digest;
  const more = digest.errors.length > 1 ? ` (and ${digest.errors.length - 1} more)` : "";
  throw new TokensError("preview_failed", `the preview failed: ${first}${more}`);
}

async function digestOf(
  system: Pick<System, "run" | "files" | "input">,
  { file, stack, args }: PreviewSource,
): Promise<PreviewJson> {
  if (file === undefined) {
    const printed = await orWithout(
      run(system, stack, args),
      `--file with the output of \`pulumi preview ${WHOLE.join(" ")}\``,
    );
    return parsePreview(printed, "pulumi preview");
  }
  if (stack !== undefined || args.length > 0) {
    throw new TokensError(
      "usage",
      "--file reads an existing preview: it takes no --stack and no arguments for Pulumi",
    );
  }
  return parsePreview(await readText(system, file), file === "-" ? "standard input" : file);
}

/** A failed preview has its errors in its JSON: they say more than the exit code, so the JSON is read. */
async function run(
  system: Pick<System, "run">,
  stack: string | undefined,
  args: readonly string[],
): Promise<string> {
  const lenient: Pick<System, "run"> = {
    async run(command, given, env) {
      // They may contain secrets. They are added here, so that no error message quotes them.
      const ran = await system.run(command, [...given, ...args], {
        ...env,
        PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "false",
      });
      return ran && saysWhy(ran) ? { ...ran, code: 0 } : ran;
    },
  };
  return pulumi(lenient, "preview", ...WHOLE, ...stackOption(stack));
}

function saysWhy({ code, stdout }: Ran): boolean {
  return code !== 0 && /^\s*\{/.test(stdout) && /"severity": ?"error"/.test(stdout);
}
