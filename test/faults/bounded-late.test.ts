import type { Socket } from "node:net";
import { TOKEN } from "../client/fixtures";
import { observe, type Observed, type Plan } from "../client/observed";
import { closeServers, minted, reply, serve, type Step } from "../client/servers";

const TIMEOUT_MS = 300;

const OPEN = minted(TOKEN, { Connection: "keep-alive" });

/** What is still to come. A request shows that the operation before it is over. */
const open: (() => void)[] = [];

/** What comes when nobody waits any more. */
const late =
  (atOnce: string, act: (socket: Socket) => void): ((socket: Socket) => void) =>
  (socket) => {
    socket.write(atOnce);
    open.push(() => {
      act(socket);
    });
  };

const AFTER_DEADLINE: Readonly<Record<string, Step>> = {
  reply: late("", (socket) => socket.end(minted(TOKEN))),
  rest: late(minted(TOKEN).slice(0, -9), (socket) => socket.end(minted(TOKEN).slice(-9))),
  reset: late("", (socket) => socket.resetAndDestroy()),
  resetinbody: late(minted(TOKEN).slice(0, -9), (socket) => socket.resetAndDestroy()),
  noise: late("", (socket) => socket.end("no HTTP at all")),
};

const AFTER_REPLY: Readonly<Record<string, Step>> = {
  settledreset: (socket) => socket.write(OPEN, () => socket.resetAndDestroy()),
  settledlate: late(OPEN, (socket) => socket.resetAndDestroy()),
  settlednoise: (socket) => socket.write(`${OPEN}${"noise ".repeat(999)}`),
  settledtwice: (socket) => socket.write(`${OPEN}${OPEN}`),
  settledopen: (socket) => socket.write(OPEN),
  refusedreset: (socket) => socket.write(reply(400, "{}"), () => socket.resetAndDestroy()),
};

describe("what a socket does when nobody waits for it any more", () => {
  let seen: Observed;
  const faults = { ...AFTER_DEADLINE, ...AFTER_REPLY };
  const operations: Plan["operations"] = [...Object.keys(faults), "last"].flatMap((store) => [
    { method: "mint", store },
    { method: "revoke", store },
  ]);
  const told = (store: string) => seen.told.filter((_, at) => operations[at]?.store === store);

  beforeAll(async () => {
    const { url } = await serve((socket, request) => {
      for (const act of open.splice(0)) act();
      const step = faults[/\/stores\/(\w+)\//.exec(request)?.[1] ?? ""] ?? minted(TOKEN);
      if (typeof step === "function") step(socket, request);
      else socket.end(step);
    });
    seen = await observe({ url, timeoutMs: TIMEOUT_MS, operations, lingerMs: 500 });
  });
  afterAll(closeServers);

  it.each(Object.keys(AFTER_DEADLINE))("[N20] a late %s changes nothing: the outcome is unknown", (store) => {
    expect(told(store)).toEqual([
      { code: "timeout", outcome: "UNKNOWN", ms: expect.any(Number) as number },
      { code: "timeout", outcome: "UNKNOWN", ms: expect.any(Number) as number },
    ]);
    for (const { ms } of told(store)) expect(ms).toBeLessThan(TIMEOUT_MS + 100);
  });

  it("[N20,N23] is heard by no one: no uncaught exception, no unhandled rejection, no warning", () => {
    expect(seen.strays).toEqual([]);
  });

  it("[N23] leaves a whole reply what it is, unless the connection broke before it was read", () => {
    for (const store of ["settledlate", "settledtwice", "settledopen"]) {
      expect(told(store).map(({ code }) => code)).toEqual(["success", "success"]);
    }
    // Neither length nor content is to be trusted where more follows that is no HTTP.
    expect(told("settlednoise").map(({ outcome }) => outcome)).toEqual(["UNKNOWN", "UNKNOWN"]);
    for (const { code } of told("settledreset")) expect(["success", "connection_failed"]).toContain(code);
    for (const { code } of told("refusedreset")) expect(["rejected", "connection_failed"]).toContain(code);
  });
});

it("an uncaught exception and an unhandled rejection would be seen", async () => {
  const { url } = await serve(minted(TOKEN));
  const { strays } = await observe({
    url,
    timeoutMs: TIMEOUT_MS,
    operations: [{ method: "stray", store: "a" }],
  });
  await closeServers();
  expect(strays).toEqual(["unhandledRejection: Error: unhandled", "uncaughtException: Error: uncaught"]);
});
