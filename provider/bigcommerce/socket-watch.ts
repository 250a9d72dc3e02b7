import * as http from "node:http";
import * as https from "node:https";
import type { Socket } from "node:net";
import type { ReplyHeaders } from "./rate-limit-headers";

/** What the socket of a request showed, whatever axios made of it. */
export interface SocketWatch {
  /** Until then not one byte of the request can have left. */
  connected: boolean;
  status?: number;
  headers: ReplyHeaders;
}

/** A body in pieces of one byte takes hundreds of times its size in memory. */
const MAX_PIECES = 16_384;

const KEPT_HEADERS =
  /^(date|content-type|location|retry-after|x-retry-after|x-request-id|x-rate-limit-[a-z-]+)$/;

/** What only the socket shows, and the request must end for. */
export interface Alarms {
  /** Of all that may arrive: headers, interim replies, chunk sizes and what decompresses to nothing count too. */
  readonly maxBytes: number;
  readonly onFlood: () => void;
  readonly onSilentClose: () => void;
}

/** Node's own transport, watched: only the socket tells whether a request can have left. */
export function watchedTransport(url: URL, seen: SocketWatch, alarms: Alarms) {
  const secure = url.protocol === "https:";
  return {
    request(options: https.RequestOptions, onResponse: (response: http.IncomingMessage) => void) {
      const request = (secure ? https : http).request(options, onResponse);
      request.once("socket", (socket) => {
        watch(socket, secure, seen);
        limitBytes(socket, alarms);
      });
      request.once("response", (response) => {
        seen.status = response.statusCode ?? 0;
        seen.headers = keptHeaders(response.headers);
        limitPieces(response, alarms);
      });
      // A 101 that nobody asked for closes the request without an error.
      request.once("close", () => {
        if (seen.status === undefined) alarms.onSilentClose();
      });
      return request;
    },
  };
}

/** A tunnel that the proxy refused comes as a plain socket that never becomes secure. */
function watch(socket: Socket, secure: boolean, seen: SocketWatch): void {
  if (!secure && !socket.connecting) {
    seen.connected = true;
    return;
  }
  socket.once(secure ? "secureConnect" : "connect", () => {
    seen.connected = true;
  });
}

function limitBytes(socket: Socket, { maxBytes, onFlood }: Alarms): void {
  let bytes = 0;
  socket.on("data", (piece: Buffer) => {
    bytes += piece.length;
    if (bytes > maxBytes) onFlood();
  });
}

function limitPieces(response: http.IncomingMessage, { onFlood }: Alarms): void {
  let pieces = 0;
  response.on("data", () => {
    pieces += 1;
    if (pieces > MAX_PIECES) onFlood();
  });
}

function keptHeaders(headers: http.IncomingHttpHeaders): ReplyHeaders {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value === "string" && KEPT_HEADERS.test(name)) {
      kept[name] = value;
    }
  }
  return kept;
}
