// Loaded before the clock runs, which is the time of a request and not of loading.
import "axios";
import { ApiError } from "../../provider/bigcommerce/errors";
import { openBlackHole } from "../client/black-hole";
import {
  clientWith,
  CREDENTIAL,
  expectNoLeak,
  failed,
  fastClock,
  MINT,
  REVOKE,
  targetAt,
  TOKEN,
} from "../client/fixtures";
import { drip, flood, GZIP, trickle } from "../client/floods";
import {
  expectClosed,
  closeServers,
  hang,
  minted,
  problem,
  reply,
  reset,
  serve,
  serveConnections,
  type Step,
} from "../client/servers";
import { restoreEnv, setEnv } from "../client/trusting-process";
import { LONG, ownTime } from "../support/own-time";

const TIMEOUT_MS = 800;
const GRACE_MS = 3_000;

afterEach(async () => {
  restoreEnv();
  await closeServers();
});

const LISTED = {
  spentMs: 0,
  queuedMs: 0,

  newName: () => "label#0123456789abcdef0123456789abcdef",
};

/** Everything that goes over the network. */
const OPERATIONS = {
  detect: (client, target) => client.detect(target, MINT.family),
  mint: (client, target) => client.mint(target, MINT),
  "mint where there is a list": (client, target) => client.mint(target, MINT, LISTED),
  revoke: (client, target) => client.revoke([target], REVOKE),
  "revoke by jti": (client, target) => client.revoke([target], { ...REVOKE, jti: "a-b-c" }),
} satisfies Record<
  string,
  (client: ReturnType<typeof clientWith>, target: ReturnType<typeof targetAt>) => Promise<unknown>
>;

/** Waits and deadlines take as long as they say, in this process's own time. */
function patientClock() {
  const { now, deadline } = ownTime(LONG);
  return {
    ...fastClock(),
    monotonic: now,
    deadline,
    sleep: (ms: number, signal: AbortSignal) =>
      new Promise<void>((resolve, reject) => {
        signal.throwIfAborted();
        deadline(ms).addEventListener("abort", () => {
          resolve();
        });
        signal.addEventListener("abort", () => {
          reject(new Error("aborted"));
        });
      }),
  };
}

/** The codes of all operations at once, each with a client of its own; each must end in time. */
async function codesAt(url: string): Promise<Record<keyof typeof OPERATIONS, string>> {
  // The signals of deadlines do not hold the process.
  const hold = setInterval(() => undefined, 1_000);
  const ended = await Promise.all(
    Object.entries(OPERATIONS).map(async ([name, operation]) => {
      const clock = patientClock();
      const code = await operation(clientWith(clock, TIMEOUT_MS), targetAt(url)).then(
        () => "done",
        (error: unknown) => {
          if (!(error instanceof ApiError)) throw error;
          expectNoLeak(error, [CREDENTIAL, TOKEN]);
          return `${error.code} ${error.failure.outcome}`;
        },
      );
      return { name, code, ms: clock.monotonic() };
    }),
  );
  clearInterval(hold);
  for (const { name, ms } of ended) {
    if (ms >= TIMEOUT_MS + GRACE_MS) throw new Error(`${name} took ${ms} ms`);
  }
  return Object.fromEntries(ended.map(({ name, code }) => [name, code])) as never;
}

const GOOD = minted(TOKEN);
const BODY = JSON.stringify({ data: { token: TOKEN }, meta: {} });
const OK = "HTTP/1.1 200 OK\r\n";
const CHUNKED = `${OK}Transfer-Encoding: chunked\r\n\r\n`;
const tooMany = (headers: Record<string, string>) => reply(429, "", { ...headers, "Content-Length": "9" });
const TIMEOUT = "timeout UNKNOWN";

