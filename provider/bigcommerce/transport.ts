import * as http from "node:http";
import * as https from "node:https";
import type { AxiosStatic } from "axios";
import { defined } from "../defined";
import type { ApiCode } from "../request-errors";
import { TokensError } from "../errors";
import type { ReplyHeaders } from "./rate-limit-headers";
import { type SocketWatch, watchedTransport } from "./socket-watch";

export interface WireRequest {
  readonly method: "GET" | "POST" | "DELETE";
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** The limit of the decompressed body. A larger one ends the request. */
  readonly maxBodyBytes: number;
  /** The first that aborts ends the request, even while the body is read. */
  readonly deadlines: readonly AbortSignal[];
  /** Ends the request if no connection exists by then. */
  readonly connectBy: AbortSignal;
}

/** A complete reply from the server in the URL. */
export interface Reply {
  readonly kind: "reply";
  readonly status: number;
  readonly headers: ReplyHeaders;
  readonly body: string;
}

/** No complete reply. `sent` is false only if no byte of the request was sent. */
export interface Broken {
  readonly kind: "broken";
  readonly sent: boolean;
  readonly code: ApiCode;
  /** What happened. Quotes nothing of the request or the reply. */
  readonly detail: string;
  /** Set if the status line arrived and the body did not. */
  readonly status?: number;
  readonly headers: ReplyHeaders;
}

export type Exchange = Reply | Broken;

type Stop = "deadline" | "connect" | "closed" | "flood";

const MAX_SENT_BYTES = 64 * 1024;
/** Room for what arrives beside the body: headers, interim replies and chunk sizes. */
const MAX_EXTRA_BYTES = 64 * 1024;
const HEADER_VALUE = /^[\x20-\x7e]+$/;
const TLS_CODE =
  /^(EPROTO$|ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|INVALID_|HOSTNAME_|CRL_)/;

/** Sends one request over its own connection. No error of axios leaves this function. */
export async function exchange(request: WireRequest): Promise<Exchange> {
  refuseMalformedHeaders(request.headers);
  // Outside of the try: a missing package is no network failure.
  const client = axios();
  const seen: SocketWatch = { connected: false, headers: {} };
  const controller = new AbortController();
  let stopped: Stop | undefined;
  const stopBy = (by: Stop) => (): void => {
    stopped ??= by;
    controller.abort();
  };
  const unlisten = [
    ...request.deadlines.map((signal) => whenAborted(signal, stopBy("deadline"))),
    whenAborted(request.connectBy, () => {
      if (!seen.connected) stopBy("connect")();
    }),
  ];
  try {
    const { data, status } = await client.request<unknown>({
      url: request.url.href,
      method: request.method,
      headers: { ...request.headers },
      data: request.body,
      maxContentLength: request.maxBodyBytes,
      signal: controller.signal,
      transport: watchedTransport(request.url, seen, {
        maxBytes: request.maxBodyBytes + MAX_EXTRA_BYTES,
        onFlood: stopBy("flood"),
        onSilentClose: stopBy("closed"),
      }),
      // A proxy from the environment would read plain http. https goes through a CONNECT tunnel.
      ...(request.url.protocol === "http:"
        ? { proxy: false }
        : { httpsAgent: secureAgent(controller.signal) }),
    });
    return seen.connected
      ? { kind: "reply", status, headers: seen.headers, body: typeof data === "string" ? data : "" }
      : proxyAnswer(status);
  } catch (thrown) {
    return broken(thrown, seen, stopped);
  } finally {
    for (const remove of unlisten) remove();
  }
}

/** Throws if a header would arrive with another value. */
export function refuseMalformedHeaders(headers: WireRequest["headers"]): void {
  for (const [name, value] of Object.entries(headers)) {
    if (HEADER_VALUE.test(value)) continue;
    const why = `Nothing was sent, because the header ${name} cannot carry its value unchanged.`;
    throw new TokensError("header_malformed", why);
  }
}

