import { certificateFor } from "./certificate";
import { clientWith, failed, fastClock, MINT, targetAt, TOKEN } from "./fixtures";
import { expectClosed, closeServers, minted, reply, serve, serveConnections, serveTls } from "./servers";
import { inTrustingProcess } from "./trusting-process";

const GOOD = certificateFor();

afterEach(closeServers);

describe("a certificate that is not trusted", () => {
  it.each([
    ["self-signed", () => certificateFor()],
    ["expired", () => certificateFor({ days: -1 })],
    ["of another host", () => certificateFor({ ip: [127, 0, 0, 2] })],
  ])("[T8] %s: nothing is sent, and nothing is tried again", async (_, certificate) => {
    const clock = fastClock();
    const server = await serveTls(certificate(), minted(TOKEN));
    const error = await failed(clientWith(clock).mint(targetAt(server.url), MINT));
    expect(error).toMatchObject({ code: "tls_failed", failure: { outcome: "NOT_SENT" } });
    expect(error.message).toContain("NODE_EXTRA_CA_CERTS");
    expect(server.requests).toEqual([]);
    expect(server.connections()).toBe(1);
    expect(clock.slept).toEqual([]);
  });

  it("[T9] is refused even where NODE_TLS_REJECT_UNAUTHORIZED=0", async () => {
    const server = await serveTls(certificateFor(), minted(TOKEN));
    const told = await inTrustingProcess(GOOD.cert, server.url, {
      env: { NODE_TLS_REJECT_UNAUTHORIZED: "0" },
    });
    expect(told).toEqual({ mint: "tls_failed", revoke: "tls_failed" });
    expect(server.requests).toEqual([]);
  });

  it("[T8,T15] is refused for the wrong host by a process that trusts it", async () => {
    const server = await serveTls(GOOD, minted(TOKEN));
    const url = server.url.replace("127.0.0.1", "localhost");
    await expect(inTrustingProcess(GOOD.cert, url)).resolves.toMatchObject({
      mint: "tls_failed",
      revoke: "tls_failed",
    });
    expect(server.requests).toEqual([]);
  });
});

describe("a TLS connection", () => {
  it("[T10] is made with a certificate of NODE_EXTRA_CA_CERTS", async () => {
    const server = await serveTls(GOOD, minted(TOKEN), reply(200));
    await expect(inTrustingProcess(GOOD.cert, server.url)).resolves.toEqual({
      mint: "success",
      revoke: "success",
    });
    expect(server.requests).toHaveLength(2);
  });

  it("[T3] is not left for plain http where the server points there", async () => {
    const plain = await serve(minted(TOKEN));
    const server = await serveTls(GOOD, reply(307, "", { Location: `${plain.url}/stores/abc123` }));
    await expect(inTrustingProcess(GOOD.cert, server.url)).resolves.toEqual({
      mint: "unexpected_redirect",
      revoke: "unexpected_redirect",
    });
    expect(server.requests).toHaveLength(2);
    expect(plain.connections()).toBe(0);
  });

  it("[T8] is not made below TLS 1.2", async () => {
    const server = await serveTls({ ...GOOD, minVersion: "TLSv1", maxVersion: "TLSv1.1" }, minted(TOKEN));
    const error = await failed(clientWith().mint(targetAt(server.url), MINT));
    expect(error).toMatchObject({ code: "tls_failed", failure: { outcome: "NOT_SENT" } });
  });

  it("is not made with a server that speaks plain HTTP", async () => {
    const server = await serveConnections((socket) => {
      socket.once("data", () => socket.end(minted(TOKEN)));
    }, "https");
    const error = await failed(clientWith().mint(targetAt(server.url), MINT));
    expect(error).toMatchObject({ code: "tls_failed", failure: { outcome: "NOT_SENT" } });
    expect(server.connections()).toBe(1);
  });

  it("[N6] counts as not sent, and is tried again, where it breaks off in the handshake", async () => {
    const server = await serveConnections(
      (socket) => socket.once("data", () => socket.resetAndDestroy()),
      "https",
    );
    const error = await failed(clientWith().mint(targetAt(server.url), MINT));
    expect(error).toMatchObject({ code: "connection_failed", failure: { outcome: "NOT_SENT" } });
    expect(server.connections()).toBe(6);
  });

  it("[N4] counts as not sent where it does not come about in ten seconds", async () => {
    const asked: number[] = [];
    const fast = fastClock({ hurry: 200 });
    const clock = {
      ...fast,
      deadline: (ms: number) => {
        asked.push(ms);
        return fast.deadline(ms);
      },
    };
    const server = await serveConnections((socket) => socket.resume(), "https");
    const error = await failed(clientWith(clock, 300_000).mint(targetAt(server.url), MINT));
    expect(error).toMatchObject({ code: "connection_failed", failure: { outcome: "NOT_SENT" } });
    expect(error.message).toContain("no connection came about in time");
    expect(asked).toContain(10_000);
    expect(server.connections()).toBe(6);
    await expectClosed(server);
  });
});
