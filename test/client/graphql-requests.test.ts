import { type Site } from "../../provider/bigcommerce/client";
import { GOOD, QUERY, refused, tried } from "./graphql-answers";
import { clientWith, fastClock, TOKEN, USER_AGENT } from "./fixtures";
import { closeServers, reply, serve, serveConnections, type Step, type TestServer } from "./servers";

afterEach(closeServers);

const ORIGINS = ["https://a.example", "https://b.example"];

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
      "user-agent": USER_AGENT,
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
      const [, payload = "", signature = ""] = token.split(".");
      const forms = [token, token.slice(0, 40), payload, signature, signature.toUpperCase()];
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
