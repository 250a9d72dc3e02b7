import { randomBytes } from "node:crypto";

import { createClient } from "./bigcommerce/client";
import { KINDS, type KindName } from "./domain/kinds";
import type { Context } from "./handlers";
import type { SharedRecord } from "./handlers/records";
import { createRunRecord } from "./handlers/run-record";
import type { Notices } from "./notices";
import type { Settings } from "./settings/settings";
import { systemClock as clock } from "./system-clock";

export interface SessionOptions {
  readonly settings: Settings;
  readonly notices: Notices;
  /** The deadline of one operation, milliseconds. */
  readonly timeoutMs: () => number;
  /** What other processes of the same update have seen. */
  readonly shared: SharedRecord;
}

/** What one configured provider needs to run the handlers. All kinds share one client and one record of the run. */
export function createSession({ settings, notices, timeoutMs, shared }: SessionOptions) {
  const client = createClient({ clock, timeoutMs });
  const record = createRunRecord(shared);
  const nonce = () => randomBytes(16).toString("hex");
  return (kind: KindName): Context => ({
    kind: KINDS[kind],
    ...{ clock, settings, record, notices, client, nonce },
  });
}
