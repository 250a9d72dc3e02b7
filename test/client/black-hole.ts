import { type ChildProcess, spawn } from "node:child_process";
import { connect, type Socket } from "node:net";

export interface BlackHole {
  readonly url: string;
  close(): void;
}

/** Listens, and never takes a connection from the queue: its process stands still. */
const SCRIPT = `
  require("node:net").createServer().listen({ port: 0, host: "127.0.0.1", backlog: 1 }, function () {
    require("node:fs").writeSync(1, String(this.address().port));
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 120000);
  });
`;

/** A port of loopback that neither accepts nor refuses connections, because its queue is full. */
export async function openBlackHole(scheme: "http" | "https" = "http"): Promise<BlackHole> {
  const child = spawn(process.execPath, ["-e", SCRIPT], { stdio: ["ignore", "pipe", "inherit"] });
  const sockets: Socket[] = [];
  const close = (): void => {
    for (const socket of sockets) socket.destroy();
    child.kill("SIGKILL");
  };
  try {
    const port = await portOf(child);
    while (await fills(port, sockets));
    return { url: `${scheme}://127.0.0.1:${port}`, close };
  } catch (error) {
    close();
    throw error;
  }
}

function portOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.stdout?.once("data", (text: Buffer) => {
      resolve(Number(text));
    });
    child.once("exit", () => {
      reject(new Error("the black hole ended"));
    });
  });
}

/** Whether the queue had room for one more. */
function fills(port: number, sockets: Socket[]): Promise<boolean> {
  if (sockets.length > 64) throw new Error("the queue takes any number of connections");
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    sockets.push(socket);
    const timer = setTimeout(() => {
      resolve(false);
    }, 300);
    socket.on("error", () => undefined);
    socket.once("connect", () => {
      clearTimeout(timer);
      resolve(true);
    });
  });
}
