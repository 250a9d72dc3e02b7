import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Mints and revokes at the URL in a process that trusts the certificate: trust is settled when Node starts. */
export function inTrustingProcess(
  cert: string,
  url: string,
  { env = {}, hurry = 1 }: { env?: Record<string, string>; hurry?: number } = {},
): Promise<unknown> {
  const folder = mkdtempSync(join(tmpdir(), "tokens-tls-"));
  const caFile = join(folder, "ca.pem");
  writeFileSync(caFile, cert);
  const args = [
    "-r",
    "ts-node/register/transpile-only",
    join(__dirname, "https-child.ts"),
    url,
    String(hurry),
  ];
  const options = {
    cwd: join(__dirname, "../.."),
    env: {
      PATH: process.env["PATH"],
      TS_NODE_COMPILER_OPTIONS: '{"rootDir":"."}',
      NODE_EXTRA_CA_CERTS: caFile,
      ...env,
    },
  };
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, options, (error, out, err) => {
      rmSync(folder, { recursive: true });
      if (error) reject(new Error(`${error.message}\n${err}`));
      else resolve(JSON.parse(out));
    });
  });
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
