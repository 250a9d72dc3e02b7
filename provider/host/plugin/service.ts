import { AsyncLocalStorage } from "node:async_hooks";

import * as grpc from "@grpc/grpc-js";
import * as plugin from "@pulumi/pulumi/proto/plugin_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";

import { withLink } from "../../error-links";
import { TokensError } from "../../errors";
import { PartialFailureError } from "../../handlers";
import { asError } from "../../notices";
import type { Bag } from "../../pulumi-values";
import type { Environment } from "../../settings/settings";
import {
  changedInputs,
  configProblems,
  isDefaultProvider,
  withoutInputMarks,
  withSecretInputs,
} from "./configuration";
import { initialisationFailed } from "./failures";
import { type Change, outputs, type PluginResources, type PropertyChange } from "./resources";

/** The request that is being answered: what its messages belong to, and how long it may take. */
export interface Request {
  readonly urn: string;
  /** Milliseconds. Absent without `customTimeouts`. */
  readonly timeoutMs?: number;
  /** Messages to the engine that are not delivered yet. */
  readonly pending: Promise<void>[];
}

export interface ServiceOptions {
  readonly version: string;
  /** The package schema, JSON. */
  readonly schema: string;
  /** Every configured provider has a run of its own. */
  readonly configure: (inputs: Bag, isDefault: boolean) => PluginResources;
  /** Whether several engines may use the process, one after the other: it was started by hand. */
  readonly isShared: boolean;
  readonly environment: Environment;
  /** The engine says where it listens, if the process was started without it. */
  readonly attach: (engineAddress: string) => void;
  readonly request: AsyncLocalStorage<Request>;
}

/** As long as BIGCOMMERCE_TIMEOUT_S can be. Timers of Node.js end at once if they are longer than 24 days. */
const MAX_TIMEOUT_S = 3_600;

type Method<Q, A> = (request: Q) => A | Promise<A>;

/** The methods of Pulumi's protocol that this provider has. gRPC itself answers the others with UNIMPLEMENTED. */
export function createService(options: ServiceOptions): grpc.UntypedServiceImplementation {
  const { version, schema, configure, isShared, environment, attach, request } = options;
  let resources: PluginResources | undefined;
  let isCancelled = false;

  const configured = (): PluginResources => {
    if (resources) return resources;
    throw new TokensError("request_malformed", "the provider is not configured yet");
  };
  const begin = (): PluginResources => {
    if (isCancelled) throw new TokensError("cancelled", "the update was cancelled; nothing was sent");
    return configured();
  };

  /** Answers with what `run` returns, or with its error in one line, once all messages are delivered. */
  const method =
    <Q, A>(run: Method<Q, A>): grpc.handleUnaryCall<Q, A> =>
    (call, callback) => {
      const { getUrn, getTimeout } = call.request as {
        readonly getUrn?: () => string;
        readonly getTimeout?: () => number;
      };
      const seconds = getTimeout?.call(call.request) ?? 0;
      const own: Request = {
        urn: getUrn?.call(call.request) ?? "",
        ...(seconds > 0 && { timeoutMs: Math.min(seconds, MAX_TIMEOUT_S) * 1_000 }),
        pending: [],
      };
      const answer = request.run(own, async () => run(call.request));
      const settled = answer.finally(() => Promise.allSettled(own.pending));
      settled.then(
        (value) => {
          callback(null, value);
        },
        (thrown: unknown) => {
          callback(failureOf(thrown));
        },
      );
    };

  return {
    handshake: method<messages.ProviderHandshakeRequest, messages.ProviderHandshakeResponse>((handshake) => {
      if (handshake.getEngineAddress()) attach(handshake.getEngineAddress());
      return new messages.ProviderHandshakeResponse().setAcceptSecrets(false).setAcceptResources(false);
    }),
    attach: method<plugin.PluginAttach, Empty>((request) => {
      attach(request.getAddress());
      return new Empty();
    }),
    getPluginInfo: method<Empty, plugin.PluginInfo>(() => new plugin.PluginInfo().setVersion(version)),
    getSchema: method<messages.GetSchemaRequest, messages.GetSchemaResponse>(() =>
      new messages.GetSchemaResponse().setSchema(schema),
    ),
    cancel: method<Empty, Empty>(() => {
      isCancelled = true;
      return new Empty();
    }),

    checkConfig: method<messages.CheckRequest, messages.CheckResponse>((check) => {
      const inputs = bagOf(check.getNews());
      const problems = configProblems(inputs, environment, isDefaultProvider(check.getUrn()));
      return checked(withSecretInputs(inputs), problems);
    }),
    diffConfig: method<messages.DiffRequest, messages.DiffResponse>((diff) => {
      const changed = changedInputs(bagOf(diff.getOldInputs() ?? diff.getOlds()), bagOf(diff.getNews()));
      const detailed = changed.map((name): [string, PropertyChange] => [
        name,
        { change: "UPDATE", isReplacing: false, isInput: true },
      ]);
      return compared({ changes: changed.length > 0, replaces: [], detailed });
    }),
    configure: method<messages.ConfigureRequest, messages.ConfigureResponse>((configuration) => {
      // Whoever can connect could else send the credential to a host of their own.
      if (resources && !isShared)
        throw new TokensError("request_malformed", "the provider is configured already");
      const inputs = withoutInputMarks(bagOf(configuration.getArgs()));
      resources = configure(inputs, isDefaultProvider(configuration.getUrn() ?? ""));
      isCancelled = false;
      return new messages.ConfigureResponse()
        .setAcceptsecrets(false)
        .setSupportspreview(true)
        .setAcceptresources(false);
    }),

    check: method<messages.CheckRequest, messages.CheckResponse>((check) => {
      const { inputs, failures } = configured().check(
        { urn: check.getUrn() },
        bagOf(check.getOlds()),
        bagOf(check.getNews()),
      );
      return checked(inputs, failures);
    }),
    diff: method<messages.DiffRequest, messages.DiffResponse>((diff) =>
      compared(
        configured().diff({ urn: diff.getUrn() }, diff.getId(), bagOf(diff.getOlds()), bagOf(diff.getNews())),
      ),
    ),
    create: method<messages.CreateRequest, messages.CreateResponse>(async (create) => {
      const { id, outs } = await begin().create(
        { urn: create.getUrn() },
        bagOf(create.getProperties()),
        create.getPreview(),
      );
      return new messages.CreateResponse().setId(id).setProperties(structOf(outs));
    }),
    read: method<messages.ReadRequest, messages.ReadResponse>(async (read) => {
      const found = await configured().read(
        { urn: read.getUrn() },
        read.getId(),
        bagOf(read.getProperties()),
        bagOf(read.getInputs()),
      );
      return new messages.ReadResponse()
        .setId(found.id)
        .setProperties(structOf(found.outs))
        .setInputs(structOf(found.inputs));
    }),
    update: method<messages.UpdateRequest, messages.UpdateResponse>(async (update) => {
      const outs = await begin().update(
        { urn: update.getUrn() },
        update.getId(),
        bagOf(update.getOlds()),
        bagOf(update.getNews()),
        update.getPreview(),
      );
      return new messages.UpdateResponse().setProperties(structOf(outs));
    }),
    delete: method<messages.DeleteRequest, Empty>(async (request) => {
      await begin().delete({ urn: request.getUrn() }, request.getId(), bagOf(request.getProperties()));
      return new Empty();
    }),
  };
}

