/**
 * Evaluated by `node -e` in a program's folder: runs a program under Pulumi's mocks, and prints in one line of
 * JSON what the program asked the engine to register, what was refused, and what was warned of.
 * With AS_UNDER_ENGINE the program sees a monitor without mocks, as the engine's is.
 */
const pulumi = require("@pulumi/pulumi");
const { getMonitor, setMockOptions } = require("@pulumi/pulumi/runtime/settings");

const [name, body] = process.argv.slice(1);
const report = { registered: [], refused: {}, warnings: [], values: {} };

function record(request) {
  report.registered.push({
    type: request.getType(),
    name: request.getName(),
    parent: request.getParent(),
    inputs: request.getObject().toJavaScript(),
    secretOutputs: request.getAdditionalsecretoutputsList(),
    options: request.toObject(),
  });
}

/** Keeps what the constructor threw; the rest of the program goes on. */
function attempt(key, run) {
  try {
    run();
    report.refused[key] = null;
  } catch (error) {
    report.refused[key] = { message: error.message, runError: pulumi.RunError.isInstance(error) };
  }
}

async function main() {
  const organization = process.env.MOCK_ORGANIZATION ?? "acme";
  const mocks = { newResource: ({ name, inputs }) => ({ id: name, state: inputs }), call: () => ({}) };
  await pulumi.runtime.setMocks(mocks, "shop", "dev", false, organization);
  const monitor = getMonitor();
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, callback) => {
    record(request);
    return register(request, callback);
  };
  if (process.env.AS_UNDER_ENGINE) {
    const has = (target, key) => key !== "mocks" && key in target;
    setMockOptions(new Proxy(monitor, { has }), "shop", "dev", false, organization);
  }
  pulumi.log.warn = (text, resource) => {
    report.warnings.push({ text, resource: resource?.__name });
    return Promise.resolve();
  };
  const tokens = require(name);
  const program = new Function("pulumi", "tokens", "attempt", "values", body);
  await program(pulumi, tokens, attempt, report.values);
  await pulumi.runtime.disconnect();
  process.stdout.write(`\nreport: ${JSON.stringify(report)}\n`);
}

void main();
