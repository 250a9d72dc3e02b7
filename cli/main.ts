#!/usr/bin/env node
import { withLink } from "../provider/error-links";
import { asError } from "../provider/notices";
import { EXIT } from "./exit-codes";
import { createHost } from "./host";
import { NAME, runProgram } from "./program";
import type { Host } from "./system";

void main();

async function main(): Promise<void> {
  let host: Host;
  try {
    host = createHost();
  } catch (thrown) {
    const { message, code } = asError(thrown);
    process.stderr.write(`${NAME}: ${withLink(message, code)}\n`);
    process.exitCode = EXIT.error;
    return;
  }
  await runProgram(host);
}
