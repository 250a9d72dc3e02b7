/**
 * Loaded by NODE_OPTIONS into every Node process of a story. In the provider process it appends each call of the package's
 * handlers to the file TEST_CALLS: one line of JSON as the call begins, one as it ends.
 */
const { appendFileSync } = require("node:fs");
const Module = require("node:module");

const METHODS = ["check", "diff", "create", "read", "update", "delete"];

let calls = 0;

/** The same handlers; each call is written as it begins, and as it ends. */
function recorded(kind, handlers, write) {
  const record =
    (method) =>
    async (...args) => {
      const call = `${process.pid}-${(calls += 1)}`;
      write({ call, kind, method, args });
      try {
        const answer = await handlers[method](...args);
        write({ call, answer });
        return answer;
      } catch (error) {
        // Only what Pulumi records of a failure.
        write({ call, thrown: { id: error.id, properties: error.properties } });
        throw error;
      }
    };
  return Object.fromEntries(METHODS.map((method) => [method, record(method)]));
}

const file = process.env.TEST_CALLS;
if (file !== undefined) {
  const append = (event) => appendFileSync(file, `${JSON.stringify(event)}\n`);
  const load = Module._load;
  Module._load = function (request, ...rest) {
    const loaded = load.call(this, request, ...rest);
    if (request !== "pulumi-bigcommerce-tokens/runtime") return loaded;
    return { ...loaded, handlers: (kind) => recorded(kind, loaded.handlers(kind), append) };
  };
}

module.exports = { recorded };
