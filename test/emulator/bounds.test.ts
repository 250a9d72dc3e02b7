import { MAX_BODY_BYTES } from "../../emulator/body";
import { createLedger, MAX_KEPT_BYTES, MAX_REQUESTS } from "../../emulator/ledger";
import { at, call, minted, perTest } from "./support";

type Opened = Parameters<ReturnType<typeof createLedger>["open"]>;

/** A request as the ledger opens it, from no socket. */
const arriving = (path: string): Opened =>
  [
    { url: path, method: "POST", headers: {}, rawHeaders: ["Accept", "*/*"] },
    { once: () => undefined, destroy: () => undefined },
  ] as unknown as Opened;

describe("the ledger", () => {
  it("keeps the latest requests, and no more of them however many there are", () => {
    const ledger = createLedger();
    const { requests } = ledger;
    for (let count = 0; count < MAX_REQUESTS + 500; count += 1) ledger.open(...arriving(`/${count}`));
    expect(requests).toHaveLength(MAX_REQUESTS);
    expect([requests[0]!.path, requests.at(-1)!.path]).toEqual(["/500", `/${MAX_REQUESTS + 499}`]);
    expect(ledger.requests).toBe(requests);
  });

  it("keeps the latest bytes, and no more of them however large the requests are", () => {
    const ledger = createLedger();
    const text = "x".repeat(MAX_BODY_BYTES);
    for (let count = 0; count < 400; count += 1) {
      ledger.recordBody(ledger.open(...arriving(`/${count}`)), `${text.slice(1)}${count % 10}`);
    }
    const kept = ledger.requests.reduce((sum, { body }) => sum + String(body).length, 0);
    expect(kept).toBeLessThanOrEqual(MAX_KEPT_BYTES);
    expect(kept).toBeGreaterThan(MAX_KEPT_BYTES / 2);
    expect(ledger.requests.at(-1)!.path).toBe("/399");
  });

  it("counts what stands in paths and queries, too", () => {
    const ledger = createLedger();
    const long = "x".repeat(15_000);
    for (let count = 0; count < 2_000; count += 1) ledger.open(...arriving(`/${long}?${count}`));
    expect(ledger.requests.length).toBeLessThanOrEqual(MAX_KEPT_BYTES / long.length);
    expect(ledger.requests.at(-1)!.query).toBe("1999");
  });

  it("leaves a request forgotten whose body comes later", () => {
    const ledger = createLedger();
    const first = ledger.open(...arriving("/first"));
    for (let count = 0; count < MAX_REQUESTS; count += 1) ledger.open(...arriving("/"));
    ledger.recordBody(first, "late");
    expect(ledger.requests).toHaveLength(MAX_REQUESTS);
    expect(ledger.requests).not.toContain(first);
  });

  it("remembers that there were problems, tells the first of them, and counts the rest", () => {
    const ledger = createLedger();
    for (let count = 0; count < MAX_REQUESTS + 500; count += 1)
      ledger.addProblem(ledger.open(...arriving(`/${count}`)), "strange");
    const lines = (ledger.problems() ?? "").split("\n");
    expect(lines).toHaveLength(102);
    expect(lines.slice(1, 3)).toEqual(["  POST /0: strange", "  POST /1: strange"]);
    expect(lines.at(-1)).toBe(`  and ${MAX_REQUESTS + 400} more`);
    ledger.reset();
    expect([ledger.problems(), ledger.requests]).toEqual([undefined, []]);
    for (let count = 0; count < 3; count += 1) ledger.open(...arriving("/"));
    expect(ledger.requests).toHaveLength(3);
  });
}); // prettier-ignore

describe("a request of a client", () => {
  const emulator = perTest();

  it("is one of many large ones, of which the latest are kept", async () => {
    const body = "x".repeat(MAX_BODY_BYTES - 1);
    for (let count = 0; count < 20; count += 1) await call(emulator.it, "POST", at("api-token"), { body });
    const { requests } = emulator.it;
    expect(requests).toHaveLength(15);
    const bodies = requests.reduce((sum, request) => sum + String(request.body).length, 0);
    expect(bodies).toBeLessThanOrEqual(MAX_KEPT_BYTES);
  });

  it("with too large a body is read to its end, answered 413, and noted", async () => {
    emulator.expectProblems();
    const reply = await call(emulator.it, "POST", at("api-token"), { body: "x".repeat(MAX_BODY_BYTES + 1) });
    expect(reply.status).toBe(413);
    expect(emulator.it.requests).toMatchObject([{ status: 413, body: undefined }]);
    expect(emulator.it.requests[0]!.problem).toBe("a body of more than 1048576 bytes");
    expect((await minted(emulator.it)).type).toBe("simple");
  });

  it("names a field of any length or kind in one short line of close()", async () => {
    emulator.expectProblems();
    const body = { [`\u001b[2J\nx${"y".repeat(100_000)}`]: 1 };
    await call(emulator.it, "POST", at("api-token"), { body });
    const error = await emulator.it.close().catch((caught: unknown) => caught as Error);
    const lines = String(error).split("\n");
    expect(lines).toHaveLength(2);
    expect(lines[1]).toMatch(/^ {2}POST \/stores\S+: unknown field \?\[2J\?xy+$/);
    expect(lines[1]!.length).toBeLessThan(500);
  });
});
