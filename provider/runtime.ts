import { createDynamicHandlers } from "./host/dynamic";
import type { DynamicHandlers } from "./host/dynamic-handlers";
import { openSharedRecord } from "./host/shared-record";
import type { KindName } from "./domain/kinds";
import { createNotices } from "./notices";
import { createSession } from "./session";
import { createSettings } from "./settings/settings";
import type { StackConfig } from "./settings/stack-config";
import { systemClock as clock } from "./system-clock";

let stackConfig: StackConfig = { get: () => undefined };
const settings = createSettings(process.env, { get: (key) => stackConfig.get(key) });
// If stderr cannot be written, for example to a full disk, the SDK's handler would report this to stderr, in an endless loop.
process.stderr.on("error", () => undefined);
const contextOf = createSession({
  settings,
  notices: createNotices((line) => process.stderr.write(line)),
  timeoutMs: () => settings.timeoutMs(),
  // Pulumi's provider process gets the engine's address as its only argument.
  shared: openSharedRecord(process.argv[2], clock),
});
const byKind = new Map<KindName, DynamicHandlers>();

/** The SDK calls this once per kind and process. It must be synchronous: the SDK does not await it. */
export function configure(config: StackConfig): void {
  stackConfig = config;
}

/** The handlers of a kind. All kinds of a process share one run record. */
export function handlers(name: KindName): DynamicHandlers {
  const found = byKind.get(name) ?? createDynamicHandlers(contextOf(name));
  byKind.set(name, found);
  return found;
}
