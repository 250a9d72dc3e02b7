import { randomUUID } from "node:crypto";
import { STATUS_CODES, type ServerResponse } from "node:http";

import type { Answer } from "./entities";
import type { MainFault, ReplyFields } from "./faults";
import type { TestClock } from "./test-clock";

type Headers = Record<string, string | string[]>;

/** Writes an answer to the socket. Returns the status if the answer was sent completely, else undefined. */
export type Delivery = (response: ServerResponse) => Promise<number | undefined> | number | undefined;

/** For faults that skip the processing of the request. Undefined for all other faults. */
export function withoutProcessing(fault: MainFault, clock: TestClock): Delivery | undefined {
  switch (fault.kind) {
    case "status":
      return send(encode({ status: fault.status }, fault, clock));
    case "redirect":
      return send(encode({ status: fault.status ?? 307, headers: { location: fault.location } }, {}, clock));
    case "reset-before":
      return resetConnection;
    case "hang":
      return neverAnswer;
    case "raw":
      return ({ socket }) => void socket?.end(fault.bytes);
    default:
      return undefined;
  }
}

/** For a request that was processed: sends the answer, changed by the fault. */
export function afterProcessing(answer: Answer, fault: MainFault | undefined, clock: TestClock): Delivery {
  const encoded = encode(answer, {}, clock);
  switch (fault?.kind) {
    case "reset-after":
      return resetConnection;
    case "hang-after":
      return neverAnswer;
    case "truncate":
      return truncated(encoded, fault.bytes ?? Math.floor(encoded.payload.length / 2));
    case "drip":
      return dripped(encoded, fault.bytes ?? 1, fault.everyMs ?? 10, clock);
    case "reply": {
      const { reply } = fault;
      const good = { status: answer.status, headers: answer.headers ?? {}, body: answer.body };
      return send(encode(answer, typeof reply === "function" ? reply(good) : reply, clock));
    }
    default:
      return send(encoded);
  }
}

/** An answer, ready to be written to the socket. */
type EncodedAnswer = ReturnType<typeof encode>;

function encode(answer: Answer, changes: ReplyFields, clock: TestClock) {
  const payload = toBytes("body" in changes ? changes.body : answer.body);
  const headers: Headers = {
    date: new Date(clock.seconds() * 1000).toUTCString(),
    "x-request-id": randomUUID(),
    ...(payload.length > 0 && { "content-type": "application/json" }),
    ...answer.headers,
    "content-length": String(payload.length),
  };
  for (const [name, value] of Object.entries(changes.headers ?? {})) {
    if (value === undefined) Reflect.deleteProperty(headers, name.toLowerCase());
    else headers[name.toLowerCase()] = value;
  }
  const status = changes.status ?? answer.status;
  // RFC 9110, 8.6: no Content-Length in 1xx and 204.
  if (payload.length === 0 && (status === 204 || status < 200)) delete headers["content-length"];
  return { status, headers, payload };
}

function toBytes(body: unknown): Buffer {
  if (body === undefined) return Buffer.alloc(0);
  if (typeof body === "string") return Buffer.from(body);
  if (body instanceof Uint8Array) return Buffer.from(body);
  return Buffer.from(JSON.stringify(body));
}

function send({ status, headers, payload }: EncodedAnswer): Delivery {
  return (response) => {
    if (response.destroyed) return undefined;
    response.sendDate = false;
    response.writeHead(status, headers);
    response.end(payload);
    return status;
  };
}

const resetConnection: Delivery = ({ socket }) => void socket?.resetAndDestroy();

const neverAnswer: Delivery = () => undefined;

function truncated({ status, headers, payload }: EncodedAnswer, bytes: number): Delivery {
  return (response) => {
    // There is no body to truncate, so no part of the answer is sent.
    if (payload.length === 0) return resetConnection(response);
    response.sendDate = false;
    response.writeHead(status, headers);
    response.write(payload.subarray(0, Math.min(bytes, payload.length - 1)), () => response.destroy());
    response.flushHeaders();
    return undefined;
  };
}

function dripped(encoded: EncodedAnswer, bytes: number, everyMs: number, clock: TestClock): Delivery {
  const head = Object.entries(encoded.headers)
    .flatMap(([name, value]) => [value].flat().map((text) => `${name}: ${text}\r\n`))
    .join("");
  const line = `HTTP/1.1 ${encoded.status} ${STATUS_CODES[encoded.status] ?? ""}\r\n`;
  const all = Buffer.concat([Buffer.from(`${line}${head}connection: close\r\n\r\n`), encoded.payload]);
  return async ({ socket }) => {
    for (let sent = 0; sent < all.length; sent += bytes) {
      if (sent > 0) await clock.delay(everyMs);
      if (!socket || socket.destroyed) return undefined;
      socket.write(all.subarray(sent, sent + bytes));
    }
    socket?.end();
    return encoded.status;
  };
}
