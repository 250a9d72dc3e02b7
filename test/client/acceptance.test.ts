// Loaded before the clock runs, which is the time of a request and not of loading.
import "axios";
import { createServer } from "node:net";
import { type FreshToken, type Site } from "../../provider/bigcommerce/client";
import { certificateFor } from "./certificate";
import { clientWith, fastClock, TOKEN } from "./fixtures";
import { drip, FLOODS, type Flood, trickle } from "./floods";
import {
  closeServers,
  cut,
  expectClosed,
  hang,
  reply,
  reset,
  serve,
  serveConnections,
  serveTls,
  type Step,
  type TestServer,
} from "./servers";
import { restoreEnv, setEnv } from "./trusting-process";

afterEach(async () => {
  restoreEnv();
  await closeServers();
});

const SITE: Site = { apiUrl: "https://api.bigcommerce.com", storeHash: "abc123" };
const QUERY = '{"query":"{ site { settings { storeName } } }"}';
const ORIGINS = ["https://a.example", "https://b.example"];
const PATIENT = [500, 1_000, 2_000, 4_000, 8_000, 8_000, 8_000, 8_000, 8_000, 8_000];
const INVALID = "GraphQL invalid credentials.";

const GOOD = reply(200, { data: { site: { settings: { storeName: "A shop" } } } });
const refused = (status: number, message: string, headers = {}) =>
  reply(status, { errors: [{ message }] }, headers);
const unscoped = (...codes: unknown[]) =>
  reply(200, { data: null, errors: codes.map((code) => ({ message: "No.", extensions: { code } })) });

/** What comes of a token that is tried at a URL of its own, and how it was waited for. */
async function tried(server: Pick<TestServer, "url">, fresh: Partial<FreshToken> = {}, clock = fastClock()) {
  const own = { token: TOKEN, channelIds: [1], graphqlUrl: `${server.url}/shop/graphql` };
  const why = await clientWith(clock).verify(SITE, { ...own, ...fresh });
  if (why !== undefined) {
    expect(why).not.toMatch(/[\r\n]/);
    expect(why).not.toContain(TOKEN.slice(-16));
    expect(why.length).toBeLessThanOrEqual(350);
  }
  return { why, slept: clock.slept };
}

describe("a token counts as accepted", () => {
  it.each<[string, string]>([
    ["[V1] where the store's name is read", GOOD],
    ["where its rights do not reach to the store's name", unscoped("INSUFFICIENT_ACCESS_SCOPE")],
    ["by each of several such errors", unscoped("INSUFFICIENT_ACCESS_SCOPE", "INSUFFICIENT_ACCESS_SCOPE")],
  ])("%s, with one request", async (_, answer) => {
    const server = await serve(answer);
    expect(await tried(server)).toEqual({ why: undefined, slept: [] });
    expect(server.requests).toHaveLength(1);
    await expectClosed(server);
  });

  it("as soon as it is, where it is not at once", async () => {
    const server = await serve(refused(401, "Unknown JWT token"), reset, refused(503, "busy"), GOOD);
    expect(await tried(server)).toEqual({ why: undefined, slept: [500, 1_000, 2_000] });
    expect(server.requests).toHaveLength(4);
  });
});

