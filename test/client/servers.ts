import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { createServer as createTlsServer, type TlsOptions } from "node:tls";

/** The bytes of an answer, after which the connection is closed; or what to do with the socket. */
export type Step = string | Buffer | ((socket: Socket, request: string) => void);

export interface TestServer {
  readonly url: string;
  readonly port: number;
  /** Every whole request, as it stood on the wire. */
  readonly requests: string[];
  /** Connections that were ever opened. */
  readonly connections: () => number;
  /** Connections open now. */
  readonly open: () => number;
}

const running: { server: Server; sockets: Set<Socket> }[] = [];

/** Answers the first request with the first step and so on; the last step answers all that follow. */
export function serve(...steps: Step[]): Promise<TestServer> {
  const requests: string[] = [];
  return listen(createServer(), "http", requests, (socket) => {
    answer(socket, requests, steps);
  });
}

export function serveTls(options: TlsOptions, ...steps: Step[]): Promise<TestServer> {
  const requests: string[] = [];
  return listen(createTlsServer(options), "https", requests, (socket) => {
    answer(socket, requests, steps);
  });
}

/** Hands over each connection as it comes, before anything was read. */
export function serveConnections(
  onConnection: (socket: Socket) => void,
  scheme = "http",
): Promise<TestServer> {
  return listen(createServer(), scheme, [], onConnection);
}

/** For `afterEach`: nothing outlives a test. */
export async function closeServers(): Promise<void> {
  await Promise.all(
    running.splice(0).map(({ server, sockets }) => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(resolve));
    }),
  );
}

/** No connection outlives its operation; closing takes its time on a busy machine. */
export async function expectClosed(server: TestServer): Promise<void> {
  const end = performance.now() + 5_000;
  while (server.open() > 0 && performance.now() < end) await new Promise(setImmediate);
  expect(server.open()).toBe(0);
}

export function reply(status: number, body: unknown = "", headers: Record<string, string> = {}): string {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const all = {
    "Content-Type": "application/json",
    "Content-Length": String(Buffer.byteLength(text)),
    Connection: "close",
    ...headers,
  };
  return `HTTP/1.1 ${status} Some Words\r\n${Object.entries(all)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join("")}\r\n${text}`;
}

export function minted(token: unknown, headers: Record<string, string> = {}): string {
  return reply(200, { data: { token }, meta: {} }, headers);
}

export function problem(status: number, title: string, more: Record<string, unknown> = {}): string {
  return reply(status, { status, title, type: "https://developer.bigcommerce.com/api-docs", ...more });
}

export const hang: Step = () => undefined;
export const reset: Step = (socket) => socket.resetAndDestroy();
export const cut =
  (bytes: string): Step =>
  (socket) => {
    socket.write(bytes, () => socket.destroy());
  };

/** GraphQL accepts every token, unless a test says otherwise. */
const ALIVE = reply(200, { data: { site: { settings: { storeName: "A shop" } } } });

async function listen(
  server: Server,
  scheme: string,
  requests: string[],
  onConnection: (socket: Socket) => void,
): Promise<TestServer> {
  const sockets = new Set<Socket>();
  let connections = 0;
  server.on("connection", (socket: Socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => sockets.delete(socket));
    if (scheme === "http" || server.constructor === createServer().constructor) onConnection(socket);
  });
  server.on("secureConnection", (socket: Socket) => {
    socket.on("error", () => undefined);
    onConnection(socket);
  });
  running.push({ server, sockets });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const url = `${scheme}://127.0.0.1:${port}`;
  return { url, port, requests, connections: () => connections, open: () => sockets.size };
}

function answer(socket: Socket, requests: string[], steps: readonly Step[]): void {
  let text = "";
  socket.on("data", (chunk) => {
    text += chunk.toString("latin1");
    if (!isWhole(text)) return;
    if (text.startsWith("POST /graphql ")) return void socket.end(ALIVE);
    const step = steps[Math.min(requests.length, steps.length - 1)]!;
    requests.push(text);
    if (typeof step === "function") step(socket, text);
    else socket.end(step);
  });
}

function isWhole(text: string): boolean {
  const end = text.indexOf("\r\n\r\n");
  const length = Number(/\r\ncontent-length: (\d+)/i.exec(text)?.[1] ?? 0);
  return end >= 0 && text.length >= end + 4 + length;
}
