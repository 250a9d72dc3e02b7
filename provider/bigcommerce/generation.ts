import { type ListedToken, readList } from "./list";
import { beginOperation, type Connection } from "./operation";

/** Whether a store has the lists, found out before the first mint. */
export interface Detected {
  /** The newest tokens of the family, as they stood then; absent where the store has no list, or none that answered. */
  readonly tokens?: readonly ListedToken[];
  /** How long the caller waited for it, milliseconds. */
  readonly spentMs: number;
}

/** Finds out once per store and family; the answer holds as long as the process. */
export interface Generations {
  detect(connection: Connection, family: string, timeoutMs: number): Promise<Detected>;
}

type Finding = Omit<Detected, "spentMs"> & { readonly tookMs: number; readonly final: boolean };

/** An outage of the list leaves the mint half of its time. */
const SHARE = 1 / 2;
const ATTEMPTS = 3;

/** A store that asks to wait for longer than that is asked once more, after its pause. */
const ROUNDS = 2;

/** A store without the lists answers so. */
const NO_LIST_STATUSES: ReadonlySet<number> = new Set([401, 403, 404, 405, 422]);

export function createGenerations(): Generations {
  const findings = new Map<string, Promise<Finding>>();
  return {
    async detect(connection, family, timeoutMs) {
      const key = `${connection.target.apiUrl} ${connection.target.storeHash} ${family}`;
      const arrived = connection.clock.monotonic();
      const finding = findings.get(key) ?? find(connection, family, timeoutMs);
      findings.set(key, finding);
      const { tokens, tookMs, final } = await finding;
      if (!final) findings.delete(key);
      const waitedMs = connection.clock.monotonic() - arrived;
      return { ...(tokens && { tokens }), spentMs: Math.min(tookMs, waitedMs) };
    },
  };
}

async function find(connection: Connection, family: string, timeoutMs: number): Promise<Finding> {
  const budgetMs = Math.ceil(timeoutMs * SHARE);
  let tookMs = 0;
  for (let round = 1; ; round += 1) {
    const operation = beginOperation(connection, budgetMs);
    const read = await readList(operation, family, 1, { attempts: ATTEMPTS, share: SHARE });
    tookMs += budgetMs - operation.leftMs();
    if (read.ok) return { tokens: read.value.tokens, tookMs, final: true };
    const { status = 0, code } = read.failure;
    if (code === "rate_limited" && round < ROUNDS) continue;
    return { tookMs, final: NO_LIST_STATUSES.has(status) };
  }
}
