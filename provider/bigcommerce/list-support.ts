import { defined } from "../defined";
import type { Connection } from "./connection";
import type { Failure } from "./classify";
import { type ListedToken, readTokenListPage } from "./token-list-page";
import { beginOperation } from "./operation";
import { MAX_RATE_LIMIT_WAIT_MS } from "./rate-limiter";

/** What the first page of a store's list told before the first mint. */
export interface DetectedList {
  /** The newest tokens of the family at that time; absent if the store has no list, or the list did not answer. */
  readonly tokens?: readonly ListedToken[];
  /** The part of the operation's time that the caller waited for the answer, milliseconds. */
  readonly spentMs: number;
  /** How long the request waited for the rate limiter, milliseconds. */
  readonly queuedMs: number;
}

interface Finding extends Pick<DetectedList, "tokens"> {
  readonly tookMs: number;
  /** True if asking again cannot change the answer. */
  readonly final: boolean;
}

/** If the list does not answer, half of the mint's time is left. */
const SHARE = 1 / 2;
const ATTEMPTS = 3;

/** If the store asks for a longer pause than that, the list is read once more after the pause. */
const ROUNDS = 2;

/** A process stops asking after so many answers that were not final. */
const MAX_ASKED = 2;

/** The store may have a list, but not for this API account. */
const DENIED: ReadonlySet<number> = new Set([401, 403]);

/** Finds out once per store and family whether the store lists its tokens, and keeps the answer for the process. */
export function createListDetector() {
  const findings = new Map<string, Promise<Finding>>();
  const asked = new Map<string, number>();

  const findOnce = (connection: Connection, family: string, timeoutMs: number): Promise<Finding> => {
    const key = `${connection.target.apiUrl} ${connection.target.storeHash} ${family}`;
    const known = findings.get(key);
    if (known) return known;
    const finding = find(connection, family, timeoutMs);
    findings.set(key, finding);
    const count = (asked.get(key) ?? 0) + 1;
    asked.set(key, count);
    const forget = () => findings.delete(key);
    void finding.then(({ final }) => final || count >= MAX_ASKED || forget(), forget);
    return finding;
  };

  return async (connection: Connection, family: string, timeoutMs: number): Promise<DetectedList> => {
    const arrived = connection.clock.monotonic();
    const { tokens, tookMs } = await findOnce(connection, family, timeoutMs);
    const waitedMs = connection.clock.monotonic() - arrived;
    const spentMs = Math.min(tookMs, waitedMs);
    return defined({ tokens, spentMs, queuedMs: waitedMs - spentMs });
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

/** True for every refusal that is not about the moment or the credential. BigCommerce answers 404 for a missing route. */
export function saysNoList({ status = 0 }: Failure): boolean {
  const passing = [408, 429, 499].includes(status);
  return (status >= 300 && status < 500 && !passing && !DENIED.has(status)) || status === 501;
}
