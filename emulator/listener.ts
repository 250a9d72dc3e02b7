import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";

export interface Listener {
  readonly url: string;
  closing(): boolean;
  /** Destroys every connection and resolves once the server is closed. */
  close(): Promise<void>;
}

/** Listens on loopback only; 0 takes any free port. */
export async function listen(server: Server, port: number): Promise<Listener> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");

  let closed: Promise<void> | undefined;
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    closing: () => closed !== undefined,
    close() {
      closed ??= new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        // Node's own closeAllConnections() leaves out sockets that a fault took over.
        for (const socket of sockets) socket.destroy();
      });
      return closed;
    },
  };
}
