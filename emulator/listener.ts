import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";

/** Listens on 127.0.0.1 only. Port 0: any free port. */
export async function listen(server: Server, port: number) {
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
    /** Closes all connections, and resolves when the server has released the port. */
    close() {
      closed ??= new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        // closeAllConnections() of Node.js misses sockets to which a fault wrote directly.
        for (const socket of sockets) socket.destroy();
      });
      return closed;
    },
  };
}