describe("every operation ends in time after", () => {
  it.each<[string, string, Step]>([
    ["[N5] no answer", TIMEOUT, hang],
    ["[N5] half an answer, and nothing more", TIMEOUT, (socket) => socket.write(GOOD.slice(0, -9))],
    ["[N5] 100 Continue, and nothing more", TIMEOUT, (socket) => socket.write("HTTP/1.1 100 Continue\r\n\r\n")],
    ["[N8] a head that drips", TIMEOUT, trickle(GOOD)],
    ["[N8] headers that drip without end", TIMEOUT, drip(OK, "X-A: b\r\n")],
    ["[N8] a header that drips without end", TIMEOUT, drip(`${OK}X-A: `, "b")],
    ["[N8] a status line that drips without end", TIMEOUT, drip("HTTP/1.1 200 ", "O")],
    ["[N8] empty lines that drip without end", TIMEOUT, drip("", "\r\n")],
    ["[N8] 103 Early Hints that drip without end", TIMEOUT, drip("", "HTTP/1.1 103 Hints\r\nLink: </a>\r\n\r\n")],
    ["[N9] a body that drips", TIMEOUT, trickle(BODY, GOOD.slice(0, -BODY.length))],
    ["[N9] a body without a length that drips without end", TIMEOUT, drip(`${OK}\r\n`, " ")],
    ["[N9] chunks that drip without end", TIMEOUT, drip(CHUNKED, "1\r\nx\r\n")],
    ["[N9] a chunk's extension that drips without end", TIMEOUT, drip(`${CHUNKED}1;a=`, "b")],
    ["[N9] trailers that drip without end", TIMEOUT, drip(`${CHUNKED}0\r\n`, "X-A: b\r\n")],
    ["[N9] gzip that drips and yields nothing", TIMEOUT, drip(GZIP, Buffer.from("000000ffff", "hex"))],
    ["[N9] a refusal whose body drips without end", "unauthorized REJECTED", drip("HTTP/1.1 401 No\r\n\r\n", "x")],
    ["[N9,L10] 429 whose body drips without end", "rate_limited REJECTED", drip("HTTP/1.1 429 No\r\nX-Rate-Limit-Time-Reset-Ms: 50\r\n\r\n", "x")],
    ["[N9,L10] 429 whose body drips, again and again", "rate_limited REJECTED", trickle("123456789", tooMany({ "X-Rate-Limit-Time-Reset-Ms": "50" }))],
    ["[L10] 429 for ever", "rate_limited REJECTED", tooMany({ "Retry-After": "0", "Content-Length": "0" })],
    ["[L7] 429 that asks for an hour", "rate_limited REJECTED", tooMany({ "Retry-After": "3600", "Content-Length": "0" })],
    ["[H11,R7] 503 for ever", "server_error UNKNOWN", problem(503, "down")],
    ["[N6,R7] a reset for ever", "connection_failed UNKNOWN", reset],
    ["[N16] a body without end", "reply_malformed UNKNOWN", flood(`${OK}\r\n`, "x".repeat(16_384))],
  ])("%s", async (_, expected, fault) => {
    const server = await serve(fault);
    const { detect, ...codes } = await codesAt(server.url);
    expect(detect).toBe("done");
    // The last attempt of several may be cut off by the deadline.
    for (const code of Object.values(codes)) expect([expected, TIMEOUT]).toContain(code);
    await expectClosed(server);
  }); // prettier-ignore

  it("[N5] no answer to the TLS handshake", async () => {
    const server = await serveConnections((socket) => socket.resume(), "https");
    expect(Object.values(await codesAt(server.url))).toEqual(["done", ...unsent(4)]);
    await expectClosed(server);
  });

  it.each<[string, Step]>([
    ["[N5] no answer", hang],
    ["[N8] an answer without end", flood("HTTP/1.1 200 OK\r\n", "X-A: b\r\n".repeat(999))],
    ["[N8] an answer that drips", drip("HTTP/1.1 200 OK\r\n", "X-A: b\r\n")],
  ])("%s of a proxy to CONNECT, and ends the connection to it", async (_, fault) => {
    const proxy = await serve(fault);
    setEnv({ HTTPS_PROXY: proxy.url, https_proxy: proxy.url, NO_PROXY: "", no_proxy: "" });
    expect(Object.values(await codesAt("https://127.0.0.1:1"))).toEqual(["done", ...unsent(4)]);
    await expectClosed(proxy);
  });

  it.each(["http", "https"] as const)("[N4] no connection, over %s", async (scheme) => {
    const hole = await openBlackHole(scheme);
    try {
      expect(Object.values(await codesAt(hole.url))).toEqual(["done", ...unsent(4)]);
    } finally {
      hole.close();
    }
  });
});

it("[N4] no connection is waited for longer than 10 s, and the next attempt is another one", async () => {
  const hole = await openBlackHole();
  // Two hundred times as fast: 10 s are 50 ms, and the operation has 1.5 s.
  const client = clientWith(fastClock({ hurry: 200 }), 300_000);
  const hold = setInterval(() => undefined, 1_000);
  try {
    const error = await failed(client.mint(targetAt(hole.url), MINT));
    expect(error).toMatchObject({ code: "connection_failed", failure: { outcome: "NOT_SENT" } });
    expect(error.message).toContain("no connection came about in time [NOT_SENT, 6 attempts]");
  } finally {
    clearInterval(hold);
    hole.close();
  }
});

/** Not one byte left; whether the attempt's or the operation's time is up first, is the same moment. */
function unsent(times: number): unknown[] {
  return Array.from(
    { length: times },
    () => expect.stringMatching(/^(timeout|connection_failed) NOT_SENT$/) as unknown,
  );
}
