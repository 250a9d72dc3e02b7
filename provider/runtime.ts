import { randomBytes } from "node:crypto";

import { createClient } from "./bigcommerce/client";
import { createSettings, type StackConfig } from "./settings/settings";
import { createDynamicHandlers, type DynamicHandlers } from "./host/dynamic";
import { KINDS, type KindName } from "./domain/kinds";
import { createRunRecord } from "./handlers/run-record";
import { createNotices } from "./notices";
import { systemClock as clock } from "./system-clock";

let stackConfig: StackConfig = { get: () => undefined };
const settings = createSettings(process.env, { get: (key) => stackConfig.get(key) });
const client = createClient({ clock, timeoutMs: () => settings.timeoutMs() });
const record = createRunRecord();
// If stderr cannot be written, for example to a full disk, the SDK's handler would report this to stderr, in an endless loop.
process.stderr.on("error", () => undefined);
const notices = createNotices((line) => process.stderr.write(line));
const nonce = () => randomBytes(16).toString("hex");
const byKind = new Map<KindName, DynamicHandlers>();

/** The SDK calls this once per kind and process. It must be synchronous: the SDK does not await it. */
export function configure(config: StackConfig): void {
  stackConfig = config;
}

/** The handlers of a kind. All kinds of a process share one run record. */
export function handlers(name: KindName): DynamicHandlers {
  const context = { kind: KINDS[name], clock, settings, record, notices, client, nonce };
  const found = byKind.get(name) ?? createDynamicHandlers(context);
  byKind.set(name, found);
  return found;
}
