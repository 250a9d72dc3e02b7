import { gzipSync } from "node:zlib";
import { clientWith, failed, fastClock, MINT, targetAt, TOKEN } from "./fixtures";
import { expectClosed, closeServers, cut, minted, reply, reset, serve, type Step } from "./servers";

afterEach(closeServers);

const GOOD = minted(TOKEN);
const BODY = JSON.stringify({ data: { token: TOKEN }, meta: {} });
const mintAt = (url: string, clock = fastClock()) => clientWith(clock).mint(targetAt(url), MINT);

function encoded(encoding: string, body: Buffer, length = body.length): Buffer {
  const head = `HTTP/1.1 200 OK\r\nContent-Encoding: ${encoding}\r\nContent-Length: ${length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), body]);
}

const endless: Step = (socket) => {
  socket.write("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n");
  const more = () => {
    while (!socket.destroyed && socket.write("x".repeat(16_384)));
  };
  socket.on("drain", more);
  more();
};

describe("a reply that is not whole", () => {
  it.each<[string, Step, string]>([
    ["[N6] a reset", reset, "connection_failed"],
    ["a close without an answer", (socket) => socket.destroy(), "connection_failed"],
    ["half a status line", cut("HTTP/1.1 20"), "connection_failed"],
    ["half a head", cut("HTTP/1.1 200 OK\r\nContent-"), "connection_failed"],
    ["[N10] a body shorter than its length", cut(GOOD.slice(0, -5)), "connection_failed"],
    [
      "[N11] a chunked body that was cut",
      cut("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n40\r\n{"),
      "connection_failed",
    ],
    [
      "[N12] a body without length that was cut",
      GOOD.replace(/Content-Length: \d+\r\n/, "").slice(0, -5),
      "reply_malformed",
    ],
    ["[N13] gzip that was cut", encoded("gzip", gzipSync(BODY).subarray(0, 60), 60), "reply_malformed"],
    ["[N14] gzip that is none", encoded("gzip", Buffer.from(BODY)), "reply_malformed"],
    ["[N14] an encoding that nobody knows", encoded("rot13", Buffer.from(gzipSync(BODY))), "reply_malformed"],
    [
      "[N15] a gzip bomb of 50 MB",
      encoded("gzip", gzipSync(BODY + " ".repeat(50_000_000))),
      "reply_malformed",
    ],
    ["[N16] 65 KiB", reply(200, BODY + " ".repeat(65_536)), "reply_malformed"],
    ["[N16] an endless body", endless, "reply_malformed"],
    [
      "[N17] a header of 20 kB",
      GOOD.replace("\r\n", `\r\nX-Large: ${"x".repeat(20_000)}\r\n`),
      "reply_malformed",
    ],
    ["[N18] no HTTP", "220 mail.example.com ESMTP\r\n", "reply_malformed"],
    ["[N18] a bad status line", GOOD.replace("HTTP/1.1 200", "HTTP/1.1 abc"), "reply_malformed"],
    ["[N18] bare line feeds", GOOD.replaceAll("\r\n", "\n"), "reply_malformed"],
    ["[N18] two lengths", GOOD.replace("\r\n", "\r\nContent-Length: 7\r\n"), "reply_malformed"],
    [
      "[N18] a length and chunks",
      GOOD.replace("\r\n", "\r\nTransfer-Encoding: chunked\r\n"),
      "reply_malformed",
    ],
    [
      "[H15] 101",
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n",
      "connection_failed",
    ],
  ])("%s leaves a mint unknown after one request", async (_, answer, code) => {
    const server = await serve(answer);
    const error = await failed(mintAt(server.url));
    expect(error).toMatchObject({ code, failure: { outcome: "UNKNOWN" } });
    expect(error.message).toContain("may exist");
    expect(server.requests).toHaveLength(1);
  });

  it("[N21] is never a success at any byte where it is cut", async () => {
    for (let at = 0; at < GOOD.length; at += 1) {
      const server = await serve(cut(GOOD.slice(0, at)));
      expect((await failed(mintAt(server.url))).failure.outcome).toBe("UNKNOWN");
      expect(server.requests).toHaveLength(1);
      await closeServers();
    }
  });

  it("[N21] is taken whole where it came in single bytes", async () => {
    const server = await serve((socket) => {
      const bytes = Array.from(GOOD);
      const next = () => {
        const byte = bytes.shift();
        if (byte === undefined) socket.end();
        else socket.write(byte, () => setImmediate(next));
      };
      next();
    });
    await expect(mintAt(server.url)).resolves.toEqual({ token: TOKEN });
  });

  it("[N16] is read up to 64 KiB", async () => {
    const server = await serve(reply(200, BODY + " ".repeat(65_536 - BODY.length)));
    await expect(mintAt(server.url)).resolves.toEqual({ token: TOKEN });
  });

  it("is read where it was compressed, though nobody asked", async () => {
    const server = await serve(encoded("gzip", gzipSync(BODY)));
    await expect(mintAt(server.url)).resolves.toEqual({ token: TOKEN });
  });

  it("[N18] says no more of the parser than its code", async () => {
    const server = await serve(`HTTP/1.1 200 OK\r\n${TOKEN}\r\n\r\n`);
    expect((await failed(mintAt(server.url))).message).toContain("HPE_");
  });

  it("is judged by its status where that is a refusal, whatever became of the body", async () => {
    const server = await serve(cut("HTTP/1.1 401 Unauthorized\r\nContent-Length: 90\r\n\r\n{"));
    const error = await failed(mintAt(server.url));
    expect(error).toMatchObject({ code: "unauthorized", failure: { outcome: "REJECTED", status: 401 } });
  });

  it("[N16] ends the connection instead of reading on without end", async () => {
    const server = await serve(endless);
    await failed(mintAt(server.url));
    await expectClosed(server);
  });
});

describe("a request that was not sent", () => {
  it("[N2] is sent again up to six times when the connection is refused", async () => {
    const server = await serve(GOOD);
    await closeServers();
    const clock = fastClock();
    const error = await failed(mintAt(server.url, clock));
    expect(error).toMatchObject({ code: "connection_failed", failure: { outcome: "NOT_SENT" } });
    expect(error.failure.status).toBeUndefined();
    expect(error.message).toContain("(ECONNREFUSED) [NOT_SENT, 6 attempts]");
    expect(error.message).not.toContain("may exist");
    expect(clock.slept).toHaveLength(5);
  });

  it("is told in words where every address of a name fails", async () => {
    const server = await serve(GOOD);
    await closeServers();
    const error = await failed(mintAt(`http://localhost:${server.port}`));
    expect(error).toMatchObject({ code: "connection_failed", failure: { outcome: "NOT_SENT" } });
    expect(error.message).toContain("ECONNREFUSED");
  });
});
