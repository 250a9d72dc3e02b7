import { connect } from "node:net";
import { performance } from "node:perf_hooks";

import { at, call, claimsOf, countTimers, graphql, mint, minted, NOW, perTest, revoke } from "./support";

const emulator = perTest();

/** How an answer failed to arrive: Node's error code. */
async function failure(reply: Promise<unknown>): Promise<string> {
  return reply.then(
    () => "answered",
    (error: unknown) => (error as NodeJS.ErrnoException).code ?? String(error),
  );
}

/** Resolves once the emulator has met the request; what it answers is not waited for. */
async function afterMeeting(reply: Promise<unknown>, count: number): Promise<void> {
  reply.catch(() => undefined);
  while (emulator.it.requests.filter((request) => request.fault !== undefined).length < count) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe("a fault that takes the place of the work", () => {
  it("answers a status with the fields it names, and none of its own rate limits", async () => {
    emulator.it.faults.push({
      kind: "status",
      status: 429,
      headers: { "X-Retry-After": "2" },
      body: { title: "slow" },
    });
    const reply = await mint(emulator.it);
    expect([reply.status, reply.json, reply.headers["x-retry-after"]]).toEqual([429, { title: "slow" }, "2"]);
    expect(reply.headers).not.toHaveProperty("x-rate-limit-time-reset-ms");
    expect(emulator.it.issued).toEqual([]);
    expect(emulator.it.requests[0]).toMatchObject({ status: 429, fault: "status" });
  });

  it("sends text as it is, and no body where none is named", async () => {
    const headers = { "content-type": "text/html" };
    emulator.it.faults.push({ kind: "status", status: 502, headers, body: "<html>" });
    emulator.it.faults.push({ kind: "status", status: 503 });
    const [page, empty] = [await mint(emulator.it), await mint(emulator.it)];
    expect([page.text, page.headers["content-type"]]).toEqual(["<html>", "text/html"]);
    expect([empty.text, empty.headers["content-length"]]).toEqual(["", "0"]);
    expect(empty.headers).not.toHaveProperty("content-type");
  });

  it("redirects", async () => {
    emulator.it.faults.push({ kind: "redirect", location: "http://127.0.0.1:1/elsewhere" });
    emulator.it.faults.push({ kind: "redirect", location: "/", status: 303 });
    const [first, second] = [await mint(emulator.it), await mint(emulator.it)];
    expect([first.status, first.headers.location]).toEqual([307, "http://127.0.0.1:1/elsewhere"]);
    expect([second.status, emulator.it.issued.length]).toEqual([303, 0]);
  });

  it("resets the connection before the work", async () => {
    emulator.it.faults.push({ kind: "reset-before" });
    expect(await failure(mint(emulator.it))).toBe("ECONNRESET");
    expect(emulator.it.issued).toEqual([]);
    expect(emulator.it.requests[0]!.status).toBeUndefined();
    expect(emulator.it.requests[0]!.body).toMatchObject({ channel_ids: [1] });
  });

  it("hangs without doing the work", async () => {
    emulator.it.faults.push({ kind: "hang" });
    await afterMeeting(mint(emulator.it), 1);
    expect([emulator.it.issued.length, emulator.it.requests[0]!.status]).toEqual([0, undefined]);
  });

  it("writes bytes that are no HTTP", async () => {
    emulator.it.faults.push({ kind: "raw", bytes: "SSH-2.0-OpenSSH_9\r\n" });
    expect(await failure(mint(emulator.it))).toMatch(/^HPE_/);
    expect(emulator.it.issued).toEqual([]);
  });
});

describe("a fault after the work", () => {
  it("resets the connection instead of answering", async () => {
    emulator.it.faults.push({ kind: "reset-after" });
    expect(await failure(mint(emulator.it))).toBe("ECONNRESET");
    expect(emulator.it.issued).toHaveLength(1);
    expect(emulator.it.requests[0]).toMatchObject({ status: undefined, fault: "reset-after" });
  });

  it("hangs instead of answering", async () => {
    emulator.it.faults.push({ kind: "hang-after" });
    await afterMeeting(mint(emulator.it), 1);
    expect([emulator.it.issued.length, emulator.it.requests[0]!.status]).toEqual([1, undefined]);
  });

  it.each([0, 1, 200])("cuts the body after %i bytes", async (bytes) => {
    emulator.it.faults.push({ kind: "truncate", bytes });
    expect(await failure(mint(emulator.it))).toBe("ECONNRESET");
    expect(emulator.it.issued).toHaveLength(1);
    expect(emulator.it.requests[0]!.status).toBeUndefined();
  });

  it("sends the length of the whole body and half of it where it is cut without a number", async () => {
    emulator.it.faults.push({ kind: "truncate" });
    const response = await fetch(`${emulator.it.url}${at("api-token")}`, {
      method: "POST",
      headers: { "x-auth-token": "access-a", "content-type": "application/json" },
      body: JSON.stringify({ channel_ids: [1], expires_at: NOW + 60 }),
    });
    const whole = Number(response.headers.get("content-length"));
    let received = 0;
    const read = async () => {
      for await (const chunk of response.body!) received += (chunk as Uint8Array).length;
    };
    await expect(read()).rejects.toThrow();
    expect(received).toBe(Math.floor(whole / 2));
  });

  it("drips the whole answer, a few bytes at a time", async () => {
    emulator.it.faults.push({ kind: "drip", bytes: 100, everyMs: 1 });
    const reply = await mint(emulator.it);
    expect(reply.json.data!.token).toBe(emulator.it.issued[0]!.token);
    expect(emulator.it.requests[0]!.status).toBe(200);
  });

  it("stops dripping when the client goes away", async () => {
    const timersBefore = countTimers();
    emulator.it.faults.push({ kind: "drip", bytes: 50, everyMs: 1 });
    const socket = connect(Number(new URL(emulator.it.url).port), "127.0.0.1");
    socket.write(
      `GET ${at("api-token")} HTTP/1.1\r\nHost: ${new URL(emulator.it.url).host}\r\nAccept: */*\r\nX-Auth-Token: access-a\r\n\r\n`,
    );
    await new Promise((resolve) => socket.once("data", resolve));
    socket.destroy();
    while (countTimers() > timersBefore) await new Promise((resolve) => setImmediate(resolve));
    expect(emulator.it.requests[0]).toMatchObject({ status: undefined, fault: "drip" });
  });

  it("answers with other fields", async () => {
    const reply = {
      status: 201,
      headers: { "X-Request-Id": undefined, Date: undefined, "Content-Type": "text/plain" },
      body: "text",
    };
    emulator.it.faults.push({ kind: "reply", reply });
    const answer = await mint(emulator.it);
    expect([answer.status, answer.text, answer.headers["content-type"]]).toEqual([201, "text", "text/plain"]);
    expect(answer.headers).not.toHaveProperty("x-request-id");
    expect(answer.headers).not.toHaveProperty("date");
    expect(answer.headers).toHaveProperty("x-rate-limit-requests-left", "149");
    expect(emulator.it.issued).toHaveLength(1);
  });

  it("rewrites the good answer", async () => {
    emulator.it.faults.push({
      kind: "reply",
      reply: ({ status, body }) => ({ body: { ...(body as object), was: status } }),
    });
    const { json } = await mint(emulator.it);
    expect(json).toEqual({ data: { token: emulator.it.issued[0]!.token }, meta: {}, was: 200 });
  });

  it("takes a body of undefined for none", async () => {
    emulator.it.faults.push({ kind: "reply", reply: { body: undefined } });
    expect((await mint(emulator.it)).text).toBe("");
  });
});

describe("altered claims", () => {
  it("are merged over the usual ones and believed by the store", async () => {
    emulator.it.faults.push({
      kind: "claims",
      claims: { eat: NOW + 60, iat: NOW - 5, cid: [1, 2], jti: undefined, extra: "x" },
    });
    const token = await minted(emulator.it, "private");
    expect(claimsOf(token.token)).toMatchObject({ eat: NOW + 60, cid: [1, 2], extra: "x", sub: "client-a" });
    expect(claimsOf(token.token)).not.toHaveProperty("jti");
    expect(token).toMatchObject({ expiresAt: NOW + 60, issuedAt: NOW - 5, channelIds: [1, 2] });
    expect(token).not.toHaveProperty("jti");
    expect((await revoke(emulator.it, token.token)).status).toBe(200);
  });

  it("leave the requested expiry in force where the claim is deleted", async () => {
    emulator.it.faults.push({ kind: "claims", claims: { eat: undefined } });
    const token = await minted(emulator.it, "private", { expires_at: NOW + 60 });
    expect(token.expiresAt).toBe(NOW + 60);
    emulator.it.clock.advance(60);
    expect((await graphql(emulator.it, token.token)).text).toContain("JWT is expired");
  });

  it("wait for a create", async () => {
    emulator.it.faults.push({ kind: "claims", claims: { extra: 1 } });
    await call(emulator.it, "GET", at("api-token"));
    expect(claimsOf((await minted(emulator.it)).token)).toHaveProperty("extra", 1);
  });

  it("combine with a fault of the answer", async () => {
    emulator.it.faults.push({ kind: "reset-after" });
    emulator.it.faults.push({ kind: "claims", claims: { extra: 1 } });
    await failure(mint(emulator.it));
    expect(claimsOf(emulator.it.issued[0]!.token)).toHaveProperty("extra", 1);
    expect(emulator.it.requests[0]!.fault).toBe("reset-after+claims");
  });
});

describe("a delay", () => {
  it("holds the answer back and changes nothing else", async () => {
    emulator.it.faults.push({ kind: "delay", ms: 40 });
    const started = performance.now();
    expect((await mint(emulator.it)).status).toBe(200);
    expect(performance.now() - started).toBeGreaterThanOrEqual(39);
  });
});

it("notes a reply function that throws as a problem", async () => {
  emulator.expectProblems();
  const reply = () => {
    throw new Error("in the script");
  };
  emulator.it.faults.push({ kind: "reply", reply });
  expect(await failure(mint(emulator.it))).toBe("ECONNRESET");
  expect(emulator.it.requests[0]!.problem).toContain("in the script");
});