describe("a token is asked again until the time is up", () => {
  it.each<[ids: string, what: string, Step]>([
    ["[V2]", 'answered 401, "Unknown JWT token"', refused(401, "Unknown JWT token")],
    ["[V2]", `answered 401, "${INVALID} JWT signature is invalid"`, refused(401, `${INVALID} JWT signature is invalid`)],
    ["[V4]", 'answered 401, "GraphQL credentials were missing. No token was sent."', refused(401, "GraphQL credentials were missing. No token was sent.")],
    ["[V4]", "answered 401", reply(401)],
    ["[V4]", "answered 401", reply(401, "<html>", { "Content-Type": "text/html" })],
    ["[V4]", 'answered 400, "No query."', refused(400, "No query.")],
    ["[V4]", 'answered 403, "JWT is expired"', refused(403, "JWT is expired")],
    ["[V4]", "answered 304", reply(304)],
    ["[V5]", "answered 429", reply(429)],
    ["[V5]", "answered 429", reply(429, "", { "Retry-After": "0" })],
    ["[V6]", "answered 500", reply(500)],
    ["[V6]", "answered 501", reply(501)],
    ["[V6]", 'answered 503, "JWT is expired"', refused(503, "JWT is expired")],
    ["[V4]", 'answered 200, but the body says errors, "Later."', refused(200, "Later.")],
    ["[V4]", 'answered 200, but the body says errors, "No.; No."', unscoped("INSUFFICIENT_ACCESS_SCOPE", "OTHER")],
    ["[V4]", 'answered 200, but the body says errors, "No."', unscoped(undefined)],
    ["[V6]", "the connection broke off (ECONNRESET)", reset],
    ["[V6]", "answered 200, then the connection broke off", cut(GOOD.slice(0, -9))],
  ])("%s after: %s", async (_, what, answer) => {
    const server = await serve(answer);
    const { why, slept } = await tried(server);
    expect(why).toMatch(/^GraphQL at 127\.0\.0\.1:\d+: /);
    expect(why?.replace(/^GraphQL at \S+: /, "")).toBe(what);
    expect(slept).toEqual(PATIENT);
    expect(server.requests).toHaveLength(11);
  }); // prettier-ignore

  it("[V6] after a refused connection", async () => {
    const { why, slept } = await tried({ url: `http://127.0.0.1:${await freePort()}` });
    expect(why).toMatch(/: the connection failed \(ECONNREFUSED\)$/);
    expect(slept).toEqual(PATIENT);
  });

  it.each<[string, Record<string, string>, number[]]>([
    ["X-Rate-Limit-Time-Reset-Ms", { "X-Rate-Limit-Time-Reset-Ms": "3000" }, [3_000, 3_000, 3_000, 4_000, 8_000]],
    ["Retry-After", { "Retry-After": "20" }, [20_000, 20_000]],
  ])("[V5] no sooner than a 429 asks in %s", async (_, headers, waits) => {
    const server = await serve(refused(429, "slow", headers));
    const { slept } = await tried(server);
    expect(slept.slice(0, waits.length)).toEqual(waits);
    expect(slept.reduce((sum, ms) => sum + ms)).toBeLessThan(60_000);
    expect(server.requests).toHaveLength(slept.length + 1);
  }); // prettier-ignore

  it("[V5] but not where a 429 asks for more time than there is", async () => {
    const server = await serve(refused(429, "slow", { "Retry-After": "3600" }));
    expect(await tried(server)).toMatchObject({ why: expect.stringMatching(/answered 429/), slept: [] });
    expect(server.requests).toHaveLength(1);
  });

  it("[V7] which is that of the operation, a wait included", async () => {
    const waiting = {
      ...fastClock(),
      sleep: (_: number, signal: AbortSignal) =>
        new Promise<void>((_resolve, reject) => {
          signal.addEventListener("abort", () => {
            reject(signal.reason as Error);
          });
        }),
    };
    const server = await serve(refused(401, "Unknown JWT token"));
    // The signals of deadlines do not hold the process.
    const hold = setInterval(() => undefined, 1_000);
    const started = performance.now();
    const fresh = { token: TOKEN, channelIds: [1], graphqlUrl: `${server.url}/shop/graphql` };
    const why = await clientWith(waiting, 700).verify(SITE, fresh);
    clearInterval(hold);
    expect(performance.now() - started).toBeLessThan(1_500);
    expect(why).toContain("Unknown JWT token");
    expect(server.requests).toHaveLength(1);
  });

  it.each<[string, Step]>([
    ["[V7] no answer", hang],
    ["[V7] half an answer, and nothing more", (socket) => socket.write(GOOD.slice(0, -9))],
    ["[V7] a head that drips", trickle(GOOD)],
    ["[V7] a body that drips without end", drip("HTTP/1.1 200 OK\r\n\r\n", " ")],
    ["[V7] headers that drip without end", drip("HTTP/1.1 200 OK\r\n", "X-A: b\r\n")],
  ])("after %s, and leaves time for another attempt", async (_, answer) => {
    const server = await serve(answer, GOOD);
    expect((await tried(server, {}, fastClock({ hurry: 200 }))).why).toBeUndefined();
    expect(server.requests).toHaveLength(2);
    await expectClosed(server);

    const endless = await serve(answer);
    const started = performance.now();
    const { why } = await tried(endless, {}, fastClock({ hurry: 200 }));
    expect(performance.now() - started).toBeLessThan(1_500);
    expect(why).toMatch(/: (answered 200, then )?no complete reply came in time$/);
    await expectClosed(endless);
  });
});

