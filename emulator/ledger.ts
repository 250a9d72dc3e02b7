import type { IncomingMessage, ServerResponse } from "node:http";
import { performance } from "node:perf_hooks";

import type { RecordedRequest, Writable } from "./entities";

export type Entry = Writable<RecordedRequest>;

export interface Ledger {
  readonly requests: readonly RecordedRequest[];
  /** Records a request whose body is still to come. */
  open(request: IncomingMessage, response: ServerResponse): Entry;
  /** A line per request with a problem; undefined if there is none. */
  problems(): string | undefined;
  /** Forgets all requests, and cuts those that wait for their answer. */
  reset(): void;
}

export function createLedger(): Ledger {
  const requests: Entry[] = [];
  const unanswered = new Set<ServerResponse>();
  return {
    requests,
    open(request, response) {
      unanswered.add(response);
      response.once("close", () => unanswered.delete(response));
      const { path, query } = splitUrl(request.url ?? "/");
      const entry = {
        method: request.method ?? "",
        path,
        query,
        headers: request.headers,
        body: undefined,
        arrivedAtMs: performance.now(),
        status: undefined,
      };
      requests.push(entry);
      return entry;
    },
    problems: () => describeProblems(requests),
    reset() {
      for (const response of unanswered) response.destroy();
      requests.length = 0;
    },
  };
}

/** What no correct client sends on any route, whatever the answer is. */
export function findProblem(
  entry: Entry,
  isRest: boolean,
  credentials: readonly string[],
): string | undefined {
  const query = decode(entry.query);
  if (
    credentials.some((credential) => query.includes(credential)) ||
    /[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}/.test(query)
  ) {
    return "a token in the query string";
  }
  const accept = entry.headers.accept ?? "";
  if (isRest && !/(?:application|\*)\/(?:json|\*)/i.test(accept)) return "no Accept header that allows JSON";
  return undefined;
}

/** Parsed where it is JSON, else as it came. */
export function readable(text: string): unknown {
  if (text === "") return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** One line per request; query strings, headers and bodies stay out of it. */
function describeProblems(requests: readonly RecordedRequest[]): string | undefined {
  const lines = requests
    .filter(({ problem }) => problem !== undefined)
    .map(({ method, path, problem = "" }) => `  ${method} ${path}: ${problem}`);
  if (lines.length === 0) return undefined;
  return ["The emulator met requests that no correct client sends:", ...lines].join("\n");
}

function splitUrl(url: string): { path: string; query: string } {
  const at = url.indexOf("?");
  return at < 0 ? { path: url, query: "" } : { path: url.slice(0, at), query: url.slice(at + 1) };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
