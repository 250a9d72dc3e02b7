import { AsyncLocalStorage } from "node:async_hooks";

import * as grpc from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";

import { settingsOf } from "./host/plugin/configuration";
import { createEngineLog } from "./host/plugin/engine-log";
import { createPluginResources } from "./host/plugin/resources";
import { createService, type Request } from "./host/plugin/service";
import { withStrictRequests } from "./host/plugin/wire";
import { openSharedRecord } from "./host/shared-record";
import type { Notice } from "./notice-formats";
import { lineOf, noticesShownBy } from "./notices";
import { createSession } from "./session";
import { systemClock as clock } from "./system-clock";

/** Set by the build: the package schema, and the version of this package. */
declare const PLUGIN_SCHEMA: string;
declare const PLUGIN_VERSION: string;

const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;
const PARENT_CHECK_MS = 2_000;

// If stderr cannot be written, for example to a full disk, nothing else must fail.
process.stderr.on("error", () => undefined);

const request = new AsyncLocalStorage<Request>();
const engine = createEngineLog();
// Options of the engine's logging may come before its address.
let engineAddress = process.argv.slice(2).findLast((argument) => !argument.startsWith("-"));
if (engineAddress !== undefined) engine.attach(engineAddress);

/** On the row of the resource: the engine hides what a plugin writes to standard error. */
function show(notice: Notice): void {
  const { urn, pending } = request.getStore() ?? { urn: "", pending: [] };
  const shown = engine.show(notice.severity, urn, lineOf(notice, { withSeverity: false }));
  pending.push(
    shown.then((isShown) => {
      if (!isShown) process.stderr.write(`${lineOf(notice)}\n`);
    }),
  );
}

const service = createService({
  version: PLUGIN_VERSION,
  schema: PLUGIN_SCHEMA,
  request,
  environment: process.env,
  isShared: engineAddress === undefined,
  configure(inputs, isDefault) {
    const settings = settingsOf(inputs, process.env, isDefault);
    const contextOf = createSession({
      settings,
      notices: noticesShownBy(show),
      timeoutMs: () => request.getStore()?.timeoutMs ?? settings.timeoutMs(),
      shared: openSharedRecord(engineAddress, clock),
    });
    return createPluginResources(contextOf, { environment: process.env });
  },
  attach(address) {
    engineAddress = address;
    engine.attach(address);
  },
});

const server = new grpc.Server({
  "grpc.max_receive_message_length": MAX_MESSAGE_BYTES,
  "grpc.max_send_message_length": MAX_MESSAGE_BYTES,
});
server.addService(withStrictRequests(ResourceProviderService), service);
server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error) {
    process.stderr.write("bigcommerce-tokens: the plugin cannot listen on 127.0.0.1\n");
    process.exit(1);
  }
  // Pulumi reads the port from the first line.
  process.stdout.write(`${port}\n`);
});

/** A token that is just minted must not be lost: what was begun is answered first. */
function end(): void {
  server.tryShutdown(() => process.exit(0));
}
process.once("SIGINT", end);
process.once("SIGTERM", end);
// Nor must it be lost by a fault elsewhere. What was thrown may hold a secret.
process.on("unhandledRejection", () => {
  process.stderr.write(
    "bigcommerce-tokens: internal error: a promise was rejected, and nothing handled it\n",
  );
});

// An engine that was killed ends none of its plugins.
const parent = process.ppid;
setInterval(() => {
  if (process.ppid !== parent) end();
}, PARENT_CHECK_MS).unref();
