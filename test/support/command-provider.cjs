/**
 * Stands in for the command provider, which neither npm nor the Go proxy has. It does what the sources of version 1.2.1 do for
 * `local.Command`: https://github.com/pulumi/pulumi-command/blob/v1.2.1/provider/pkg/provider/local/commandController.go
 */
const { execFileSync } = require("node:child_process");
const { randomBytes } = require("node:crypto");

const pulumi = require("@pulumi/pulumi");

const NAMES = ["create", "update", "delete", "environment", "logging", "triggers"];

/** Secrets come wrapped. */
const plain = (value) => pulumi.runtime.unwrapRpcSecret(value);
const inputsOf = (props) =>
  Object.fromEntries(Object.entries(props).filter(([name]) => NAMES.includes(name)));

const provider = {
  version: "1.2.1",

  async check(urn, olds, news) {
    return { inputs: news };
  },

  async diff(id, urn, olds, news) {
    const changed = NAMES.filter((name) => JSON.stringify(olds[name]) !== JSON.stringify(news[name]));
    return { changes: changed.length > 0, replaces: changed.filter((name) => name === "triggers") };
  },

  async create(urn, inputs) {
    const id = `${urn.split("::").at(-1)}${randomBytes(4).toString("hex")}`;
    const printed = inputs.create === undefined ? { stdout: "", stderr: "" } : run(inputs.create, inputs);
    return { id, outs: { ...inputs, ...printed } };
  },

  /** Without an `update` command, `create` runs again. */
  async update(id, urn, olds, news) {
    const { stdout, stderr } = olds;
    const command = news.update ?? news.create;
    const printed = command === undefined ? { stdout, stderr } : run(command, { ...news, stdout, stderr });
    return { outs: { ...inputsOf(news), ...printed } };
  },

  async delete(id, urn, props) {
    if (props.delete !== undefined) run(props.delete, props);
  },
};

/** Runs a command with what the one before it printed. */
function run(command, { environment = {}, stdout, stderr }) {
  const before = { PULUMI_COMMAND_STDOUT: plain(stdout), PULUMI_COMMAND_STDERR: plain(stderr) };
  const env = { ...process.env, ...plain(environment) };
  for (const [name, value] of Object.entries(before)) if (value) env[name] = value;
  const printed = execFileSync("/bin/sh", ["-c", plain(command)], { env, encoding: "utf8" });
  return { stdout: printed.replace(/\n$/, ""), stderr: "" };
}

pulumi.provider.main(provider, process.argv.slice(2));