describe("a refusal that no time heals is asked for once", () => {
  it.each([
    `${INVALID} JWT is expired`,
    `${INVALID} JWT channel id doesn't match channel id of the URL`,
    `${INVALID} JWT channel id doesn’t match channel id of the URL`,
    `${INVALID} JWT store id doesn't match store id of the URL`,
    `${INVALID} String is not a JWT`,
    `${INVALID} JWT has no valid Json`,
    `${INVALID} JWT has Json of an unknown format`,
    "'Origin' header invalid: The 'Origin' request header value did not match the allowed origin set in the JWT auth token.",
  ])("[V3] 401 %s", async (message) => {
    const server = await serve(refused(401, message), GOOD);
    const { why, slept } = await tried(server);
    expect(why).toContain(`answered 401, "${message}"`);
    expect(slept).toEqual([]);
    expect(server.requests).toHaveLength(1);
  });

  it.each<[string, string, string]>([
    ["404", "answered 404", reply(404)],
    ["405", "answered 405", reply(405)],
    ["a page", "answered 200 with a body (text/html) that is not the expected one", reply(200, "<html>Sign in</html>", { "Content-Type": "text/html" })],
    ["an empty answer", "answered 200 with an empty body", reply(200)],
    ["204", "answered 204 with an empty body", "HTTP/1.1 204 No Content\r\n\r\n"],
    ["half a JSON", "answered 200 with a body (application/json) that is not the expected one", reply(200, '{"data":')],
    ["no data", "answered 200 with a body (application/json) that is not the expected one", reply(200, { data: null })],
    ["no errors and no data", "answered 200 with a body (application/json) that is not the expected one", reply(200, { data: null, errors: [] })],
    ["no name", "answered 200 with a body (application/json) that is not the expected one", reply(200, { data: { site: { settings: {} } } })],
    ["a name that is none", "answered 200 with a body (application/json) that is not the expected one", reply(200, { data: { site: { settings: { storeName: null } } } })],
    ["a name at another status", "answered 201 with a body (application/json) that is not the expected one", GOOD.replace("200", "201")],
    ["another API's data", "answered 200 with a body (application/json) that is not the expected one", reply(200, { data: { token: "x" } })],
  ])("[V8] where no GraphQL API answers, but %s", async (_, what, answer) => {
    const server = await serve(answer, GOOD);
    const { why, slept } = await tried(server);
    expect(why?.replace(/^GraphQL at \S+: /, "")).toBe(what);
    expect(slept).toEqual([]);
    expect(server.requests).toHaveLength(1);
  }); // prettier-ignore

  it.each([301, 302, 303, 307, 308])(
    "[V8] %i, which is not followed: the other server sees nothing",
    async (status) => {
      const other = await serve(GOOD);
      const server = await serve(reply(status, "", { Location: `${other.url}/graphql?token=${TOKEN}` }));
      expect((await tried(server)).why).toMatch(
        new RegExp(`: answered ${status} and points to ${other.url}$`),
      );
      expect(server.requests).toHaveLength(1);
      expect(other.connections()).toBe(0);
    },
  );

  it("[V9] a certificate that is not trusted: no token is sent", async () => {
    const server = await serveTls(certificateFor(), GOOD);
    const { why, slept } = await tried(server);
    expect(why).toMatch(/: the TLS connection failed \([A-Z_]+\)$/);
    expect(slept).toEqual([]);
    expect(server.connections()).toBe(1);
    expect(server.requests).toEqual([]);
  });
});

