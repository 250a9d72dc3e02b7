import * as http from "node:http";
import * as https from "node:https";
import type { Socket } from "node:net";
import type { ReplyHeaders } from "./pacing-headers";

/** What the socket of a request showed, whatever axios made of it. */
export interface Observation {
  /** Until then not one byte of the request can have left. */
  connected: boolean;
  status?: number;
  headers: ReplyHeaders;
}

const KEPT_HEADERS =
  /^(date|content-type|location|retry-after|x-retry-after|x-request-id|x-rate-limit-[a-z-]+)$/;

/** Node's own transport, watched: only the socket tells whether a request can have left. */
export function observing(url: URL, seen: Observation, onSilentClose: () => void) {
  const secure = url.protocol === "https:";
  return {
    request(options: https.RequestOptions, onResponse: (response: http.IncomingMessage) => void) {
      const request = (secure ? https : http).request(options, onResponse);
      request.once("socket", (socket) => {
        watch(socket, secure, seen);
      });
      request.once("response", (response) => {
        seen.status = response.statusCode ?? 0;
        seen.headers = keptHeaders(response.headers);
      });
      // A 101 that nobody asked for closes the request without an error.
      request.once("close", () => {
        if (seen.status === undefined) onSilentClose();
      });
      return request;
    },
  };
}

/** A tunnel that the proxy refused comes as a plain socket that never becomes secure. */
function watch(socket: Socket, secure: boolean, seen: Observation): void {
  if (!secure && !socket.connecting) {
    seen.connected = true;
    return;
  }
  socket.once(secure ? "secureConnect" : "connect", () => {
    seen.connected = true;
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
