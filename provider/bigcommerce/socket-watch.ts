import * as http from "node:http";
import * as https from "node:https";
import type { Socket } from "node:net";
import type { Readable } from "node:stream";
import type { ReplyHeaders } from "./rate-limit-headers";

/** What the socket of a request showed. */
export interface SocketWatch {
  /** While false, no byte of the request was sent. */
  connected: boolean;
  status?: number;
  headers: ReplyHeaders;
}

/** A body in pieces of one byte takes several hundred times its size in memory. */
const MAX_PIECES = 16_384;

const KEPT_HEADERS =
  /^(date|content-type|location|retry-after|x-retry-after|x-request-id|x-rate-limit-[a-z-]+)$/;

/** Events of the socket that must end the request. */
interface Alarms {
  /** The limit of all bytes received: also headers, interim replies, chunk sizes, and what decompresses to nothing. */
  readonly maxBytes: number;
  readonly onFlood: () => void;
  readonly onSilentClose: () => void;
}

/** The transport of Node.js, watched: only the socket tells whether anything was sent. */
export function watchedTransport(url: URL, seen: SocketWatch, { maxBytes, onFlood, onSilentClose }: Alarms) {
  const secure = url.protocol === "https:";
  return {
    request(options: https.RequestOptions, onResponse: (response: http.IncomingMessage) => void) {
      const request = (secure ? https : http).request(options, onResponse);
      request.once("socket", (socket) => {
        watch(socket, secure, seen);
        limit(socket, maxBytes, (piece) => piece.length, onFlood);
      });
      request.once("response", (response) => {
        seen.status = response.statusCode ?? 0;
        seen.headers = keptHeaders(response.headers);
        limit(response, MAX_PIECES, () => 1, onFlood);
      });
      // An unexpected 101 closes the request without an error.
      request.once("close", () => {
        if (seen.status === undefined) onSilentClose();
      });
      return request;
    },
  };
}

/** If the proxy refuses the tunnel, the socket never becomes secure. */
function watch(socket: Socket, secure: boolean, seen: SocketWatch): void {
  seen.connected = !secure && !socket.connecting;
  socket.once(secure ? "secureConnect" : "connect", () => {
    seen.connected = true;
  });
}

function limit(stream: Readable, most: number, sizeOf: (piece: Buffer) => number, onFlood: () => void): void {
  let sum = 0;
  stream.on("data", (piece: Buffer) => {
    sum += sizeOf(piece);
    if (sum > most) onFlood();
  });
}

/** The headers that the client reads. */
export function keptHeaders(headers: http.IncomingHttpHeaders): ReplyHeaders {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value === "string" && KEPT_HEADERS.test(name)) kept[name] = value;
  }
  return kept;
}
