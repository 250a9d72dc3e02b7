import { startEmulator } from "../../emulator";
import { runOk } from "../support/run";
import { useFolders } from "./folders";

/** Milliseconds, once @pulumi/pulumi is loaded: every command of every stack pays it. */
const MAX_LOAD_MS = 20;
const PROCESSES = 5;

const folders = useFolders();

/** Evaluates a script in a process of its own, in a program's folder; it hands its findings to `report`. */
async function evaluate<T>(script: string, env: NodeJS.ProcessEnv = {}): Promise<T> {
  const prelude = `
    const loaded = () => ["axios", "zod"].filter((name) => Object.keys(require.cache).some((file) => file.includes("/node_modules/" + name + "/")));
    const report = (value) => console.log("report: " + JSON.stringify(value));
  `;
  const output = await runOk("node", ["-e", `${prelude}\n${script}`], {
    cwd: folders.installed(),
    env: { PATH: process.env["PATH"], HOME: process.env["HOME"], ...env },
    timeoutMs: 60_000,
  });
  return JSON.parse(/^report: (.*)$/m.exec(output)?.[1] ?? "null") as T;
}

describe("loading the package in a program", () => {
  it(`takes less than ${MAX_LOAD_MS} ms, and loads neither axios nor zod`, async () => {
    const times: number[] = [];
    for (let process = 0; process < PROCESSES; process++) {
      const { ms, libraries } = await evaluate<{ ms: number; libraries: string[] }>(`
        require("@pulumi/pulumi");
        const start = performance.now();
        require("pulumi-bigcommerce-tokens");
        report({ ms: performance.now() - start, libraries: loaded() });
      `);
      expect(libraries).toEqual([]);
      times.push(ms);
    }
    // The fastest: others may be using the machine.
    expect(Math.min(...times)).toBeLessThan(MAX_LOAD_MS);
  });

  it("and declaring tokens loads neither axios nor zod", async () => {
    const libraries = await evaluate<string[]>(`
      const pulumi = require("@pulumi/pulumi");
      const { StorefrontToken } = require("pulumi-bigcommerce-tokens");
      const mocks = { newResource: ({ name, inputs }) => ({ id: name, state: inputs }), call: () => ({}) };
      pulumi.runtime.setMocks(mocks, "shop", "dev", false, "acme").then(async () => {
        new StorefrontToken("web", { channelIds: [1], lifetime: "30d" });
        await pulumi.runtime.disconnect();
        report(loaded());
      });
    `);
    expect(libraries).toEqual([]);
  });

  it("is an import for ESM programs too", async () => {
    const names = await evaluate<string[]>(`
      import("pulumi-bigcommerce-tokens").then((tokens) => report(Object.keys(tokens)));
    `);
    expect(names).toEqual(expect.arrayContaining(["ImpersonationToken", "PrivateToken", "StorefrontToken"]));
  });
});

describe("in the provider's process", () => {
  it("the modules that states name load neither axios nor zod", async () => {
    const libraries = await evaluate<string[]>(`
      for (const kind of ["storefront", "private", "impersonation"]) require("pulumi-bigcommerce-tokens/lifecycle/" + kind);
      report(loaded());
    `);
    expect(libraries).toEqual([]);
  });

  it("axios is loaded by the first request, not by check and diff", async () => {
    const accessToken = "a".repeat(31);
    const account = { clientId: "client", accessToken, scopes: ["store_storefront_api" as const] };
    const emulator = await startEmulator({
      generation: 2,
      stores: [{ hash: "abc123", accounts: [account] }],
    });
    try {
      const steps = await evaluate<Record<string, string[]>>(
        `
        const steps = {};
        (async () => {
          const { handlers } = require("pulumi-bigcommerce-tokens/runtime");
          steps.runtime = loaded();
          const { check, diff, create, read } = handlers("private");
          const { inputs, failures } = await check({}, { channelIds: [1], scopes: ["Customer"], lifetime: "30d", label: "web" });
          if (failures.length > 0) throw new Error(failures[0].reason);
          await diff("id", inputs, inputs);
          await read("id", inputs);
          steps.decided = loaded();
          await create(inputs);
          steps.requested = loaded();
          report(steps);
        })();
      `,
        {
          BIGCOMMERCE_API_URL: emulator.url,
          BIGCOMMERCE_STORE_HASH: "abc123",
          BIGCOMMERCE_ACCESS_TOKEN: accessToken,
        },
      );
      expect(steps).toEqual({ runtime: [], decided: [], requested: ["axios"] });
    } finally {
      await emulator.close();
    }
  });
});
