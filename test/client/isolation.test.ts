import axios from "axios";
import { clientWith, failed, fastClock, MINT, targetAt, TOKEN } from "./fixtures";
import { closeServers, minted, reply, serve } from "./servers";
import { restoreEnv, setEnv } from "./trusting-process";

afterEach(async () => {
  restoreEnv();
  await closeServers();
  for (const key of POLLUTED) Reflect.deleteProperty(Object.prototype, key);
});

const POLLUTED = [
  "proxy",
  "baseURL",
  "socketPath",
  "transport",
  "httpAgent",
  "transformResponse",
  "auth",
  "data",
  "token",
];

function pollute(key: string, value: unknown): void {
  Object.defineProperty(Object.prototype, key, {
    value,
    configurable: true,
    enumerable: false,
    writable: true,
  });
}

it("loads axios with the first request, not before", async () => {
  jest.resetModules();
  const loaded: string[] = [];
  jest.doMock("axios", () => {
    loaded.push("axios");
    return jest.requireActual<object>("axios");
  });
  const { createClient } = jest.requireActual<typeof import("../../provider/bigcommerce/client")>(
    "../../provider/bigcommerce/client",
  );
  const client = createClient({ clock: fastClock(), timeoutMs: () => 60_000 });
  expect(loaded).toEqual([]);
  const server = await serve(minted(TOKEN));
  await client.mint(targetAt(server.url), MINT);
  expect(loaded).toEqual(["axios"]);
  jest.dontMock("axios");
});

it("takes nothing from axios settings that other code of the process changed", async () => {
  const caught = await serve(minted("other.server.token"));
  const server = await serve(minted(TOKEN));
  const seen: unknown[] = [];
  const interceptor = axios.interceptors.request.use((config) => {
    seen.push(config);
    return config;
  });
  const { baseURL, proxy, maxRedirects, headers } = axios.defaults;
  Object.assign(axios.defaults, {
    baseURL: caught.url,
    proxy: { host: "127.0.0.1", port: caught.port, protocol: "http" },
    maxRedirects: 5,
  });
  headers.common["X-Spy"] = "1";
  try {
    await expect(clientWith().mint(targetAt(server.url), MINT)).resolves.toEqual({ token: TOKEN });
  } finally {
    axios.interceptors.request.eject(interceptor);
    Object.assign(axios.defaults, { baseURL, proxy, maxRedirects });
    delete headers.common["X-Spy"];
  }
  expect(seen).toEqual([]);
  expect(caught.connections()).toBe(0);
  expect(server.requests[0]).not.toContain("X-Spy");
});

it("[T16] reaches its own server under a polluted prototype", async () => {
  const caught = await serve(minted("other.server.token"));
  const server = await serve(minted(TOKEN));
  const hijack = () => {
    throw new Error("hijacked");
  };
  pollute("proxy", { host: "127.0.0.1", port: caught.port, protocol: "http" });
  pollute("baseURL", caught.url);
  pollute("transport", { request: hijack });
  pollute("transformResponse", [hijack]);
  pollute("auth", { username: "u", password: "p" });
  const minting = clientWith().mint(targetAt(server.url), MINT);
  await expect(minting).resolves.toEqual({ token: TOKEN });
  expect(caught.connections()).toBe(0);
  expect(server.requests[0]).not.toMatch(/authorization/i);
});

it("[T16] takes no token from a polluted prototype", async () => {
  const server = await serve(reply(200, "{}"), reply(200, '{"data":{}}'));
  pollute("data", { token: "polluted.by.somebody" });
  pollute("token", "polluted.by.somebody");
  for (let count = 0; count < 2; count += 1) {
    const error = await failed(clientWith().mint(targetAt(server.url), MINT));
    expect(error).toMatchObject({ code: "reply_malformed", failure: { outcome: "UNKNOWN" } });
  }
  expect(server.requests).toHaveLength(2);
});

it("[T12] does not use an environment proxy for the loopback", async () => {
  const proxy = await serve(minted("other.server.token"));
  const server = await serve(minted(TOKEN));
  setEnv({ HTTP_PROXY: proxy.url, http_proxy: proxy.url, NO_PROXY: "" });
  await expect(clientWith().mint(targetAt(server.url), MINT)).resolves.toEqual({ token: TOKEN });
  expect(proxy.connections()).toBe(0);
});

it("[K10] mints fifty tokens at once, each for its own request", async () => {
  const server = await serve((socket, request) => {
    const channel = /"channel_ids":\[(\d+)\]/.exec(request)?.[1] ?? "";
    socket.end(minted(`header.channel${channel}.signature`));
  });
  const client = clientWith();
  const channels = Array.from({ length: 50 }, (_, index) => index + 1);
  const tokens = await Promise.all(
    channels.map((channel) =>
      client.mint(targetAt(server.url), { ...MINT, body: { channel_ids: [channel] } }),
    ),
  );
  expect(tokens.map(({ token }) => token)).toEqual(
    channels.map((channel) => `header.channel${channel}.signature`),
  );
  expect(server.requests).toHaveLength(50);
});
