import { execFile } from "node:child_process";
import { join } from "node:path";
import { buildSync } from "esbuild";

const ROOT = join(__dirname, "../..");
const bundles = new Map<string, string>();

/**
 * Runs a program of the tests in a process of its own, in which the environment is this one, and resolves to what it
 * printed. It is bundled here: a process in which ts-node loads the compiler takes ten times as long to start.
 */
export function runChild(
  source: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const options = { cwd: ROOT, env: { PATH: process.env["PATH"], ...env } };
  return new Promise((resolve, reject) => {
    // Node finds the packages of a program from standard input in the working directory.
    const child = execFile(process.execPath, ["-", ...args], options, (error, out, err) => {
      if (error) reject(new Error(`${error.message}\n${err}`));
      else resolve(out);
    });
    child.stdin?.end(bundleOf(source));
  });
}

function bundleOf(source: string): string {
  const known = bundles.get(source);
  if (known !== undefined) return known;
  const built = buildSync({
    ...{ entryPoints: [source], bundle: true, write: false, logLevel: "silent" },
    ...{ platform: "node", format: "cjs", packages: "external", target: "es2022" },
  });
  const text = built.outputFiles[0]?.text ?? "";
  bundles.set(source, text);
  return text;
}
