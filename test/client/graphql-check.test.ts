import { createServer } from "node:net";
import { GOOD, refused, SITE, tried } from "./graphql-answers";
import { certificateFor } from "./certificate";
import { clientWith, fastClock, TOKEN } from "./fixtures";
import { drip, FLOODS, type Flood, trickle } from "./floods";
import { closeServers, cut, expectClosed, hang, reply, reset, serve, serveTls, type Step } from "./servers";
import { restoreEnv, setEnv } from "./trusting-process";

afterEach(async () => {
  restoreEnv();
  await closeServers();
});

const PATIENT = [500, 1_000, 2_000, 4_000, 8_000, 8_000, 8_000, 8_000, 8_000, 8_000];
const INVALID = "GraphQL invalid credentials.";
/** Two steps of a clock that hurries. */
const GRACE_MS = 800;

const unscoped = (...codes: unknown[]) =>
  reply(200, { data: null, errors: codes.map((code) => ({ message: "No.", extensions: { code } })) });

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
    const hurried = fastClock({ hurry: 100 });
    const waiting = {
      ...hurried,
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
    const fresh = { token: TOKEN, channelIds: [1], graphqlUrl: `${server.url}/shop/graphql` };
    const why = await clientWith(waiting).verify(SITE, fresh);
    clearInterval(hold);
    expect(hurried.monotonic()).toBeLessThan(60_000 + GRACE_MS);
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
    const hurried = fastClock({ hurry: 200 });
    const { why } = await tried(endless, {}, hurried);
    expect(hurried.monotonic()).toBeLessThan(60_000 + GRACE_MS);
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
    expect(why).toContain(`answered 401, "${message.replace("’", "'")}"`);
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

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
