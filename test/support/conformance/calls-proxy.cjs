/**
 * Stands between Pulumi's engine and the plugin TEST_PLUGIN. It appends each call on a resource to the file TEST_CALLS, in
 * the lines of calls-preload.cjs: what the handlers of the dynamic form would be called with. Calls of a preview that only
 * the plugin gets, to create and to update, are left out.
 */
const { spawn } = require("node:child_process");
const { appendFileSync } = require("node:fs");

const grpc = require("@grpc/grpc-js");
const { ResourceProviderClient, ResourceProviderService } = require("@pulumi/pulumi/proto/provider_grpc_pb");
const { ErrorResourceInitFailed } = require("@pulumi/pulumi/proto/provider_pb");
const { Status } = require("@pulumi/pulumi/proto/status_pb");

const bag = (struct) => struct?.toJavaScript() ?? {};

/** Arguments and answer, as those of a handler. */
const METHODS = {
  check: {
    // The plugin makes the label from the URN.
    args: (request) => [
      bag(request.getOlds()),
      { ...bag(request.getNews()), label: labelOf(request.getUrn()) },
    ],
    answer: (response) => ({ inputs: bag(response.getInputs()) }),
  },
  diff: {
    args: (request) => [request.getId(), bag(request.getOlds()), bag(request.getNews())],
    answer: (response) => ({ changes: response.getChanges() }),
  },
  create: {
    args: (request) => [bag(request.getProperties())],
    answer: (response) => ({ id: response.getId(), outs: bag(response.getProperties()) }),
  },
  read: {
    args: (request) => [request.getId(), bag(request.getProperties())],
    answer: (response) => ({ id: response.getId(), props: bag(response.getProperties()) }),
  },
  update: {
    args: (request) => [request.getId(), bag(request.getOlds()), bag(request.getNews())],
    answer: (response) => ({ outs: bag(response.getProperties()) }),
  },
  delete: { args: (request) => [request.getId(), bag(request.getProperties())], answer: () => undefined },
};

let calls = 0;
const write = (line) => appendFileSync(process.env.TEST_CALLS, `${JSON.stringify(line)}\n`);

function kindOf(urn) {
  return /:(\w+)Token::/.exec(urn)[1].toLowerCase();
}

function labelOf(urn) {
  const [, stack, project, name] = /^urn:pulumi:([^:]+)::([^:]+)::.*::([^:]+)$/.exec(urn);
  return `-/${project}/${stack}/${kindOf(urn)}/${name}`;
}

/** What Pulumi records of a failure. */
function thrownOf(error) {
  const [bytes] = error.metadata.get("grpc-status-details-bin");
  if (bytes === undefined) return {};
  const [detail] = Status.deserializeBinary(new Uint8Array(bytes)).getDetailsList();
  const failed = ErrorResourceInitFailed.deserializeBinary(detail.getValue_asU8());
  return { id: failed.getId(), properties: bag(failed.getProperties()) };
}

/** Passes a call on, and writes it as it begins and as it ends. */
function passedOn(client, name, definition) {
  const { args, answer } = METHODS[name] ?? {};
  return ({ request, metadata }, callback) => {
    const isRecorded = args !== undefined && !request.getPreview?.();
    const call = `${process.pid}-${(calls += 1)}`;
    if (isRecorded) write({ call, kind: kindOf(request.getUrn()), method: name, args: args(request) });
    const { path, requestSerialize, responseDeserialize } = definition;
    client.makeUnaryRequest(
      path,
      requestSerialize,
      responseDeserialize,
      request,
      metadata,
      (error, response) => {
        if (isRecorded) write(error ? { call, thrown: thrownOf(error) } : { call, answer: answer(response) });
        callback(error, response);
      },
    );
  };
}

const plugin = spawn(process.env.TEST_PLUGIN, process.argv.slice(2), {
  stdio: ["ignore", "pipe", "inherit"],
});
plugin.once("exit", (code) => process.exit(code ?? 1));
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => plugin.kill(signal));
plugin.stdout.once("data", (port) => {
  const client = new ResourceProviderClient(
    `127.0.0.1:${port.toString().trim()}`,
    grpc.credentials.createInsecure(),
  );
  const unary = Object.entries(ResourceProviderService).filter(([, { responseStream }]) => !responseStream);
  const server = new grpc.Server();
  server.addService(
    ResourceProviderService,
    Object.fromEntries(unary.map(([name, definition]) => [name, passedOn(client, name, definition)])),
  );
  server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, own) => {
    if (error) throw error;
    process.stdout.write(`${own}\n`);
  });
});
