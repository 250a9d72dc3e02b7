/**
 * Loaded by NODE_OPTIONS into every Node process of a story. Each process of Pulumi's SDK loads the reader of npm's trees,
 * and the provider's process the TypeScript compiler as well: more than half of that process's work. Here they are loaded
 * when they are first used, which in a story is hardly ever.
 */
const Module = require("node:module");

const [, sdkProcess] =
  /[\\/]@pulumi[\\/]pulumi[\\/]cmd[\\/](run|dynamic-provider)[\\/]/.exec(process.argv[1] ?? "") ?? [];

const arborist = (real) => ({
  Arborist: class {
    constructor(...args) {
      return new (real().Arborist)(...args);
    }
  },
});
const typescript = (real) => new Proxy({}, { get: (_, name) => real()[name] });

const LATER = {
  run: { "@npmcli/arborist": arborist },
  "dynamic-provider": { "@npmcli/arborist": arborist, typescript },
}[sdkProcess];

if (LATER) {
  const load = Module._load;
  Module._load = function (request, ...rest) {
    const real = () => load.call(this, request, ...rest);
    return Object.hasOwn(LATER, request) ? LATER[request](real) : real();
  };
}
