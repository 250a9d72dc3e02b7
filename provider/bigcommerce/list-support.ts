import type { Connection } from "./connection";
import type { Failure } from "./classify";
import { type ListedToken, readTokenListPage } from "./token-list-page";
import { beginOperation } from "./operation";
import { MAX_RATE_LIMIT_WAIT_MS } from "./rate-limiter";

/** Whether a store has the lists, found out before the first mint. */
export interface DetectedList {
  /** The newest tokens of the family, as they stood then; absent where the store has no list, or none that answered. */
  readonly tokens?: readonly ListedToken[];
  /** How much of the operation's time the caller has spent on it, milliseconds. */
  readonly spentMs: number;
  /** How long it stood in the gate for it, milliseconds. */
  readonly queuedMs: number;
}

/** Finds out once per store and family; the answer holds as long as the process. */
export interface ListSupport {
  detect(connection: Connection, family: string, timeoutMs: number): Promise<DetectedList>;
}

interface Finding {
  readonly tokens?: readonly ListedToken[];
  readonly tookMs: number;
  /** Whether another look would find nothing else. */
  readonly final: boolean;
}

/** An outage of the list leaves the mint half of its time. */
const SHARE = 1 / 2;
const ATTEMPTS = 3;

/** A store that asks to wait for longer than that is asked once more, after its pause. */
const ROUNDS = 2;

/** So many looks in vain are enough for a process. */
const MAX_LOOKS = 2;

/** The list may be there, but not for this API account. */
const DENIED: ReadonlySet<number> = new Set([401, 403]);

export function createListSupport(): ListSupport {
  const findings = new Map<string, Promise<Finding>>();
  const looks = new Map<string, number>();

  const findOnce = (connection: Connection, family: string, timeoutMs: number): Promise<Finding> => {
    const key = `${connection.target.apiUrl} ${connection.target.storeHash} ${family}`;
    const known = findings.get(key);
    if (known) return known;
    const finding = find(connection, family, timeoutMs);
    findings.set(key, finding);
    const count = (looks.get(key) ?? 0) + 1;
    looks.set(key, count);
    const forget = () => {
      findings.delete(key);
    };
    void finding.then(({ final }) => {
      if (!final && count < MAX_LOOKS) forget();
    }, forget);
    return finding;
  };

  return {
    async detect(connection, family, timeoutMs) {
      const arrived = connection.clock.monotonic();
      const { tokens, tookMs } = await findOnce(connection, family, timeoutMs);
      const waitedMs = connection.clock.monotonic() - arrived;
      const spentMs = Math.min(tookMs, waitedMs);
      return { ...(tokens && { tokens }), spentMs, queuedMs: waitedMs - spentMs };
    },
  };
}

async function find(connection: Connection, family: string, timeoutMs: number): Promise<Finding> {
  const budgetMs = Math.ceil(timeoutMs * SHARE);
  const arrived = connection.clock.monotonic();
  let tookMs = 0;
  for (let round = 1; ; round += 1) {
    const queuedMs = connection.clock.monotonic() - arrived - tookMs;
    const leftMs = Math.max(0, budgetMs - tookMs);
    const operation = beginOperation(connection, leftMs, Math.max(0, MAX_RATE_LIMIT_WAIT_MS - queuedMs));
    const read = await readTokenListPage(operation, family, 1, { attempts: ATTEMPTS, share: SHARE });
    tookMs += leftMs - operation.leftMs();
    if (read.ok) return { tokens: read.value.tokens, tookMs, final: true };
    if (read.failure.code === "rate_limited" && round < ROUNDS) continue;
    return { tookMs, final: saysNoList(read.failure) || DENIED.has(read.failure.status ?? 0) };
  }
}

/** Any answer but those that speak of the moment or of the credential; BigCommerce's own for a missing route is 404. */
export function saysNoList({ status = 0 }: Failure): boolean {
  const passing = [408, 429, 499].includes(status);
  return (status >= 300 && status <= 499 && !passing && !DENIED.has(status)) || status === 501;
}
