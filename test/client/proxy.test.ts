import { connect, type Socket } from "node:net";
import { certificateFor } from "./certificate";
import { clientWith, CREDENTIAL, failed, fastClock, MINT, REVOKE, targetAt, TOKEN } from "./fixtures";
import { closeServers, hang, minted, reply, serve, serveTls } from "./servers";
import { inTrustingProcess, restoreEnv, setEnv } from "./trusting-process";

/** Only the proxy knows where it is. From version 26 on, Node.js speaks TLS through a tunnel to names only. */
const HOST = "api.example.test";
const GOOD = certificateFor({ host: HOST });
const named = ({ port }: { readonly port: number }) => `https://${HOST}:${port}`;

afterEach(async () => {
  restoreEnv();
  await closeServers();
});

describe("a proxy from the environment", () => {
  const tunnel = (socket: Socket, request: string) => {
    const [, port] = /^CONNECT [^:]+:(\d+) /.exec(request)!;
    const upstream = connect(Number(port), "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      socket.removeAllListeners("data");
      socket.pipe(upstream).pipe(socket);
    });
    upstream.on("error", () => socket.destroy());
    socket.on("close", () => upstream.destroy());
  };
  const through = (url: string) => {
    setEnv({ HTTPS_PROXY: url, https_proxy: url, NO_PROXY: "", no_proxy: "" });
  };

  it("[T11] gets a CONNECT without any header of ours, and nothing that it could read", async () => {
    const server = await serveTls(GOOD, minted(TOKEN), reply(200));
    const proxy = await serve(tunnel);
    const env = { HTTPS_PROXY: proxy.url };
    await expect(inTrustingProcess(GOOD.cert, named(server), { env })).resolves.toMatchObject({
      mint: "success",
      revoke: "success",
    });
    expect(server.requests).toHaveLength(2);
    expect(proxy.requests).toHaveLength(2);
    for (const request of proxy.requests) {
      expect(request).toMatch(new RegExp(`^CONNECT api\\.example\\.test:${server.port} HTTP/1\\.1\r\n`));
      expect(request).not.toMatch(/x-auth-token|sf-api-token|user-agent/i);
      expect(request).not.toContain(CREDENTIAL);
    }
  });

  it("[T8] does not weaken the check of the server's certificate", async () => {
    const server = await serveTls(GOOD, minted(TOKEN));
    const proxy = await serve(tunnel);
    through(proxy.url);
    const error = await failed(clientWith().mint(targetAt(named(server)), MINT));
    expect(error).toMatchObject({ code: "tls_failed", failure: { outcome: "NOT_SENT" } });
    expect(proxy.requests).toHaveLength(1);
    expect(server.requests).toEqual([]);
  });

  it.each([
    ["407", reply(407, "", { "Proxy-Authenticate": "Basic" })],
    ["403", reply(403, "<html>", { "Content-Type": "text/html" })],
    ["302", reply(302, "", { Location: "https://login.example.com/" })],
    ["401", reply(401, { title: "x" })],
    ["201 and a token", reply(201, { data: { token: TOKEN } })],
    ["204", "HTTP/1.1 204 No Content\r\n\r\n"],
  ])("[T14] that answers %s to CONNECT speaks for itself: nothing was sent", async (_, answer) => {
    const proxy = await serve(answer);
    through(proxy.url);
    const client = clientWith();
    const target = targetAt("https://127.0.0.1:1");
    for (const attempt of [client.mint(target, MINT), client.revoke([target], REVOKE)]) {
      const error = await failed(attempt);
      expect(error).toMatchObject({ code: "proxy_refused", failure: { outcome: "NOT_SENT" } });
      expect(error.failure.status).toBeUndefined();
      expect(error.message).toContain("to CONNECT");
      expect(error.message).toContain("HTTPS_PROXY");
    }
    expect(proxy.requests).toHaveLength(2);
    expect(proxy.requests.join("")).not.toContain(CREDENTIAL);
  });

  it("[T14] that answers CONNECT with a page is no tunnel: nothing was sent", async () => {
    const proxy = await serve(reply(200, "<html>Sign in</html>", { "Content-Type": "text/html" }));
    through(proxy.url);
    const error = await failed(clientWith().mint(targetAt("https://127.0.0.1:1"), MINT));
    expect(error.failure.outcome).toBe("NOT_SENT");
    expect(error.message).not.toContain("Sign in");
    expect(proxy.requests.join("")).not.toContain(CREDENTIAL);
  });

  it.each([
    ["the host", "127.0.0.1", true],
    ["the host and its port", "127.0.0.1:PORT", true],
    ["one of several hosts", "example.com, 127.0.0.1", true],
    ["every host", "*", true],
    ["another form of loopback", "localhost.", true],
    ["the host and another port", "127.0.0.1:1", false],
    ["another host", "127.0.0.1.example.com", false],
    ["its network", "127.0.0.0/8", true],
    ["another network", "10.0.0.0/8", false],
  ])("[T13] is passed by where NO_PROXY names %s", async (_, noProxy, isDirect) => {
    const server = await serveTls(GOOD, minted(TOKEN));
    const proxy = await serve(reply(407));
    through(proxy.url);
    setEnv({ NO_PROXY: noProxy.replace("PORT", String(server.port)) });
    const error = await failed(clientWith().mint(targetAt(server.url), MINT));
    expect(error.code).toBe(isDirect ? "tls_failed" : "proxy_refused");
    expect([server.connections(), proxy.connections()]).toEqual(isDirect ? [1, 0] : [0, 1]);
  });

  it("that cannot reach the server is asked again", async () => {
    const proxy = await serve(reply(502, "no route"));
    through(proxy.url);
    const error = await failed(clientWith().mint(targetAt("https://127.0.0.1:1"), MINT));
    expect(error).toMatchObject({ code: "connection_failed", failure: { outcome: "NOT_SENT" } });
    expect(proxy.requests).toHaveLength(6);
  });

  it("that answers after the deadline gets no request through", async () => {
    const server = await serveTls(GOOD, minted(TOKEN));
    let answerLast = () => {};
    // Another request comes when the time of the last one is over.
    const proxy = await serve((socket, request) => {
      answerLast();
      answerLast = () => {
        tunnel(socket, request);
      };
    });
    const late = await inTrustingProcess(GOOD.cert, server.url, {
      env: { HTTPS_PROXY: proxy.url },
      hurry: 50,
    });
    const unsent = expect.stringMatching(/^(timeout|connection_failed)$/);
    expect(late).toEqual({ mint: unsent, revoke: unsent });
    expect(proxy.requests.length).toBeGreaterThan(1);
    expect(server.requests).toEqual([]);
  });

  it("that never answers, or is not there, leaves the request unsent", async () => {
    const proxy = await serve(hang);
    through(proxy.url);
    const target = targetAt("https://127.0.0.1:1");
    const mute = await failed(clientWith(fastClock({ hurry: 200 }), 300_000).mint(target, MINT));
    expect(mute).toMatchObject({ code: "connection_failed", failure: { outcome: "NOT_SENT" } });
    await closeServers();
    const gone = await failed(clientWith().mint(target, MINT));
    expect(gone).toMatchObject({ code: "connection_failed", failure: { outcome: "NOT_SENT" } });
  });
});
