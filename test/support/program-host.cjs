/**
 * A language host that runs the programs of stories in this process, one after the other, so that the SDK is loaded once
 * and not for each command. It does what Pulumi's Automation API does for inline programs, and judges what a program left
 * unhandled as `pulumi up` does.
 * Source: pulumi/pulumi sdk/nodejs automation/server.ts and cmd/run.
 *
 * Each message is the folder and the environment of the next run, and is answered by the port.
 */
const { AsyncResource } = require("node:async_hooks");
const { createRequire } = require("node:module");
const { join } = require("node:path");
const { setImmediate: turn } = require("node:timers/promises");

let port;

process.on("message", async ({ folder, env }) => {
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, env);
  process.chdir(folder);
  port ??= await serve(requireOfProgram());
  process.send(port);
});
process.on("disconnect", () => process.exit());

function requireOfProgram() {
  return createRequire(join(process.cwd(), "index.js"));
}

/** An update has a preview, which runs the program as well. */
async function program() {
  forgetPrograms();
  return requireOfProgram()("./index.js");
}

/** What a program loaded, and this package, whose modules know what was said and found in a run. */
function forgetPrograms() {
  for (const file of Object.keys(require.cache)) {
    const isKept = file.includes("/node_modules/") && !file.includes("/pulumi-bigcommerce-tokens/");
    if (!isKept) delete require.cache[file];
  }
}

async function serve(load) {
  const { LanguageRuntimeService } = load("@pulumi/pulumi/proto/language_grpc_pb");
  const { Server, ServerCredentials } = createRequire(load.resolve("@pulumi/pulumi"))("@grpc/grpc-js");
  const server = new Server();
  server.addService(LanguageRuntimeService, languageHost(load));
  return new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
}

function languageHost(load) {
  const sdk = (path) => load(`@pulumi/pulumi/${path}`);
  const { GetRequiredPluginsResponse, RunResponse } = sdk("proto/language_pb");
  const { PluginInfo } = sdk("proto/plugin_pb");
  const { RunError, ResourceError } = sdk("errors");
  const log = sdk("log");
  const settings = sdk("runtime/settings");

  const tell = (error) => {
    if (RunError.isInstance(error)) log.error(error.message);
    else if (ResourceError.isInstance(error) && error.hideStack) log.error(error.message, error.resource);
    else log.error(`Running program failed with an unhandled exception:\n${error.stack ?? error}`);
  };

  const run = async (request) => {
    const unhandled = new Set();
    const onUnhandled = AsyncResource.bind((error) => {
      if (!unhandled.has(error)) tell(error);
      unhandled.add(error);
    });
    const [engine = ""] = request.getArgsList();
    settings.resetOptions(
      ...[request.getProject(), request.getStack(), request.getParallel(), engine],
      ...[request.getMonitorAddress(), request.getDryrun(), request.getOrganization()],
    );
    const config = Object.fromEntries(request.getConfigMap().entries());
    sdk("runtime/config").setAllConfig(config, request.getConfigsecretkeysList());
    for (const event of ["uncaughtException", "unhandledRejection"]) process.on(event, onUnhandled);
    try {
      await sdk("runtime/stack").runInPulumiStack(program).catch(onUnhandled);
      await settings.waitForRPCs();
      // Node tells of a rejection when the microtasks are done.
      await turn();
      await settings.disconnect(unhandled.size === 0);
    } finally {
      for (const event of ["uncaughtException", "unhandledRejection"]) process.off(event, onUnhandled);
    }
    const response = new RunResponse();
    if (unhandled.size > 0) response.setBail(true);
    return response;
  };

  return {
    run: ({ request }, callback) => {
      sdk("runtime/state").withLocalStorage(() =>
        run(request).then((response) => callback(undefined, response), callback),
      );
    },
    getRequiredPlugins: (_, callback) => callback(undefined, new GetRequiredPluginsResponse()),
    getPluginInfo: (_, callback) => {
      const info = new PluginInfo();
      info.setVersion("1.0.0");
      callback(undefined, info);
    },
  };
}
