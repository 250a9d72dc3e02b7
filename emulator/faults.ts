import type { Claims } from "./jwt";

export interface ReplyFields {
  readonly status?: number;
  /** Merged over the answer's own, names in any case; undefined removes one. */
  readonly headers?: Readonly<Record<string, string | string[] | undefined>>;
  /** Text and bytes are sent as they are, anything else as JSON. */
  readonly body?: unknown;
}

/** A good answer as a `reply` fault gets it. */
export interface GoodAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** What goes wrong. "Work" is the minting or revoking that the request asks for. */
export type FaultAction =
  /** Answers this instead of working, without rate-limit headers unless they are named. */
  | ({ readonly kind: "status"; readonly status: number } & ReplyFields)
  /** Redirects instead of working; status 307 unless given. */
  | { readonly kind: "redirect"; readonly location: string; readonly status?: number }
  /** Destroys the socket instead of working. */
  | { readonly kind: "reset-before" }
  /** Works, then destroys the socket. */
  | { readonly kind: "reset-after" }
  /** Never answers and never works. */
  | { readonly kind: "hang" }
  /** Works and never answers. */
  | { readonly kind: "hang-after" }
  /** Works, sends all headers and the first `bytes` of the body (default half of it), then destroys the socket. */
  | { readonly kind: "truncate"; readonly bytes?: number }
  /** Works, sends status line, headers and body `bytes` (default 1) at a time, every `everyMs` (default 10). */
  | { readonly kind: "drip"; readonly bytes?: number; readonly everyMs?: number }
  /** Writes this on the socket instead of working, then closes it. */
  | { readonly kind: "raw"; readonly bytes: string | Uint8Array }
  /** Works, and answers with other fields. */
  | { readonly kind: "reply"; readonly reply: ReplyFields | ((answer: GoodAnswer) => ReplyFields) }
  /** Waits this long before anything else. Combines with other faults. */
  | { readonly kind: "delay"; readonly ms: number }
  /**
   * Mints with these claims merged over the usual ones; undefined deletes one. Meets creates only, and combines
   * with other faults. The store believes the claims: `issued` shows them.
   */
  | { readonly kind: "claims"; readonly claims: Claims };

export type FaultKind = FaultAction["kind"];

/** A scripted fault: whom it meets, how often, and what it does. */
export type Fault = FaultAction & {
  /** Any method if absent. */
  readonly method?: string;
  /** How the path begins or ends, or a pattern on it; query string excluded. Any path if absent. */
  readonly path?: string | RegExp;
  /** How many requests that it fits are left alone first. Default 0. */
  readonly after?: number;
  /** How often it fires; Infinity is allowed. Default 1. */
  readonly times?: number;
};

/** The faults that one request meets: at most one of each sort. */
export interface FaultMatch {
  readonly delay?: Extract<FaultAction, { kind: "delay" }>;
  readonly claims?: Extract<FaultAction, { kind: "claims" }>;
  readonly main?: MainFault;
  /** Their kinds, joined by `+`; undefined for none. */
  readonly kinds: string | undefined;
}

export type MainFault = Exclude<FaultAction, { kind: "delay" | "claims" }>;

export interface FaultScript {
  /** Adds a fault; of several that fit a request, the first pushed fires. Throws a TypeError for an impossible one. */
  push(fault: Fault): void;
  /** Faults that have not fired as often as they may, `times: Infinity` excepted. */
  unfired(): readonly Fault[];
  /** Forgets all faults. */
  clear(): void;
}

/** The script with the side that tests do not see. */
export interface ScriptedFaults extends FaultScript {
  match(request: { method: string; path: string; isCreate: boolean }): FaultMatch;
}

const KINDS: Readonly<Record<FaultKind, true>> = {
  status: true,
  redirect: true,
  "reset-before": true,
  "reset-after": true,
  hang: true,
  "hang-after": true,
  truncate: true,
  drip: true,
  raw: true,
  reply: true,
  delay: true,
  claims: true,
};

export function createFaultScript(): ScriptedFaults {
  let script: { fault: Fault; seen: number; fired: number }[] = [];
  return {
    push(fault) {
      if (!Object.hasOwn(KINDS, fault.kind)) throw new TypeError(`No fault of kind "${fault.kind}".`);
      const { after = 0, times = 1 } = fault;
      if (!(after >= 0)) throw new TypeError("after must be 0 or more.");
      if (!(times >= 1)) throw new TypeError("times must be 1 or more.");
      script.push({ fault, seen: 0, fired: 0 });
    },
    unfired: () =>
      script
        .filter(({ fault, fired }) => fault.times !== Infinity && fired < (fault.times ?? 1))
        .map(({ fault }) => fault),
    clear() {
      script = [];
    },
    match(request) {
      const matched: { -readonly [K in keyof FaultMatch]: FaultMatch[K] } = { kinds: undefined };
      const kinds: FaultKind[] = [];
      for (const entry of script) {
        const { fault } = entry;
        if (!applies(fault, request)) continue;
        entry.seen += 1;
        const slot = fault.kind === "delay" || fault.kind === "claims" ? fault.kind : "main";
        if (entry.seen <= (fault.after ?? 0) || entry.fired >= (fault.times ?? 1) || matched[slot]) continue;
        entry.fired += 1;
        kinds.push(fault.kind);
        Object.assign(matched, { [slot]: fault });
      }
      if (kinds.length > 0) matched.kinds = kinds.join("+");
      return matched;
    },
  };
}

function applies(fault: Fault, request: { method: string; path: string; isCreate: boolean }): boolean {
  if (fault.kind === "claims" && !request.isCreate) return false;
  if (fault.method !== undefined && fault.method.toUpperCase() !== request.method) return false;
  const { path } = fault;
  if (path === undefined) return true;
  if (typeof path === "string") return request.path.startsWith(path) || request.path.endsWith(path);
  // A global or sticky pattern remembers where it stopped; search() does not.
  return request.path.search(path) >= 0;
}
