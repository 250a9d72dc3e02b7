import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { runChild } from "../support/child-program";

/** Mints and revokes at the URL in a process that trusts the certificate: trust is settled when Node starts. */
export async function inTrustingProcess(
  cert: string,
  url: string,
  { env = {}, hurry = 1 }: { env?: Record<string, string>; hurry?: number } = {},
): Promise<unknown> {
  const folder = mkdtempSync(join(tmpdir(), "tokens-tls-"));
  try {
    const caFile = join(folder, "ca.pem");
    writeFileSync(caFile, cert);
    const all = { NODE_EXTRA_CA_CERTS: caFile, ...env };
    return JSON.parse(await runChild(join(__dirname, "https-child.ts"), [url, String(hurry)], all));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const changed: Record<string, string | undefined> = {};

/** Sets variables until `restoreEnv`. */
export function setEnv(values: Record<string, string>): void {
  for (const [name, value] of Object.entries(values)) {
    if (!Object.hasOwn(changed, name)) changed[name] = process.env[name];
    process.env[name] = value;
  }
}

export function restoreEnv(): void {
  for (const [name, value] of Object.entries(changed)) {
    if (value === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = value;
    Reflect.deleteProperty(changed, name);
  }
}
