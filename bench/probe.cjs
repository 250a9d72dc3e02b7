"use strict";

const { writeFileSync } = require("node:fs");
const Module = require("node:module");
const { join } = require("node:path");
const { performance } = require("node:perf_hooks");

const LIFECYCLE = "pulumi-bigcommerce-tokens/lifecycle/";
const METHODS = ["configure", "check", "diff"];

// Loaded into every Node.js process of a run, and at work in the provider's alone.
if (process.argv[1]?.includes("dynamic-provider")) watch(process.env.BENCH_PROBE);

/** Writes the milliseconds of each call into the folder, and the memory at its peak. */
function watch(folder) {
  const calls = { load: [], configure: [], check: [], diff: [] };
  const load = Module._load;
  Module._load = function (request, ...rest) {
    if (!request.startsWith(LIFECYCLE)) return load.call(this, request, ...rest);
    const begun = performance.now();
    const provider = load.call(this, request, ...rest);
    calls.load.push(performance.now() - begun);
    return timed(provider, calls);
  };
  const write = () => {
    const { maxRSS } = process.resourceUsage();
    writeFileSync(join(folder, `${process.pid}.json`), JSON.stringify({ calls, megabytes: maxRSS / 1_024 }));
  };
  process.once("exit", write);
  // The engine ends its provider by this signal.
  process.once("SIGINT", () => process.exit(0));
}

function timed(provider, calls) {
  const own = { ...provider };
  for (const method of METHODS) {
    own[method] = async (...args) => {
      const begun = performance.now();
      try {
        return await provider[method](...args);
      } finally {
        calls[method].push(performance.now() - begun);
      }
    };
  }
  return own;
}
