import { type IncomingMessage, type ServerResponse, validateHeaderValue } from "node:http";

import type { Emulator, EmulatorOptions } from "../../../emulator/index";
import { createService } from "../../../emulator/service";
import { keptHeaders } from "../../../provider/bigcommerce/socket-watch";
import {
  type Broken,
  type exchange as exchangeOverHttp,
  type Reply,
  refuseMalformedHeaders,
} from "../../../provider/bigcommerce/transport";

type Handler = ReturnType<typeof createService>["handler"];

/** An emulator to which requests go by a function call. */
export interface InProcessEmulator extends Emulator {
  readonly exchange: typeof exchangeOverHttp;
}

/** Nothing listens there: a request over a socket fails. */
const URL_WITHOUT_SERVER = "http://127.0.0.1:2";

/**
 * The emulator without sockets, which take nine tenths of the time of a request. A fault that only a socket shows is
 * refused. test/client/in-process.test.ts holds both ways against each other.
 */
export function startInProcess(options: EmulatorOptions): InProcessEmulator {
  const { handler, controls, endDelays, problems } = createService(options);
  return {
    url: URL_WITHOUT_SERVER,
    exchange: exchangeWith(handler),
    ...controls,
    close({ allowProblems = false } = {}) {
      endDelays();
      const found = problems();
      return found === undefined || allowProblems ? Promise.resolve() : Promise.reject(new Error(found));
    },
  };
}

/** What the transport tells of one request, as far as an emulator on loopback and its faults go. */
function exchangeWith(handler: Handler): typeof exchangeOverHttp {
  // Asynchronous as the transport is: what it throws is a rejection.
  return async (request) => {
    refuseMalformedHeaders(request.headers);
    const unsent = { kind: "broken", sent: false, headers: {} } as const;
    if (request.deadlines.some(({ aborted }) => aborted)) return { ...unsent, ...LATE };
    if (request.url.origin !== URL_WITHOUT_SERVER) return { ...unsent, ...NOBODY_LISTENS };
    return new Promise((resolve, reject) => {
      const response = responseOf(request.maxBodyBytes, (outcome) => {
        for (const signal of request.deadlines) signal.removeEventListener("abort", giveUp);
        if (outcome instanceof Error) reject(outcome);
        else resolve(outcome);
      });
      const giveUp = (): void => {
        response.breakOff(LATE);
      };
      for (const signal of request.deadlines) signal.addEventListener("abort", giveUp, { once: true });
      // The emulator uses no more of the two than these have.
      handler(incomingOf(request) as IncomingMessage, response as unknown as ServerResponse);
    });
  };
}

const LATE = { code: "timeout", detail: "no complete reply came in time" } as const;

const NOBODY_LISTENS = {
  code: "connection_failed",
  detail: "the connection failed (ECONNREFUSED)",
} as const;

type Incoming = Pick<IncomingMessage, "method" | "url" | "headers" | "rawHeaders"> & AsyncIterable<Buffer>;

/** The request with the headers that the transport's packages add. */
function incomingOf({ method, url, headers, body }: Parameters<typeof exchangeOverHttp>[0]): Incoming {
  const sent: Record<string, string> = { host: url.host, connection: "close" };
  for (const [name, value] of Object.entries(headers)) sent[name.toLowerCase()] = value;
  if (body !== undefined) sent["content-length"] = String(Buffer.byteLength(body));
  return {
    ...{
      method,
      url: `${url.pathname}${url.search}`,
      headers: sent,
      rawHeaders: Object.entries(sent).flat(),
    },
    async *[Symbol.asyncIterator]() {
      await Promise.resolve();
      if (body !== undefined) yield Buffer.from(body);
    },
  };
}

type Head = Pick<Reply, "status" | "headers">;

/** A response of node:http as the emulator uses it, and what the client sees of it. */
function responseOf(maxBodyBytes: number, settle: (outcome: Reply | Broken | Error) => void) {
  const onClose: (() => void)[] = [];
  let head: Head | undefined;
  let length: string | undefined;
  const end = (outcome: Reply | Broken | Error): void => {
    if (response.destroyed) return;
    response.destroyed = true;
    for (const listener of onClose) listener();
    settle(outcome);
  };
  const breakOff = (what: Pick<Broken, "code" | "detail">): void => {
    end({ kind: "broken", sent: true, headers: {}, ...what, ...head });
  };
  const needsSocket = (): void => {
    end(new Error("This answer shows only over a socket: start the world with sockets."));
  };
  const connectionReset = (): void => {
    const code = head ? "" : " (ECONNRESET)";
    breakOff({ code: "connection_failed", detail: `the connection broke off${code}` });
  };
  const response = {
    destroyed: false,
    sendDate: true,
    socket: { resetAndDestroy: connectionReset, write: needsSocket, end: needsSocket },
    breakOff,
    once(_event: "close", listener: () => void) {
      onClose.push(listener);
    },
    writeHead(status: number, headers: Readonly<Record<string, string | string[]>>) {
      length = headers["content-length"]?.toString();
      for (const [name, value] of Object.entries(headers)) {
        validateHeaderValue(name, String(value));
        if (Array.isArray(value) || name === "content-encoding") needsSocket();
      }
      if (status < 200) needsSocket();
      head = { status, headers: keptHeaders(headers) };
    },
    flushHeaders: () => undefined,
    write(_part: Buffer, done: () => void) {
      done();
    },
    end(payload: Buffer) {
      if (length !== undefined && length !== String(payload.length)) {
        needsSocket();
      } else if (payload.length > maxBodyBytes) {
        breakOff({ code: "reply_malformed", detail: "the reply is too large" });
      } else if (head) {
        // The byte order mark goes, as in the transport.
        end({ kind: "reply", ...head, body: payload.toString("utf8").replace(/^\uFEFF/, "") });
      }
    },
    destroy: connectionReset,
  };
  return response;
}
