import type { Clock } from "../clock";
import type { Target } from "./endpoint";
import { createRateLimiter, type RateLimiter } from "./rate-limiter";
import { createRetryBudget, type RetryBudget } from "./retry-budget";
import { exchange as exchangeOverHttp } from "./transport";

/** A store with a credential, and what all requests of the process to that store share. */
export interface Connection {
  readonly clock: Clock;
  readonly target: Target;
  readonly exchange: typeof exchangeOverHttp;
  readonly rateLimiter: RateLimiter;
  readonly retryBudget: RetryBudget;
}

export interface ConnectionOptions {
  readonly clock: Clock;
  /** Sends one HTTP request and reads its reply. Default: over the network. */
  readonly exchange?: typeof exchangeOverHttp;
}

/** Call it once per process: all connections to one store share its rate limit, whatever their credentials. */
export function createConnections({
  clock,
  exchange = exchangeOverHttp,
}: ConnectionOptions): (target: Target) => Connection {
  const stores = new Map<string, Pick<Connection, "rateLimiter" | "retryBudget">>();
  return (target) => {
    const key = `${target.apiUrl} ${target.storeHash}`;
    const shared = stores.get(key) ?? {
      rateLimiter: createRateLimiter(clock),
      retryBudget: createRetryBudget(),
    };
    stores.set(key, shared);
    return { clock, target, exchange, ...shared };
  };
}
