import { gzipSync } from "node:zlib";

import { cli, type FakeSystemOptions } from "./fake-system";
import { deployment, type Exported, NOW } from "./states";

/** One update, in the words of the file backend. */
export interface Recorded {
  /** The tokens in the state that it left; undefined: its checkpoint is missing. */
  readonly tokens?: readonly Exported[];
  /** When it ended, days from `NOW`. */
  readonly day: number;
  readonly kind?: string;
  readonly result?: string;
  /** `resourceChanges`; undefined where the history has none. */
  readonly changes?: Readonly<Record<string, number>>;
  readonly message?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly pendingOperations?: readonly unknown[];
  /** Unix seconds; default: a minute before its end. */
  readonly startTime?: number;
}

/** The files of a stack's history folder. */
export function historyFiles(
  updates: readonly Recorded[],
  { folder = "h", gzip = false } = {},
): Readonly<Record<string, Uint8Array>> {
  const files: Record<string, Uint8Array> = {};
  const put = (name: string, value: unknown) => {
    const bytes = Buffer.from(JSON.stringify(value));
    files[`${folder}/${name}${gzip ? ".gz" : ""}`] = gzip ? gzipSync(bytes) : bytes;
    // The backend lays a file of attributes beside each.
    files[`${folder}/${name}${gzip ? ".gz" : ""}.attrs`] = Buffer.from("{}");
  };
  for (const { day, tokens, kind = "update", result = "succeeded", ...rest } of updates) {
    const endTime = Math.round(NOW + day * 86_400);
    const name = `dev-${endTime}000000000`;
    const { message = "", environment = {}, changes, pendingOperations, startTime = endTime - 60 } = rest;
    put(`${name}.history.json`, {
      ...{ kind, startTime, message, environment, config: {}, version: 0, result, endTime },
      ...(changes && { resourceChanges: changes }),
    });
    if (!tokens) continue;
    const latest = { ...deployment(...tokens), ...(pendingOperations && { pending_operations: pendingOperations }) }; // prettier-ignore
    put(`${name}.checkpoint.json`, { version: 3, checkpoint: { stack: "organization/shop/dev", latest } });
  }
  return files;
}

export interface ToldEvent {
  readonly what: string;
  readonly evidence: string;
  readonly detail: string;
  readonly time?: string;
  readonly until?: string;
  readonly predecessor?: string;
  readonly changes: readonly { readonly input: string; readonly from: string; readonly to: string }[];
  readonly token?: { readonly resource: string; readonly fingerprint?: string };
  readonly update?: Readonly<Record<string, unknown>> & { readonly number: number };
}

export interface ToldToken {
  readonly fingerprint: string;
  readonly resource: string;
  readonly from?: string;
  readonly until?: string;
  readonly isSure?: boolean;
  readonly end?: { readonly how: string; readonly evidence: string; readonly time: string };
}

export interface ToldAudit {
  readonly events: readonly ToldEvent[];
  readonly tokens?: readonly ToldToken[];
  readonly alive?: readonly ToldToken[];
}

/** What `audit --format json` tells of these updates. */
export async function audited(
  updates: readonly Recorded[],
  args: readonly string[] = [],
  options: FakeSystemOptions = {},
): Promise<ToldAudit> {
  const files = { ...historyFiles(updates), ...options.files };
  const told = await cli(["audit", "--history", "h", "--format", "json", ...args], { now: NOW, ...options, files }); // prettier-ignore
  if (told.code !== 0) throw new Error(told.stderr);
  return JSON.parse(told.stdout) as ToldAudit;
}

/** `what resource evidence`, in order. */
export function outline({ events }: ToldAudit): readonly string[] {
  return events.map(({ what, token, evidence }) => `${what} ${token?.resource ?? "-"} (${evidence})`);
}