it("[V9] a proxy that refuses speaks for itself, once: no token is sent", async () => {
  const proxy = await serve(reply(407));
  setEnv({ HTTPS_PROXY: proxy.url, https_proxy: proxy.url, NO_PROXY: "", no_proxy: "" });
  const { why, slept } = await tried({ url: "https://127.0.0.1:1" });
  expect(why).toMatch(/: the proxy answered 407 to CONNECT$/);
  expect(slept).toEqual([]);
  expect(proxy.requests).toHaveLength(1);
  expect(proxy.requests[0]).not.toContain(TOKEN);
});

describe("a reply without end is not read to its end", () => {
  it.each(Object.keys(FLOODS) as Flood[])("[V10] %s", async (flood) => {
    const server = await serve(FLOODS[flood].fault);
    const { why } = await tried(server);
    expect(why).toMatch(/the reply (is too large|cannot be read)|answered 200 with a body|answered 400$/);
    expect(server.requests.length).toBeLessThanOrEqual(11);
    await expectClosed(server);
  });
});

describe("a request", () => {
  it("[V11] carries the token in its Authorization alone, and nothing of a credential", async () => {
    const server = await serve(GOOD);
    await tried(server);
    const [request = ""] = server.requests;
    const [head = "", body] = request.split("\r\n\r\n");
    expect(head).toMatch(/^POST \/shop\/graphql HTTP\/1\.1\r\n/);
    expect(body).toBe(QUERY);
    expect(request.split(TOKEN)).toHaveLength(2);
    const headers = Object.fromEntries(
      head
        .split("\r\n")
        .slice(1)
        .map((line) => [line.split(": ", 1)[0]!.toLowerCase(), line.slice(line.indexOf(": ") + 2)]),
    );
    expect(headers).toEqual({
      accept: "application/json",
      "accept-encoding": "identity",
      authorization: `Bearer ${TOKEN}`,
      connection: "close",
      "content-length": String(QUERY.length),
      "content-type": "application/json",
      host: `127.0.0.1:${server.port}`,
      "user-agent": "pulumi-bigcommerce-tokens",
    });
  });

  it.each<[string, readonly string[] | undefined, string | undefined]>([
    ["the first of a token's origins", ORIGINS, "https://a.example"],
    ["none where a token has no origins", undefined, undefined],
    ["none where the list of them is empty", [], undefined],
  ])("comes from %s", async (_, allowedCorsOrigins, origin) => {
    const server = await serve(GOOD);
    await tried(server, allowedCorsOrigins && { allowedCorsOrigins });
    expect(/\r\nOrigin: (.*)\r\n/i.exec(server.requests[0]!)?.[1]).toBe(origin);
  });

  it("[V11] is answered without the token, whatever the server makes of it", async () => {
    const echo: Step = (socket, request) => {
      const token = /Bearer (\S+)/.exec(request)?.[1] ?? "";
      const forms = [
        token,
        token.slice(0, 40),
        encodeURIComponent(token),
        Buffer.from(token).toString("base64"),
      ];
      socket.end(refused(401, `JWT is expired: ${forms.join(" ")}`));
    };
    const { why } = await tried(await serve(echo));
    expect(why).toMatch(/answered 401, "JWT is expired: \*\*\*( \*\*\*)*=*"$/);
  });
});

