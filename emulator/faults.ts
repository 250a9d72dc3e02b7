/** Fields that replace those of an answer. A missing field keeps the value of the answer. */
export interface ReplyFields {
  /** The HTTP status. */
  readonly status?: number;
  /** Replaces headers of the answer, names in any case. `undefined` removes a header. */
  readonly headers?: Readonly<Record<string, string | string[] | undefined>>;
  /** Text and bytes are sent unchanged, any other value as JSON. */
  readonly body?: unknown;
}

/** The regular answer, as passed to the function of a `reply` fault. */
export interface GoodAnswer {
  /** The HTTP status. */
  readonly status: number;
  /** Without those that every answer has, such as `date`. */
  readonly headers: Readonly<Record<string, string>>;
  /** The value that is sent as JSON. Undefined: no body. */
  readonly body: unknown;
}

/** What a fault does. "Process" means: mint or revoke as requested. */
export type FaultAction =
  /** Does not process the request; answers with these fields. Rate-limit headers only if `headers` has them. */
  | ({ readonly kind: "status"; readonly status: number } & ReplyFields)
  /** Does not process the request; redirects. Default of `status`: 307. */
  | { readonly kind: "redirect"; readonly location: string; readonly status?: number }
  /** Does not process the request; resets the connection. */
  | { readonly kind: "reset-before" }
  /** Processes the request, then resets the connection. */
  | { readonly kind: "reset-after" }
  /** Does not process the request and never answers. */
  | { readonly kind: "hang" }
  /** Processes the request and never answers. */
  | { readonly kind: "hang-after" }
  /** Processes the request; sends the headers and the first `bytes` (default: half) of the body; closes the connection. */
  | { readonly kind: "truncate"; readonly bytes?: number }
  /** Processes the request; sends `bytes` (default 1) of the answer every `everyMs` milliseconds (default 10). */
  | { readonly kind: "drip"; readonly bytes?: number; readonly everyMs?: number }
  /** Does not process the request; writes these bytes to the socket, then closes it. */
  | { readonly kind: "raw"; readonly bytes: string | Uint8Array }
  /** Processes the request; answers with these fields in place of the regular ones. */
  | { readonly kind: "reply"; readonly reply: ReplyFields | ((answer: GoodAnswer) => ReplyFields) }
  /** Waits `ms` milliseconds before everything else. Combines with other faults. */
  | { readonly kind: "delay"; readonly ms: number }
  /**
   * Mints with these claims in place of the regular ones; `undefined` deletes a claim. Applies to mints only, combines
   * with other faults. The emulator treats the claims as true: `issued` has them too.
   */
  | { readonly kind: "claims"; readonly claims: Readonly<Record<string, unknown>> };

/** The names of what a fault can do, such as `"hang"`. */
export type FaultKind = FaultAction["kind"];

/** A scripted fault: what it does, and to which requests. A request matches if both `method` and `path` match. */
export type Fault = FaultAction & {
  /** The method, in any case. Default: any method. */
  readonly method?: string;
  /** The beginning or the end of the path, or a pattern; without the query string. Default: any path. */
  readonly path?: string | RegExp;
  /** The number of matching requests that are processed regularly before the fault is applied. Default 0. */
  readonly after?: number;
  /** How many times the fault is applied; `Infinity` is allowed. Default 1. */
  readonly times?: number;
};

/** The faults to apply to one request: at most one `delay`, one `claims` and one other. */
interface FaultMatch {
  readonly delay?: Extract<FaultAction, { kind: "delay" }>;
  readonly claims?: Extract<FaultAction, { kind: "claims" }>;
  readonly main?: MainFault;
  /** The kinds of these faults, joined by `+`. Undefined if there are none. */
  readonly kinds: string | undefined;
}

export type MainFault = Exclude<FaultAction, { kind: "delay" | "claims" }>;

/** The scripted faults of an emulator. */
export interface FaultScript {
  /**
   * Adds a fault. If several faults match a request, the one that was pushed first is applied.
   *
   * @throws TypeError for an unknown `kind`, a negative `after`, and `times` below 1.
   * @example
   * ```ts
   * import { startEmulator } from "pulumi-bigcommerce-tokens/emulator";
   *
   * const emulator = await startEmulator({ generation: 2, stores: [{ hash: "abc123", accounts: [] }] });
   * // The next revocation is accepted, but the client never receives the answer.
   * emulator.faults.push({ method: "DELETE", kind: "reset-after" });
   * await emulator.close();
   * ```
   */
  push(fault: Fault): void;
  /** The faults that were applied fewer than `times` times. Faults with `times: Infinity` are never included. */
  unfired(): readonly Fault[];
  /** Removes all faults. */
  clear(): void;
}

/** The fault script with the method that only the emulator uses. */
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
      const matched: Omit<FaultMatch, "kinds"> = {};
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
      return { ...matched, kinds: kinds.length > 0 ? kinds.join("+") : undefined };
    },
  };
}

function applies(fault: Fault, request: { method: string; path: string; isCreate: boolean }): boolean {
  if (fault.kind === "claims" && !request.isCreate) return false;
  if (fault.method !== undefined && fault.method.toUpperCase() !== request.method) return false;
  const { path } = fault;
  if (path === undefined) return true;
  if (typeof path === "string") return request.path.startsWith(path) || request.path.endsWith(path);
  // Not test(): a global or sticky pattern would continue at its last match.
  return request.path.search(path) >= 0;
}
