import { readFileSync } from "node:fs";
import { join } from "node:path";

import { begin, runOk, type Running } from "../support/run";
import { Stack } from "../support/stack";

const EXAMPLE = join(__dirname, "..", "..", "examples", "impersonation");
const read = (name: string) => readFileSync(join(EXAMPLE, name), "utf8");

let stack: Stack;
let server: Running | undefined;

afterEach(async () => {
  if (server?.pid !== undefined) process.kill(-server.pid, "SIGKILL");
  await server?.ended;
  await stack.close();
});

/** The first URL that the server prints. */
async function listening({ printed }: Running): Promise<string> {
  for (let waited = 0; waited < 20_000; waited += 50) {
    const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(printed()) ?? [];
    if (url !== undefined) return url;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`the server does not listen:\n${printed()}`);
}

it("the example's server shows a customer the store with X-Bc-Customer-Id, and no browser gets the token", async () => {
  stack = await Stack.start("", {
    pulumiYaml: read("Pulumi.yaml"),
    files: { "index.ts": read("index.ts"), "package.json": read("package.json"), "tsconfig.json": read("tsconfig.json") },
  });
  await stack.up();
  // Not by `stack.ok`, which would keep the token among what was printed.
  const cwd = join(stack.folder, "program");
  const output = ["stack", "output", "supportToken", "--show-secrets", "--non-interactive"];
  const token = (await runOk(join(process.env["TEST_ENGINE"] ?? "", "pulumi"), output, { cwd, env: stack.environment() })).trim();
  expect(stack.emulator.issued.map((issued) => issued.token)).toEqual([token]);

  const env = {
    PATH: process.env["PATH"],
    PORT: "0",
    GRAPHQL_URL: `${stack.emulator.url}/stores/abc123/channels/1/graphql`,
    IMPERSONATION_TOKEN: token,
  };
  server = begin("node", [join(EXAMPLE, "server.mjs")], { cwd: stack.folder, env });
  const url = await listening(server);
  const asked = () => stack.emulator.requests.filter(({ path }) => path.endsWith("/graphql"));

  for (const cookie of ["", "session=of-another", "customer=123"]) {
    expect((await fetch(url, { headers: { cookie } })).status).toBe(401);
  }
  expect(asked()).toEqual([]);

  const answer = await fetch(`${url}/?customerId=7`, { headers: { cookie: "a=b; session=the-session-of-jane" } });
  const shown = await answer.text();
  expect([answer.status, JSON.parse(shown)]).toEqual([200, { site: { settings: { storeName: "Store abc123" } } }]);
  expect(asked()).toMatchObject([{ status: 200, headers: { "x-bc-customer-id": "123" } }]);
  const seen = [shown, ...[...answer.headers].flat(), server.printed()].join("\n");
  expect(seen.includes(token)).toBe(false);
}); // prettier-ignore