describe("the store's own GraphQL API", () => {
  const CHANNELS = [1, 2, 3, 4];
  const siteAt = ({ url }: TestServer): Site => ({ apiUrl: url, storeHash: "abc123" });

  it("[V8] is that of the first channel, by its host", async () => {
    const { server, hosts, requests } = await serveChannels({});
    expect(await clientWith().verify(siteAt(server), { token: TOKEN, channelIds: CHANNELS })).toBeUndefined();
    expect(hosts()).toEqual(["store-abc123-1.mybigcommerce.com"]);
    expect(requests[0]).toMatch(/^POST \/graphql HTTP\/1\.1\r\n/);
  });

  it.each<[string, string]>([
    ["404", reply(404)],
    ["405", reply(405)],
    ["a redirect", reply(302, "", { Location: "https://shop.example.com/" })],
    ["a page", reply(200, "<html>", { "Content-Type": "text/html" })],
  ])("[V8] is the next channel's where a channel answers %s", async (_, nothing) => {
    const clock = fastClock();
    const { server, hosts } = await serveChannels({ 1: nothing, 2: nothing });
    const fresh = { token: TOKEN, channelIds: CHANNELS };
    expect(await clientWith(clock).verify(siteAt(server), fresh)).toBeUndefined();
    expect(hosts()).toEqual([1, 2, 3].map((id) => `store-abc123-${id}.mybigcommerce.com`));
    expect(clock.slept).toEqual([]);
  });

  it("[V8] is that of three channels at the most", async () => {
    const nothing = reply(404);
    const { server, hosts } = await serveChannels({ 1: nothing, 2: nothing, 3: nothing });
    const why = await clientWith().verify(siteAt(server), { token: TOKEN, channelIds: CHANNELS });
    expect(why).toBe("GraphQL at store-abc123-3.mybigcommerce.com: answered 404");
    expect(hosts()).toHaveLength(3);
  });

  it.each<[string, string]>([
    ["401", refused(401, "JWT is expired")],
    ["500", reply(500)],
  ])("is no other channel's where one answers %s", async (_, answer) => {
    const { server, hosts } = await serveChannels({ 1: answer });
    const why = await clientWith().verify(siteAt(server), { token: TOKEN, channelIds: CHANNELS });
    expect(why).toMatch(/^GraphQL at store-abc123-1\.mybigcommerce\.com: /);
    expect(new Set(hosts()).size).toBe(1);
  });

  it.each<[string, Site]>([
    ["another API host", { apiUrl: "https://127.0.0.1:1", storeHash: "abc123" }],
    ["a host that is none", { apiUrl: "nowhere", storeHash: "abc123" }],
    ["a store hash that is none", { apiUrl: "http://127.0.0.1:1", storeHash: "../evil.example/" }],
  ])("is not asked where %s leaves it unknown", async (_, site) => {
    const why = await clientWith().verify(site, { token: TOKEN, channelIds: CHANNELS });
    expect(why).toBe("no GraphQL API is known for a store of this API host");
  });

  it("is not asked where a URL is given, and no other channel either", async () => {
    const { server, requests } = await serveChannels({});
    const own = await serve(reply(404));
    const fresh = { token: TOKEN, channelIds: CHANNELS, graphqlUrl: `${own.url}/shop/graphql` };
    expect(await clientWith().verify(siteAt(server), fresh)).toMatch(/answered 404$/);
    expect(own.requests).toHaveLength(1);
    expect(requests).toEqual([]);
  });
});

/** Storefronts of the channels of a store on one socket; each accepts every token but for what is said here. */
async function serveChannels(answers: Readonly<Record<number, string>>) {
  const requests: string[] = [];
  const server = await serveConnections((socket) => {
    let text = "";
    socket.on("data", (chunk) => {
      text += chunk.toString("latin1");
      if (!text.endsWith(QUERY)) return;
      requests.push(text);
      socket.end(answers[Number(/store-abc123-(\d+)/.exec(text)?.[1])] ?? GOOD);
    });
  });
  const hosts = () => requests.map((request) => /\r\nHost: (.*)\r\n/i.exec(request)?.[1]);
  return { server, requests, hosts };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
