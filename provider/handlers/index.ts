import type { CheckedInputs, PreviewedInputs, TokenState } from "../domain/state";
import { check, type CheckRequest, type CheckResult } from "./check";
import type { Context } from "./context";
import { create } from "./create";
import { remove } from "./delete";
import { diff, type DiffResult } from "./diff";
import { read, type Reading } from "./read";
import { update } from "./update";

export type { CheckRequest, CheckResult } from "./check";
export type { Context } from "./context";
export type { DiffResult } from "./diff";
export { PartialFailureError } from "./partial-failure";
export type { Reading } from "./read";

/** A token's life, as every host of the provider drives it. Errors are of any kind; a `PartialFailureError` has a state to be saved. */
export interface TokenHandlers {
  check(request: CheckRequest): CheckResult;
  diff(id: string, old: TokenState, news: PreviewedInputs): DiffResult;
  create(inputs: CheckedInputs): Promise<{ readonly id: string; readonly outs: TokenState }>;
  read(id: string, state: TokenState): Promise<Reading>;
  update(id: string, old: TokenState, news: CheckedInputs): Promise<{ readonly outs: TokenState }>;
  delete(id: string, state: TokenState): Promise<void>;
}

/** The handlers of one kind of token. */
export function createTokenHandlers(context: Context): TokenHandlers {
  return {
    check: (request) => check(context, request),
    diff: (id, old, news) => diff(context, id, old, news),
    create: (inputs) => create(context, inputs),
    read: (id, state) => read(context, id, state),
    update: (id, old, news) => update(context, id, old, news),
    delete: (id, state) => remove(context, id, state),
  };
}
