import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { filesWithLeaks, leaksIn } from "../support/leaks";
import { DAY, declare, type Declared } from "../support/program";
import { Stack, type StateResource } from "../support/stack";

const SERVER: Declared = {
  kind: "PrivateToken",
  name: "server",
  args: { channelIds: [1], scopes: ["Customer"], lifetime: "90d" },
};
const WEB: Declared = {
  kind: "StorefrontToken",
  name: "web",
  args: { channelIds: [1], lifetime: "90d", onDelete: "letExpire" },
};

/** Tokens where a program puts them: outputs, a part of an output, the input of another resource. */
const PROGRAM = [
  declare(SERVER, WEB),
  "exports.token = server.token;",
  "exports.part = { of: { an: [pulumi.interpolate`Bearer ${web.token}`] } };",
  'new Consumer("consumer", { value: server.token });',
].join("\n");

// `close` searches all that was printed, the state, its backups and history, logs and temporary files.
describe("tokens and credentials, from the first preview to the end of the stack", () => {
  let stack: Stack;
  const credential = () => stack.otherCredential;
  const secrets = () => [credential(), ...stack.emulator.issued.map(({ token }) => token)];
  const stateFolder = () => join(stack.folder, "state", ".pulumi");
  const stateFiles = (folder: string) =>
    readdirSync(join(stateFolder(), folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.endsWith(".attrs"))
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"));
  const plan = () => join(stack.folder, "tmp", "plan.json");

  beforeAll(async () => {
    stack = await Stack.start(PROGRAM.replaceAll('"lifetime"', '"storeHash":"def456","lifetime"'), {
      ownProcess: true,
    });
    Object.assign(stack.env, { BIGCOMMERCE_ACCESS_TOKEN: undefined });
    const stored = ["--secret", "--path", "bigcommerce:stores.def456.accessToken", credential()];
    await stack.ok("config", "set", ...stored);
  });
  afterAll(() => stack.close());

  it("[S1] are not shown by a first preview, in any of its forms", async () => {
    await stack.ok("preview", "--json");
    await stack.ok("preview", "--diff", "--debug", "--show-config", "--show-full-output");
    await stack.ok("preview", "--save-plan", plan());
    expect(leaksIn(stack.output, secrets())).toBe(0);
  });

  it("[E7,S3] stand in a plan, the state and the configuration as ciphertext only", async () => {
    await stack.up("--diff", "--plan", plan(), "--show-full-output");
    expect(readFileSync(plan(), "utf8")).toContain('"goal"');
    for (const name of ["server", "web"]) {
      const { inputs, outputs } = await stack.token(name);
      expect(outputs["token"]).toHaveProperty("ciphertext");
      expect(leaksIn(JSON.stringify({ inputs, outputs }), secrets())).toBe(0);
    }
    const [stackOutputs, consumer] = await Promise.all([resource(stack, "shop-dev"), resource(stack, "consumer")]);
    expect(stackOutputs.outputs).toMatchObject({ token: encrypted(), part: { of: { an: [encrypted()] } } });
    expect(consumer).toMatchObject({ inputs: { value: encrypted() }, outputs: { value: encrypted() } });
    expect(filesWithLeaks(join(stack.folder, "program"), secrets())).toEqual([]);
  }); // prettier-ignore

  it("[S1] are not shown by a preview and an update of what is there, nor by a refresh", async () => {
    stack.advance(61 * DAY);
    await stack.ok("preview", "--json");
    await stack.ok("preview", "--diff", "--show-full-output", "--show-replacement-steps");
    await stack.ok("up", "--yes", "--diff");
    await stack.ok("refresh", "--yes", "--json");
    await stack.ok("refresh", "--yes", "--diff", "--debug");
    expect((await stack.token("server")).outputs["previousToken"]).toHaveProperty("ciphertext");
    expect(leaksIn(stack.output, secrets())).toBe(0);
  });

  it("[S1] are not shown by what reads the stack", async () => {
    expect(JSON.parse(await stack.ok("stack", "output", "--json"))).toMatchObject({ token: "[secret]" });
    for (const command of ["stack --show-urns --show-ids", "stack history --full-dates", "stack history --json", "stack export"]) {
      await stack.ok(...command.split(" "));
    }
    expect(leaksIn(stack.output, secrets())).toBe(0);
  }); // prettier-ignore

  it("[S1,H4] are not shown where BigCommerce's answer echoes them", async () => {
    const [issued] = stack.emulator.issued;
    const title = `${credential()} ${issued?.token ?? ""} ${Buffer.from(credential()).toString("base64url")}`;
    stack.emulator.faults.push({ method: "POST", kind: "status", status: 422, body: { status: 422, title } });
    const output = await stack.upFails("--replace", "**server");
    expect(output).toContain('answered 422, "*** *** ***"');
  });

  it("[S4] leave no trace in an id, a name, a label or a fingerprint", async () => {
    const runs = new Set(secrets().flatMap((secret) => runsOf(secret)));
    const found = (await stack.tokens()).flatMap(({ urn, id, outputs }) => {
      const { label, fingerprint, previous } = outputs;
      return runsOf(JSON.stringify({ urn, id, label, fingerprint, previous })).filter((run) => runs.has(run));
    });
    expect(found).toEqual([]);
  });

  it("[E7,S3] stand in an update that still runs, with its pending operations, as ciphertext only", async () => {
    stack.env["BIGCOMMERCE_TIMEOUT_S"] = "4";
    stack.emulator.faults.push({ method: "DELETE", kind: "hang", times: Infinity });
    const seen = stack.emulator.requests.length;
    const destroying = stack.pulumi("destroy", "--yes", "--skip-preview", "--target", await stack.urn("server"), "--target-dependents");
    const isDeleting = () => stack.emulator.requests.slice(seen).some(({ method }) => method === "DELETE");
    while (!isDeleting()) await new Promise((resolve) => setTimeout(resolve, 20));
    const running = stateFiles("stacks").find((text) => text.includes('"pending_operations"'));
    expect(JSON.parse(running ?? "")).toMatchObject({
      checkpoint: { latest: { pending_operations: [{ type: "deleting", resource: { outputs: { token: encrypted() } } }] } },
    });
    expect(filesWithLeaks(stateFolder(), secrets())).toEqual([]);
    expect((await destroying).code).not.toBe(0);
    stack.emulator.faults.clear();
    stack.env["BIGCOMMERCE_TIMEOUT_S"] = undefined;
  }); // prettier-ignore

  it("[S1] are not shown by a destroy, in any of its forms", async () => {
    await stack.destroy("--json", "--target", await stack.urn("web"));
    await stack.destroy("--diff", "--debug");
    expect(stack.live()).toHaveLength(2);
  });

  it("[E7,S3] stand in backups and history as ciphertext only", () => {
    for (const folder of ["backups", "history"]) {
      const states = stateFiles(folder).filter((text) => text.includes("PrivateToken"));
      expect(states.length).toBeGreaterThan(3);
      expect(states.filter((text) => text.includes('"ciphertext"')).length).toBeGreaterThan(1);
      expect(leaksIn(states.join("\n"), secrets())).toBe(0);
    }
  });
});

function encrypted(): unknown {
  return expect.objectContaining({ ciphertext: expect.any(String) as string });
}

async function resource(stack: Stack, name: string): Promise<StateResource> {
  const text = await stack.ok("stack", "export");
  const { deployment } = JSON.parse(text) as { deployment: { resources: StateResource[] } };
  const found = deployment.resources.find(({ urn }) => urn.endsWith(`::${name}`));
  if (!found) throw new Error(`no ${name} in the state`);
  return found;
}

/** All runs of 8 characters of a text. */
function runsOf(text: string): string[] {
  return Array.from({ length: Math.max(0, text.length - 7) }, (_, at) => text.slice(at, at + 8));
}
