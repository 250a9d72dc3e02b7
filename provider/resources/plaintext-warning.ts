import * as pulumi from "@pulumi/pulumi";

import { plaintextProblems } from "../domain/plaintext-credentials";
import { isMocked } from "./mocks";

let hasWarned = false;

/**
 * Warns once a run of credentials that the stack's configuration holds in plain text. Only the program's process is told
 * which keys are secret: the provider gets all values alike.
 */
export function warnOfPlaintext(): void {
  if (hasWarned || isMocked()) return;
  hasWarned = true;
  // The SDK exports it, and does not declare it: sdk/nodejs/runtime/config.ts.
  const { isConfigSecret: isSecret } = pulumi.runtime as { isConfigSecret?: (key: string) => boolean };
  if (!isSecret) return;
  for (const problem of plaintextProblems({ get: pulumi.runtime.getConfig, isSecret })) {
    void pulumi.log.warn(problem);
  }
}