function bagOf(struct: Struct | undefined): Bag {
  return struct?.toJavaScript() ?? {};
}

/** Protocol buffers have no `undefined`. */
function structOf(bag: Bag): Struct {
  return Struct.fromJavaScript(
    JSON.parse(JSON.stringify(bag)) as Parameters<typeof Struct.fromJavaScript>[0],
  );
}

function checked(inputs: Bag, reasons: readonly string[]): messages.CheckResponse {
  const failures = reasons.map((reason) => new messages.CheckFailure().setReason(reason));
  return new messages.CheckResponse().setInputs(structOf(inputs)).setFailuresList(failures);
}

function compared({
  changes,
  replaces,
  detailed,
}: ReturnType<PluginResources["diff"]>): messages.DiffResponse {
  const { DIFF_SOME, DIFF_NONE } = messages.DiffResponse.DiffChanges;
  const response = new messages.DiffResponse()
    .setChanges(changes ? DIFF_SOME : DIFF_NONE)
    .setReplacesList([...replaces])
    .setDiffsList(detailed.map(([name]) => name))
    .setHasdetaileddiff(detailed.length > 0);
  for (const [name, { change, isReplacing, isInput }] of detailed) {
    const kind = messages.PropertyDiff.Kind[kindOf(change, isReplacing)];
    response.getDetaileddiffMap().set(name, new messages.PropertyDiff().setKind(kind).setInputdiff(isInput));
  }
  return response;
}

function kindOf(change: Change, isReplacing: boolean) {
  return isReplacing ? (`${change}_REPLACE` as const) : change;
}

/** Details are for a person. Only the state of a token that must not be lost goes with a failure, marked as secret. */
function failureOf(thrown: unknown): grpc.ServerErrorResponse | Partial<grpc.StatusObject> {
  // Looking at what was thrown may throw as well.
  const error = asError(thrown);
  const details = withLink(error.message, error.code);
  if (!(error instanceof PartialFailureError)) return { code: grpc.status.UNKNOWN, details };
  return {
    code: grpc.status.UNKNOWN,
    details,
    metadata: initialisationFailed(error.id, structOf(outputs(error.state)), details),
  };
}
