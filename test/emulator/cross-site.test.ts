import { connect } from "node:net";

import { at, call, graphql, HASH, IN_A_DAY, minted, perTest, send } from "./support";

const emulator = perTest();
const EVIL = "https://evil.example";
const body = { channel_ids: [1], expires_at: IN_A_DAY };
const portOf = () => new URL(emulator.it.url).port;

/** What a page of another site can have a browser send unasked: no credential, no JSON as its type. */
const blind = (path: string, headers: Record<string, string>, method = "POST") =>
  send(
    `${emulator.it.url}${path}`,
    method,
    { "content-type": "text/plain", ...headers },
    method === "POST" ? "spam" : undefined,
  );

describe("a web page that knows the port", () => {
  it.each([
    ["the token API", at("api-token"), 403],
    ["revoke-all", at("api-token/revoke-all"), 403],
    ["no route", "/", 403],
    ["no route, with a token in its query", "/?x=aaaaaaaa.bbbbbbbb.cccccccc", 403],
    ["a store that is none", "/stores/nosuch/channels/1/graphql", 403],
    ["GraphQL", "/graphql", 401],
    ["GraphQL, with a token in its query", "/graphql?x=aaaaaaaa.bbbbbbbb.cccccccc", 401],
  ])("posts to %s: nothing is kept, and close() does not reject", async (_, path, status) => {
    for (const origin of [EVIL, "null"]) expect((await blind(path, { origin })).status).toBe(status);
    expect(emulator.it.requests).toEqual([]);
  });

  it.each([
    ["a picture", { "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors" }],
    ["a link", { "sec-fetch-site": "none", "sec-fetch-mode": "navigate" }],
  ])("fetches %s, which sends no Origin: nothing is kept", async (_, headers) => {
    for (const path of ["/favicon.ico", at("api-token"), "/graphql?x=aaaaaaaa.bbbbbbbb.cccccccc"])
      expect((await blind(path, headers, "GET")).status).toBeGreaterThanOrEqual(401);
    expect(emulator.it.requests).toEqual([]);
  });

  it.each(["OPTIONS", "GET"])(
    "asks with %s whether it may send more: no header permits it",
    async (method) => {
      const asked = { origin: EVIL, "access-control-request-headers": "x-auth-token, authorization" };
      for (const path of [at("api-token"), "/graphql"]) {
        const { headers, status } = await blind(path, asked, method);
        expect(status).toBeGreaterThanOrEqual(401);
        expect(Object.keys(headers).filter((name) => name.startsWith("access-control"))).toEqual([]);
      }
      expect(emulator.it.requests).toEqual([]);
    },
  );

  it.each([
    ["a name that resolves to 127.0.0.1", () => `evil.example:${portOf()}`],
    ["such a name without a port", () => "evil.example"],
    ["a name that begins like a loopback one", () => `127.0.0.1.evil.example:${portOf()}`],
    ["a name that ends like a loopback one", () => `evil-localhost:${portOf()}`],
    ["a name that holds a storefront's", () => `store-${HASH}-1.mybigcommerce.com.evil.example`],
    ["a name that ends in a storefront's", () => `evil.store-${HASH}-1.mybigcommerce.com`],
  ])("has %s for a Host: 421, with the right one, whatever credential it sends", async (_, host) => {
    const headers = { host: host() };
    const answers = [
      await call(emulator.it, "POST", at("api-token"), { body, headers }),
      await call(emulator.it, "GET", "/nowhere", { headers }),
      await graphql(emulator.it, "a.b.c", headers),
    ];
    expect(answers.map(({ status }) => status)).toEqual([421, 421, 421]);
    expect(answers[0]!.json.title).toContain("answers to 127.0.0.1, localhost");
    expect([emulator.it.requests, emulator.it.issued]).toEqual([[], []]);
  });

  it("uses up no quota and meets no fault", async () => {
    emulator.it.faults.push({ kind: "status", status: 500 });
    const { headers } = await blind(at("api-token"), { origin: EVIL });
    expect(headers).not.toHaveProperty("x-rate-limit-requests-left");
    expect((await call(emulator.it, "POST", at("api-token"), { body })).status).toBe(500);
    const { headers: own } = await call(emulator.it, "POST", at("api-token"), { body });
    expect(own["x-rate-limit-requests-left"]).toBe("148");
  });

  it("sends a body that is read to its end and not kept", async () => {
    const large = "x".repeat(8 * 1024 * 1024);
    const url = `${emulator.it.url}/`;
    expect((await send(url, "POST", { origin: EVIL }, large)).status).toBe(403);
    expect(emulator.it.requests).toEqual([]);
  });

  it("goes away in the middle of its body: the emulator goes on", async () => {
    const socket = connect(Number(portOf()), "127.0.0.1");
    const head = `POST / HTTP/1.1\r\nHost: 127.0.0.1:${portOf()}\r\nOrigin: ${EVIL}\r\nContent-Length: 99\r\n\r\n`;
    await new Promise((resolve) => socket.write(`${head}{`, resolve));
    socket.destroy();
    await minted(emulator.it);
    expect(emulator.it.requests).toHaveLength(1);
  });
});

describe("a client's request", () => {
  it.each(["127.0.0.1", "127.0.0.2", "localhost", "LOCALHOST", "[::1]"])("may say %s", async (name) => {
    const headers = { host: `${name}:${portOf()}` };
    expect((await call(emulator.it, "POST", at("api-token"), { body, headers })).status).toBe(200);
    expect(emulator.it.requests).toHaveLength(1);
  });

  it.each(["127.0.0.1:1", "localhost"])(
    "may come through a proxy that keeps its own Host, %s",
    async (host) => {
      const headers = { host };
      expect((await call(emulator.it, "POST", at("api-token"), { body, headers })).status).toBe(200);
    },
  );

  it("may have an Origin beside its credential, as a test in a simulated browser has", async () => {
    const headers = { origin: "http://localhost", "sec-fetch-site": "cross-site" };
    expect((await call(emulator.it, "POST", at("api-token"), { body, headers })).status).toBe(200);
    const { token } = await minted(emulator.it, "simple", { allowed_cors_origins: [EVIL] });
    expect((await graphql(emulator.it, token, { origin: EVIL })).status).toBe(200);
    expect(emulator.it.requests).toHaveLength(3);
  });
});
