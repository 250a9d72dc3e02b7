import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { performance } from "node:perf_hooks";

import type { FaultAction } from "../../emulator/faults";
import { declare } from "../support/program";
import { Stack } from "../support/stack";

const TIMEOUT_S = 3;
const GRACE_MS = 3_000;
const PROGRAM = declare({
  kind: "PrivateToken",
  name: "server",
  args: { channelIds: [1], scopes: ["Customer"], lifetime: "90d" },
});

/** Passes connections on, and notes from when to when they were open. */
class Relay {
  private spans: { readonly from: number; to?: number }[] = [];
  private readonly sockets = new Set<Socket>();
  private constructor(private readonly server: Server) {}

  static async to(url: string): Promise<Relay> {
    const server = createServer();
    const relay = new Relay(server);
    server.on("connection", (near: Socket) => {
      relay.pass(near, connect(Number(new URL(url).port), "127.0.0.1"));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return relay;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  forget(): void {
    this.spans = [];
  }

  /** Milliseconds from the first connection to the end of the last one. */
  took(): number {
    const { spans } = this;
    expect(spans.length).toBeGreaterThan(0);
    return Math.max(...spans.map(({ to = Infinity }) => to)) - Math.min(...spans.map(({ from }) => from));
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private pass(near: Socket, far: Socket): void {
    const span: { from: number; to?: number } = { from: performance.now() };
    this.spans.push(span);
    for (const [one, other] of [[near, far], [far, near]] as const) {
      this.sockets.add(one);
      one.on("error", () => undefined);
      one.on("close", () => {
        other.destroy();
        this.sockets.delete(one);
      });
    } // prettier-ignore
    near.on("close", () => (span.to = performance.now()));
    near.pipe(far).pipe(near);
  }
}

describe("a provider process that has three seconds for an operation", () => {
  let stack: Stack;
  let relay: Relay;
  beforeAll(async () => {
    stack = await Stack.start(PROGRAM);
    relay = await Relay.to(stack.emulator.url);
    stack.env["BIGCOMMERCE_API_URL"] = relay.url;
    stack.env["BIGCOMMERCE_TIMEOUT_S"] = String(TIMEOUT_S);
  });
  afterAll(async () => {
    await relay.close();
    await stack.close();
  });

  const inTime = () => {
    expect(relay.took()).toBeLessThan(TIMEOUT_S * 1_000 + GRACE_MS);
  };
  const FAULTS: readonly (readonly [string, FaultAction])[] = [
    ["[N5] no answer", { kind: "hang" }],
    ["[N8,N9] an answer a byte at a time", { kind: "drip", everyMs: 40 }],
  ];

  it.each(FAULTS)("%s: a mint ends in time, and says what may be left", async (_, fault) => {
    relay.forget();
    stack.emulator.faults.push({ ...fault, times: Infinity });
    const output = await stack.upFails();
    stack.emulator.faults.clear();
    expect(output).toMatch(/no complete reply came in time \[UNKNOWN/);
    expect(output).toContain("may exist");
    inTime();
  });

  it.each(FAULTS)("%s: a revocation ends in time, and the token stays in the state", async (_, fault) => {
    await stack.up();
    relay.forget();
    stack.emulator.faults.push({ ...fault, times: Infinity });
    const output = await stack.fails("destroy", "--yes", "--skip-preview");
    stack.emulator.faults.clear();
    expect(output).toMatch(/no complete reply came in time \[UNKNOWN/);
    expect(await stack.tokens()).toHaveLength(1);
    inTime();
  });
});
