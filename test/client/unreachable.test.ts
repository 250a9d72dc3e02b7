// Loaded before anything is broken: only the request itself meets the fault.
import "axios";
import dns from "node:dns";
import { Socket } from "node:net";

import { clientWith, failed, fastClock, MINT, REVOKE, targetAt, TOKEN } from "./fixtures";
import { closeServers, minted, reply, serve } from "./servers";

afterEach(async () => {
  jest.restoreAllMocks();
  await closeServers();
});

const HOST = "https://api.example.com";

/** An error as Node's own calls into the system report it. */
function systemError(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code} of ${TOKEN}`), { code });
}

type Lookup = (name: string, options: object, done: (...answer: unknown[]) => void) => void;

/** Every name leads to what is given: to addresses, or to an error. */
function resolveTo(answer: readonly string[] | NodeJS.ErrnoException) {
  const lookup: Lookup = (_name, options, done) => {
    const addresses = answer instanceof Error ? [] : answer.map((address) => ({ address, family: 4 }));
    const isAll = (options as { all?: boolean }).all === true;
    const results = isAll ? [addresses] : [addresses[0]?.address, 4];
    process.nextTick(() => {
      if (answer instanceof Error) done(answer);
      else done(null, ...results);
    });
  };
  return jest.spyOn(dns, "lookup").mockImplementation(lookup as never);
}

/** Every connection fails with this, or nothing ever becomes of it. */
function connectTo(error: NodeJS.ErrnoException | undefined) {
  return jest.spyOn(Socket.prototype, "connect").mockImplementation(function (this: Socket) {
    Object.assign(this, { connecting: true });
    if (error) process.nextTick(() => this.destroy(error));
    return this;
  });
}

const attempts = () => {
  const client = clientWith();
  return [() => client.mint(targetAt(HOST), MINT), () => client.revoke([targetAt(HOST)], REVOKE)];
};

describe("a server that cannot be reached: nothing was sent, and it is tried again", () => {
  it.each(["ENOTFOUND", "EAI_AGAIN"])("[N1] %s of its name", async (code) => {
    const lookup = resolveTo(systemError(code));
    for (const attempt of attempts()) {
      const error = await failed(attempt());
      expect(error).toMatchObject({ code: "connection_failed", failure: { outcome: "NOT_SENT" } });
      expect(error.message).toContain(`the connection failed (${code}) [NOT_SENT, 6 attempts]`);
      expect(error.message).not.toContain("may exist");
    }
    expect(lookup).toHaveBeenCalledTimes(12);
  });

  it.each([
    ["N2", "ECONNREFUSED"],
    ["N2", "EHOSTUNREACH"],
    ["N2", "ENETUNREACH"],
    ["N22", "EMFILE"],
    ["N22", "EPIPE"],
  ])("[%s] %s of the connection", async (_row, code) => {
    resolveTo(["127.0.0.1"]);
    const connect = connectTo(systemError(code));
    for (const attempt of attempts()) {
      const error = await failed(attempt());
      expect(error).toMatchObject({ code: "connection_failed", failure: { outcome: "NOT_SENT" } });
      expect(error.message).toContain(`(${code}) [NOT_SENT, 6 attempts]`);
    }
    expect(connect).toHaveBeenCalledTimes(12);
  });

  it("[N4] a connection that nobody answers is given up after ten seconds", async () => {
    resolveTo(["127.0.0.1"]);
    const connect = connectTo(undefined);
    const fast = fastClock({ hurry: 500 });
    const asked: number[] = [];
    const deadline = (ms: number) => {
      asked.push(ms);
      return fast.deadline(ms);
    };
    const error = await failed(
      clientWith({ ...fast, deadline }, 300_000).mint(targetAt("http://localhost:1"), MINT),
    );
    expect(error).toMatchObject({ code: "connection_failed", failure: { outcome: "NOT_SENT" } });
    expect(error.message).toContain("no connection came about in time");
    expect(asked).toContain(10_000);
    expect(connect).toHaveBeenCalledTimes(6);
  });

  it("[N3] every address of its name, told by the code of the first", async () => {
    const gone = await serve(minted(TOKEN));
    await closeServers();
    resolveTo(["127.0.0.1", "127.0.0.2"]);
    const error = await failed(clientWith().mint(targetAt(`http://localhost:${gone.port}`), MINT));
    expect(error).toMatchObject({ code: "connection_failed", failure: { outcome: "NOT_SENT" } });
    expect(error.message).toContain("the connection failed (ECONNREFUSED) [NOT_SENT, 6 attempts]");
  });
});

describe("a connection that stood is another matter", () => {
  /** The first write fails once the connection stands: that of a request, `_writev` where it has a body. */
  const failFirst = (method: "_write" | "_writev", error: NodeJS.ErrnoException) => {
    const write = function (this: Socket, ...rest: unknown[]) {
      const done = rest.at(-1) as (error: Error) => void;
      const fail = () => {
        done(error);
      };
      if (this.connecting) this.once("connect", fail);
      else fail();
    };
    jest.spyOn(Socket.prototype, method as never).mockImplementationOnce(write as never);
  };

  it("[N22] EPIPE leaves a mint unknown, after one attempt", async () => {
    const server = await serve(minted(TOKEN));
    failFirst("_writev", systemError("EPIPE"));
    const error = await failed(clientWith().mint(targetAt(server.url), MINT));
    expect(error).toMatchObject({ code: "connection_failed", failure: { outcome: "UNKNOWN" } });
    expect(error.message).toContain("the connection broke off (EPIPE) [UNKNOWN]");
    expect(server.connections()).toBe(1);
  });

  it("[N22] EPIPE has a revoke sent again", async () => {
    const server = await serve(reply(200));
    failFirst("_write", systemError("EPIPE"));
    await expect(clientWith().revoke([targetAt(server.url)], REVOKE)).resolves.toBeDefined();
    expect(server.connections()).toBe(2);
  });
});
