// The figures of the AWS SDKs' standard retry mode, https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
const CAPACITY = 500;
const REPEAT_COST = 5;
const TIMEOUT_COST = 10;

export type RetryBudget = ReturnType<typeof createRetryBudget>;

/** Limits the retries of a process to one store, so that they do not make an outage worse. */
export function createRetryBudget() {
  let left = CAPACITY;
  return {
    /** Takes the cost of one retry. False if too little is left. */
    spend(afterTimeout: boolean): boolean {
      const cost = afterTimeout ? TIMEOUT_COST : REPEAT_COST;
      if (cost > left) return false;
      left -= cost;
      return true;
    },
    /** Gives back after a success. */
    refund(repeated: boolean): void {
      left = Math.min(CAPACITY, left + (repeated ? REPEAT_COST : 1));
    },
  };
}
