import { connect } from "node:net";

import { startEmulator } from "../../emulator/index";
import { at, call, countTimers, mint, NOW, send, start } from "./support";

const rejection = (promise: Promise<unknown>) =>
  promise.then(
    () => "fulfilled",
    () => "rejected",
  );

describe("the ledger", () => {
  it("records a request whole, query and headers included", async () => {
    const emulator = await start();
    await call(emulator, "GET", `${at("api-token")}?limit=1`, {
      headers: { "x-extra": "é".length.toString() },
    });
    await mint(emulator);
    expect(emulator.requests[0]).toMatchObject({
      method: "GET",
      path: at("api-token"),
      query: "limit=1",
      status: 200,
    });
    expect(emulator.requests[0]!.headers).toMatchObject({ "x-auth-token": "access-a", "x-extra": "1" });
    expect(emulator.requests[0]!.body).toBeUndefined();
    expect(emulator.requests[1]!.body).toEqual({ channel_ids: [1], expires_at: NOW + 86_400 });
    expect(emulator.requests[1]!.arrivedAtMs).toBeGreaterThanOrEqual(emulator.requests[0]!.arrivedAtMs);
    await emulator.close();
  });

  it("keeps text that is no JSON", async () => {
    const emulator = await start();
    await call(emulator, "POST", at("api-token"), { body: "{oops" });
    expect(emulator.requests[0]!.body).toBe("{oops");
    await emulator.close();
  });

  it("shows a request whose body never came", async () => {
    const emulator = await start();
    const socket = connect(Number(new URL(emulator.url).port), "127.0.0.1");
    socket.write(
      `POST ${at("api-token")} HTTP/1.1\r\nHost: ${new URL(emulator.url).host}\r\nAccept: */*\r\nContent-Length: 9\r\n\r\n{`,
    );
    while (emulator.requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
    socket.destroy();
    expect(emulator.requests[0]).toMatchObject({ status: undefined, body: undefined });
    await emulator.close();
  });
});

it("works for a client that went away, and answers nobody", async () => {
  const emulator = await start({ latencyMs: 20 });
  const body = JSON.stringify({ channel_ids: [1], expires_at: NOW + 60 });
  const socket = connect(Number(new URL(emulator.url).port), "127.0.0.1");
  const type = `Content-Type: application/json\r\nContent-Length: ${body.length}`;
  const who = `Host: ${new URL(emulator.url).host}\r\nAccept: */*\r\nX-Auth-Token: access-a`;
  socket.write(`POST ${at("api-token")} HTTP/1.1\r\n${who}\r\n${type}\r\n\r\n${body}`);
  while (emulator.requests[0]?.body === undefined) await new Promise((resolve) => setImmediate(resolve));
  socket.destroy();
  while (emulator.issued.length === 0) await new Promise((resolve) => setImmediate(resolve));
  expect(emulator.requests[0].status).toBeUndefined();
  await emulator.close();
});

describe("reset", () => {
  it("empties the same arrays and forgets faults, quotas and advanced time", async () => {
    const emulator = await start({ quota: { requests: 1, windowMs: 30_000 } });
    const { issued, requests } = emulator;
    await mint(emulator);
    emulator.faults.push({ kind: "status", status: 500 });
    emulator.clock.advance(7);
    emulator.reset();
    expect([issued.length, requests.length, emulator.clock.now()]).toEqual([0, 0, NOW]);
    expect((await mint(emulator)).status).toBe(200);
    expect([issued.length, requests.length]).toEqual([1, 1]);
    await emulator.close();
  });

  it("cuts requests that wait for their answer, which then do no work", async () => {
    const emulator = await start({ latencyMs: 20 });
    const waiting = rejection(mint(emulator));
    while (emulator.requests[0]?.body === undefined) await new Promise((resolve) => setImmediate(resolve));
    emulator.reset();
    expect(await waiting).toBe("rejected");
    await mint(emulator);
    expect(emulator.issued).toHaveLength(1);
    await emulator.close();
  });

  it("forgets problems", async () => {
    const emulator = await start();
    await call(emulator, "GET", "/nowhere");
    emulator.reset();
    await expect(emulator.close()).resolves.toBeUndefined();
  });
});

describe("close", () => {
  it("destroys open connections and takes no new ones", async () => {
    const emulator = await start();
    emulator.faults.push({ kind: "hang" });
    const hanging = rejection(mint(emulator));
    const idle = connect(Number(new URL(emulator.url).port), "127.0.0.1");
    const idleClosed = new Promise((resolve) => idle.on("error", () => undefined).once("close", resolve));
    while (emulator.requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
    await emulator.close();
    await idleClosed;
    expect(await hanging).toBe("rejected");
    await expect(mint(emulator)).rejects.toMatchObject({ code: "ECONNREFUSED" });
  });

  it("ends delays and leaves no timer", async () => {
    const timersBefore = countTimers();
    const emulator = await start({ latencyMs: 60_000 });
    const waiting = rejection(mint(emulator));
    while (emulator.requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
    await emulator.close();
    expect(await waiting).toBe("rejected");
    expect([emulator.issued.length, countTimers()]).toEqual([0, timersBefore]);
  });

  it("rejects with a line per problem, the server being closed all the same", async () => {
    const emulator = await start();
    await mint(emulator, "simple", { nonsense: "hidden-value" });
    await call(emulator, "GET", "/nowhere?key=access-a");
    const error = await emulator.close().catch((caught: unknown) => caught as Error);
    expect(String(error).split("\n").slice(1)).toEqual([
      `  POST ${at("api-token")}: unknown field nonsense`,
      "  GET /nowhere: a token in the query string; unknown route",
    ]);
    expect(String(error)).not.toMatch(/hidden-value|access-a/);
    await expect(mint(emulator)).rejects.toMatchObject({ code: "ECONNREFUSED" });
    await expect(emulator.close()).resolves.toBeUndefined();
  });

  it("resolves where the problems are allowed", async () => {
    const emulator = await start();
    await call(emulator, "GET", "/nowhere");
    await expect(emulator.close({ allowProblems: true })).resolves.toBeUndefined();
  });
});

describe("options", () => {
  const account = { clientId: "c", accessToken: "t", scopes: [] };
  const good = { generation: 1 as const, stores: [{ hash: "abc", accounts: [account] }] };

  it("listen on loopback, on a port of the caller's choice", async () => {
    const first = await startEmulator(good);
    expect(first.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const port = Number(new URL(first.url).port);
    const elsewhere = send(`http://127.0.0.2:${port}/`, "GET", {});
    await expect(elsewhere).rejects.toMatchObject({
      code: expect.stringMatching(/ECONNREFUSED|EADDRNOTAVAIL/),
    });
    await expect(startEmulator({ ...good, port })).rejects.toMatchObject({ code: "EADDRINUSE" });
    await first.close();
    const second = await startEmulator({ ...good, port });
    expect(second.url).toBe(first.url);
    await second.close();
  });

  it.each<[string, object]>([
    ["a third generation", { generation: 3 }],
    ["no store", { stores: [] }],
    ["a hash in capitals", { stores: [{ hash: "ABC", accounts: [] }] }],
    ["two stores of one hash", { stores: [...good.stores, ...good.stores] }],
    ["one access token for two accounts", { stores: [{ hash: "abc", accounts: [account, account] }] }],
    ["an empty quota", { quota: { requests: 0, windowMs: 1 } }],
    ["a negative latency", { latencyMs: -1 }],
  ])("refuse %s", async (_name, wrong) => {
    await expect(startEmulator({ ...good, ...wrong })).rejects.toThrow(TypeError);
  });
});
