/**
 * Loaded by NODE_OPTIONS into every Node process of a crash story. The process that loads the package's runtime, or runs the
 * plugin, is the provider: it leaves its pid in TEST_STOP_FOLDER. At the step TEST_STOP_AT it does what TEST_STOP_HOW says, once.
 * Steps: `<handler>:entered`, `<handler>:<METHOD>:connecting`, `<handler>:<METHOD>:answered`, `<handler>:returning`.
 */
const { subscribe } = require("node:diagnostics_channel");
const { existsSync, writeFileSync } = require("node:fs");
const http2 = require("node:http2");
const Module = require("node:module");
const { basename, join } = require("node:path");

const { TEST_STOP_AT: stopAt, TEST_STOP_FOLDER: folder, TEST_STOP_HOW: how = "wait" } = process.env;
const HANDLERS = ["create", "update", "delete"];
const LONGEST_WAIT_MS = 60_000;

const WAYS = {
  /** Nothing of this process runs until it is killed, or released by a file named `go`. */
  wait() {
    const never = new Int32Array(new SharedArrayBuffer(4));
    for (let waited = 0; !existsSync(join(folder, "go")); waited += 10) {
      if (waited > LONGEST_WAIT_MS) process.exit(97);
      Atomics.wait(never, 0, 0, 10);
    }
    // By then what was held back has left the process.
    setTimeout(() => writeFileSync(join(folder, "went-on"), ""), 200);
  },
  exit: () => process.exit(3),
  reject: () => void Promise.reject(new Error("a rejection that nobody handles")),
  exhaust() {
    const hoard = [];
    for (;;) hoard.push(new Array(100_000).fill(hoard.length / 3));
  },
};

let running;

function reached(step) {
  if (step !== stopAt || existsSync(join(folder, "reached"))) return;
  writeFileSync(join(folder, "reached"), step);
  WAYS[how]();
}

function watched(runtime) {
  writeFileSync(join(folder, "provider"), String(process.pid));
  const watch = (handlers) => {
    const wrapped = { ...handlers };
    for (const name of HANDLERS) {
      wrapped[name] = async (...args) => {
        running = name;
        reached(`${name}:entered`);
        const result = await handlers[name](...args);
        reached(`${name}:returning`);
        return result;
      };
    }
    return wrapped;
  };
  return { ...runtime, handlers: (kind) => watch(runtime.handlers(kind)) };
}

/** The plugin holds its modules in one file: its handlers are seen by what the engine asks and is answered. */
function watchPlugin() {
  writeFileSync(join(folder, "provider"), String(process.pid));
  const { createServer } = http2;
  http2.createServer = (...args) => {
    const server = createServer(...args);
    server.on("stream", (stream, headers) => {
      const name = basename(headers[":path"]).toLowerCase();
      if (!HANDLERS.includes(name)) return;
      running = name;
      reached(`${name}:entered`);
      const { respond } = stream;
      stream.respond = (...response) => {
        reached(`${name}:returning`);
        return respond.apply(stream, response);
      };
    });
    return server;
  };
}

if (folder !== undefined) {
  if (basename(process.argv[1] ?? "") === "pulumi-resource-bigcommerce") watchPlugin();
  const load = Module._load;
  Module._load = function (request, ...rest) {
    const loaded = load.call(this, request, ...rest);
    return request === "pulumi-bigcommerce-tokens/runtime" ? watched(loaded) : loaded;
  };
  subscribe("http.client.request.start", ({ request }) => reached(`${running}:${request.method}:connecting`));
  subscribe("http.client.response.finish", ({ request }) => reached(`${running}:${request.method}:answered`));
}
