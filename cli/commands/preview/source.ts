import { TokensError } from "../../../provider/errors";
import { pulumi, stackOption } from "../../pulumi/run";
import { readText } from "../../files/read-text";
import type { Ran, System } from "../../system";
import { type PreviewJson, parsePreview } from "../../pulumi/preview-json";

export interface PreviewSource {
  /** What `pulumi preview --json` printed; `-` is standard input. */
  readonly file?: string | undefined;
  readonly stack?: string | undefined;
  /** Handed on to `pulumi preview`. */
  readonly args: readonly string[];
}

/** Without these, a preview keeps silent about what waits for its deletion, and about its successor. */
const WHOLE = ["--json", "--show-replacement-steps", "--show-sames"];

/** A plan that is whole; one that failed is an error, because it leaves out what it did not come to. */
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
  if (file === undefined) return parsePreview(await run(system, stack, args), "pulumi preview");
  if (stack !== undefined || args.length > 0) {
    throw new TokensError(
      "usage",
      "--file takes a preview that was made: it goes without --stack and other arguments",
    );
  }
  return parsePreview(await readText(system, file), file === "-" ? "standard input" : file);
}

/** One that fails prints its errors in its JSON, which says more than its exit code. */
async function run(
  system: Pick<System, "run">,
  stack: string | undefined,
  args: readonly string[],
): Promise<string> {
  const lenient: Pick<System, "run"> = {
    async run(command, given, env) {
      // Behind our own arguments, so that an error of ours quotes none of these: they may set secrets.
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
