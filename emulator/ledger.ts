import type { IncomingMessage, ServerResponse } from "node:http";
import { performance } from "node:perf_hooks";

import type { RecordedRequest, Writable } from "./entities";
import { decodeUri, parseJson } from "./parse";

export type Entry = Writable<RecordedRequest>;

/** The received requests and their problems. */
export type Ledger = ReturnType<typeof createLedger>;

/** An emulator may run for days: beyond these limits the oldest requests are deleted. */
export const MAX_REQUESTS = 10_000;
export const MAX_KEPT_BYTES = 16 * 1024 * 1024;
const MAX_PROBLEM_LINES = 100;
const MAX_PROBLEM_CHARACTERS = 300;

export function createLedger() {
  const requests: Entry[] = [];
  const sizes = new Map<Entry, number>();
  const unanswered = new Set<ServerResponse>();
  const earlier = { lines: [] as string[], count: 0 };
  let keptBytes = 0;

  const add = (entry: Entry, bytes: number): void => {
    const size = sizes.get(entry);
    // The request was deleted before its body arrived.
    if (size === undefined) return;
    sizes.set(entry, size + bytes);
    keptBytes += bytes;
    while (requests.length > MAX_REQUESTS || keptBytes > MAX_KEPT_BYTES) forgetOldest();
  };
  const forgetOldest = (): void => {
    const oldest = requests.shift();
    if (!oldest) return;
    keptBytes -= sizes.get(oldest) ?? 0;
    sizes.delete(oldest);
    if (oldest.problem === undefined) return;
    earlier.count += 1;
    if (earlier.lines.length < MAX_PROBLEM_LINES) earlier.lines.push(lineOf(oldest));
  };

  return {
    requests,
    /** Records a request before its body has arrived. */
    open(request: IncomingMessage, response: ServerResponse): Entry {
      unanswered.add(response);
      response.once("close", () => unanswered.delete(response));
      const { path, query } = splitUrl(request.url);
      const { method = "", headers } = request;
      const arrivedAtMs = performance.now();
      const entry = { method, path, query, headers, body: undefined, arrivedAtMs, status: undefined };
      requests.push(entry);
      sizes.set(entry, 0);
      add(entry, path.length + query.length + request.rawHeaders.join("").length);
      return entry;
    },
    /** Records the body: as parsed JSON, or as text if it is no JSON. */
    recordBody(entry: Entry, text: string) {
      const value = parseJson(text);
      entry.body = value === undefined && text !== "" ? text : value;
      add(entry, Buffer.byteLength(text));
    },
    /** Adds a reason why a correct client never sends this request. */
    addProblem(entry: Entry, problem: string | undefined) {
      if (problem === undefined) return;
      const whole = entry.problem === undefined ? problem : `${entry.problem}; ${problem}`;
      entry.problem = whole.slice(0, MAX_PROBLEM_CHARACTERS);
    },
    /** One line for each request with a problem. Undefined if there is none. */
    problems() {
      const later = requests.filter(({ problem }) => problem !== undefined);
      const lines = [...earlier.lines, ...later.map(lineOf)].slice(0, MAX_PROBLEM_LINES);
      const more = earlier.count + later.length - lines.length;
      if (lines.length === 0) return undefined;
      const title = "The emulator received requests that a correct client never sends:";
      return [title, ...lines, ...(more > 0 ? [`  and ${more} more`] : [])].join("\n");
    },
    /** Deletes all requests, and closes the connections of those without an answer. */
    reset() {
      for (const response of unanswered) response.destroy();
      requests.length = 0;
      sizes.clear();
      keptBytes = 0;
      earlier.lines.length = 0;
      earlier.count = 0;
    },
  };
}

/** A problem that any route can have, whatever its answer is. */
export function findProblem(entry: Entry, isRest: boolean, secrets: readonly string[]): string | undefined {
  const query = decodeUri(entry.query);
  const hasToken = /(?<![\w-])[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}/.test(query);
  if (hasToken || secrets.some((secret) => query.includes(secret))) {
    return "a token in the query string";
  }
  const accept = entry.headers.accept ?? "";
  if (isRest && !/(?:application|\*)\/(?:json|\*)/i.test(accept)) return "no Accept header that allows JSON";
  return undefined;
}

/** Without query, headers and body, which may hold credentials. Control characters are replaced. */
function lineOf({ method, path, problem = "" }: RecordedRequest): string {
  return `  ${method} ${path}: ${problem}`.replace(/[^\x20-\x7e]/g, "?");
}

export function splitUrl(url = "/"): { path: string; query: string } {
  const at = url.indexOf("?");
  return at < 0 ? { path: url, query: "" } : { path: url.slice(0, at), query: url.slice(at + 1) };
}
