import { createRequire } from "node:module";
import { join } from "node:path";

import type { KindName } from "../domain/kinds";
import { isMocked } from "./mocks";

const PACKAGE = "pulumi-bigcommerce-tokens";
/** The lifecycle files that were found, by the folder from which. A program declares many tokens of a kind, in one folder. */
const proven = new Set<string>();

/**
 * Why Pulumi could not delete a token later: its provider process loads the package from the program's folder, and would
 * find none, or another copy. Undefined if it finds the running copy. Mocks have no provider process, and their tests run from any folder.
 */
export function copyProblem(kind: KindName): string | undefined {
  const specifier = `${PACKAGE}/lifecycle/${kind}`;
  const place = `${specifier} from ${process.cwd()}`;
  if (proven.has(place) || isMocked()) return undefined;
  const own = require.resolve(`../lifecycle/${kind}`);
  const found = resolveFromProgram(specifier);
  if (found === own) {
    proven.add(place);
    return undefined;
  }
  if (found === undefined) {
    return (
      `cannot resolve ${place} to the package that the program loaded: Pulumi could not delete ` +
      `the token later; make ${PACKAGE} a direct dependency of the program, and run the program from its folder`
    );
  }
  return (
    `there are two copies of ${PACKAGE}: the program loaded ${rootOf(own)}, and Pulumi would delete the token with ` +
    `${rootOf(found)}; use one version of ${PACKAGE} and one of @pulumi/pulumi in the program and in every package that ` +
    "it loads (pnpm makes a copy for each version of @pulumi/pulumi), and install again"
  );
}

/**
 * Resolves as Pulumi's provider process will: from the program's folder upwards. Neither `require.resolve` with `paths`
 * nor a file in the folder itself will do: both first resolve the name in the calling package, by its own `exports`.
 */
function resolveFromProgram(specifier: string): string | undefined {
  try {
    return createRequire(join(process.cwd(), "node_modules", "program.js")).resolve(specifier);
  } catch {
    return undefined;
  }
}

/** The folder of the package that has a lifecycle file at `dist/provider/lifecycle/`. */
function rootOf(file: string): string {
  return join(file, "..", "..", "..", "..");
}