let instance: InstanceType<AxiosStatic["Axios"]> | undefined;

/** Loads axios at the first request: loading takes 60 to 80 ms, and a preview sends nothing. */
function axios(): InstanceType<AxiosStatic["Axios"]> {
  const { Axios } = load();
  // `new Axios` takes its defaults from here only. `axios.create` would start from shared, mutable defaults.
  return (instance ??= new Axios({
    adapter: "http",
    maxRedirects: 0,
    maxBodyLength: MAX_SENT_BYTES,
    responseType: "text",
    transformRequest: [(body: unknown) => body],
    transformResponse: [(body: unknown) => body],
    validateStatus: () => true,
    httpAgent: new http.Agent({ keepAlive: false }),
  }));
}

/** An agent for one request. Only its options reach the connection to a proxy, which must end with the request. */
function secureAgent(signal: AbortSignal): https.Agent {
  const options = { keepAlive: false, rejectUnauthorized: true, minVersion: "TLSv1.2", signal } as const;
  return new https.Agent(options);
}

function load(): typeof import("axios") {
  try {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- an import would load it at start-up
    return require("axios") as typeof import("axios");
  } catch {
    const why = "Nothing was sent, because axios cannot be loaded. Install the program's packages again.";
    throw new TokensError("package_incomplete", why);
  }
}

function whenAborted(signal: AbortSignal, act: () => void): () => void {
  if (signal.aborted) act();
  signal.addEventListener("abort", act, { once: true });
  return () => {
    signal.removeEventListener("abort", act);
  };
}

function proxyAnswer(status: number): Broken {
  const code = status >= 500 ? "connection_failed" : "proxy_refused";
  const detail = `the proxy answered ${status} to CONNECT`;
  return { kind: "broken", sent: false, code, detail, headers: {} };
}

function broken(thrown: unknown, { connected, status, headers }: SocketWatch, stopped?: Stop): Broken {
  const failed = { kind: "broken" as const, sent: connected, ...problemOf(thrown, connected, stopped) };
  return connected ? defined({ ...failed, status, headers }) : { ...failed, headers: {} };
}

function problemOf(thrown: unknown, connected: boolean, stopped?: Stop): Pick<Broken, "code" | "detail"> {
  const cause = codeOf(thrown);
  if (stopped === "deadline") return { code: "timeout", detail: "no complete reply came in time" };
  if (stopped === "connect") return { code: "connection_failed", detail: "no connection came about in time" };
  if (!connected && TLS_CODE.test(cause)) {
    return { code: "tls_failed", detail: `the TLS connection failed (${cause})` };
  }
  if (connected && (stopped === "flood" || isTooLarge(thrown))) {
    return { code: "reply_malformed", detail: "the reply is too large" };
  }
  if (connected && /^(HPE_|Z_|ERR__ERROR_|ERR_PADDING|ERR_BROTLI)/.test(cause)) {
    return { code: "reply_malformed", detail: `the reply cannot be read (${cause})` };
  }
  const what = connected ? "the connection broke off" : "the connection failed";
  return { code: "connection_failed", detail: cause === "" ? what : `${what} (${cause})` };
}

/** Only the code of an error: messages of Node.js can quote what was sent or received. */
function codeOf(thrown: unknown, depth = 0): string {
  if (typeof thrown !== "object" || thrown === null || depth > 2) return "";
  const { code, cause, errors } = thrown as { code?: unknown; cause?: unknown; errors?: unknown };
  if (typeof code === "string" && /^[A-Z][A-Z0-9_]{1,59}$/.test(code)) {
    return code === "ERR_CANCELED" || code === "ERR_BAD_RESPONSE" ? "" : code;
  }
  return codeOf(cause, depth + 1) || codeOf(Array.isArray(errors) ? errors[0] : undefined, depth + 1);
}

function isTooLarge(thrown: unknown): boolean {
  return thrown instanceof Error && thrown.message.startsWith("maxContentLength size of ");
}
