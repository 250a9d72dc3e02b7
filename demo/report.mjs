import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { LOG } from "./stage.mjs";

const PAGE = ["audit", "--events", LOG, "--format", "html"];

/** Shows the table of `status`, and writes the page of `audit` where it outlives the demo; returns its path. */
export async function tellReport({ tokens }, voice) {
  const table = await tokens(["status"]);
  for (const line of table.trimEnd().split("\n")) voice.quote(line);
  // A name that nobody else on the machine can have taken before.
  const folder = mkdtempSync(join(tmpdir(), "bigcommerce-tokens-report-"));
  const file = join(folder, "report.html");
  try {
    const page = await tokens(PAGE, ` > ${file}`);
    voice.insistClean(page);
    writeFileSync(file, page);
    return file;
  } catch (error) {
    rmSync(folder, { recursive: true });
    throw error;
  }
}
