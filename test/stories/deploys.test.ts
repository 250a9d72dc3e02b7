import { join } from "node:path";

import { commandLine } from "../support/command-line";
import { DAY, declare } from "../support/program";
import { runOk } from "../support/run";
import { isAccepted, type SecretStore, startSecretStore } from "../support/secret-store";
import { ORGANIZATION, Stack, type StackOptions, type StateResource } from "../support/stack";

const SERVER = [
  declare({
    ...{ kind: "PrivateToken", name: "server" },
    args: { channelIds: [1], scopes: ["Customer", "Unauthenticated"], lifetime: "90d" },
  }),
  "exports.serverToken = server.token;",
].join("\n");

let stack: Stack;
let store: SecretStore;
const start = async (program: string, options: StackOptions = {}) => {
  stack = await Stack.start(program, options);
  store = await startSecretStore(stack.emulator);
  stack.env["SECRET_STORE_URL"] = store.url;
  await stack.up();
};
afterEach(async () => {
  await store.close();
  await stack.close();
});

const shopWorks = () => isAccepted(stack.emulator, stack.store, store.held("shop"));
/** What a pipeline does once `pulumi up` has ended; it alone sees what the command prints. */
const deploy = async () => {
  const pulumi = join(process.env["TEST_ENGINE"] ?? "", "pulumi");
  const options = { cwd: join(stack.folder, "program"), env: stack.environment() };
  store.put(
    "shop",
    (await runOk(pulumi, ["stack", "output", "serverToken", "--show-secrets"], options)).trim(),
  );
};
const retire = (...args: readonly string[]) => {
  const { PULUMI_CONFIG_PASSPHRASE } = stack.environment();
  return commandLine(stack, ["retire", ...args], { env: { PULUMI_CONFIG_PASSPHRASE } });
};

describe.each([1, 2] as const)("a deploy after the update, in generation %i", (generation) => {
  it("goes on with the old token until it has the new one, and retire ends the old one after it", async () => {
    await start(SERVER, { generation, deadTokenRevocation: "refused" });
    await deploy();
    stack.advance(61 * DAY);
    await stack.up();
    expect(store.heard()).toEqual(["mint A", "put shop A", "mint B"]);
    expect(await shopWorks()).toBe(true);

    await deploy();
    const [old, fresh] = stack.live();
    const shown = await retire();
    expect(shown.stdout).toContain(old);
    expect(shown.stdout).not.toContain(fresh);
    expect(store.heard()).toEqual(["put shop B"]);
    expect((await retire("--yes")).code).toBe(0);
    expect(store.heard()).toEqual(["revoke A"]);
    expect(stack.live()).toEqual([fresh]);
    expect(await shopWorks()).toBe(true);

    expect(await stack.up("--expect-no-changes")).not.toContain("warning");
    expect(store.heard()).toEqual([]);
    const output = await stack.destroy();
    expect(store.heard()).toEqual([expect.stringMatching(/^revoke A 4\d\d$/), "revoke B"]);
    expect(output).toContain(
      `bigcommerce-tokens: ${ORGANIZATION}/shop/dev/private/server: token ${old} was revoked before`,
    );
    expect(await stack.tokens()).toEqual([]);
  });
});

it("a stack that reads the token from another gets the new one with its own next update", async () => {
  const program = [
    'const { Delivery } = require("../consumer.cjs");',
    'if (pulumi.getStack() === "dev") {',
    SERVER,
    "} else {",
    'const tokens = new pulumi.StackReference("organization/shop/dev");',
    'new Delivery("shop", { place: "shop", value: tokens.requireOutput("serverToken") });',
    "}",
  ].join("\n");
  await start(program);
  const inWeb = async <T>(work: () => Promise<T>) => {
    stack.env["PULUMI_STACK"] = "web";
    const done = await work();
    delete stack.env["PULUMI_STACK"];
    return done;
  };
  await inWeb(() => stack.ok("stack", "init", "web").then(() => stack.up()));
  stack.advance(61 * DAY);
  await stack.up();
  expect(store.heard()).toEqual(["mint A", "put shop A", "mint B"]);
  expect(await shopWorks()).toBe(true);
  await inWeb(() => stack.up());
  expect(store.heard()).toEqual(["put shop B"]);
  const { deployment } = JSON.parse(await inWeb(() => stack.ok("stack", "export"))) as {
    deployment: { resources: StateResource[] };
  };
  const delivery = deployment.resources.find(({ urn }) => urn.endsWith("::shop"));
  expect(delivery?.outputs["value"]).toHaveProperty("ciphertext");
});
