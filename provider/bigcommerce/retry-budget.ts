/** Limits the retries of a process to one store, so that they do not make an outage worse. */
export interface RetryBudget {
  /** Takes the cost of one retry. False if too little is left. */
  spend(afterTimeout: boolean): boolean;
  /** Gives back after a success. */
  refund(repeated: boolean): void;
}

// The figures of the AWS SDKs' standard retry mode, https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
const CAPACITY = 500;
const REPEAT_COST = 5;
const TIMEOUT_COST = 10;

export function createRetryBudget(): RetryBudget {
  let left = CAPACITY;
  return {
    spend(afterTimeout) {
      const cost = afterTimeout ? TIMEOUT_COST : REPEAT_COST;
      if (cost > left) return false;
      left -= cost;
      return true;
    },
    refund(repeated) {
      left = Math.min(CAPACITY, left + (repeated ? REPEAT_COST : 1));
    },
  };
}
