import { defined } from "../defined";
import { failureText } from "../domain/inputs";
import { formerChildLabel } from "../domain/label";
import { readInputs, readPreviewedInputs, readState, type TokenState } from "../domain/state";
import { TokensError } from "../errors";
import { type CheckRequest, type Context, createTokenHandlers, PartialFailureError } from "../handlers";
import { asError } from "../notices";
import {
  type Bag,
  hasPlaceholder,
  withoutSecretMarks,
  withoutUnknowns,
  withSecretMarks,
  withUnknowns,
} from "../pulumi-values";

/** The methods of a dynamic resource provider, for one kind of token. Each answers or rejects with an Error, whatever happens. */
export interface DynamicHandlers {
  check(olds: Bag, news: Bag): Promise<{ inputs: Bag; failures: { property: string; reason: string }[] }>;
  diff(id: string, olds: Bag, news: Bag): Promise<{ changes: boolean; replaces: string[] }>;
  create(inputs: Bag): Promise<{ id: string; outs: Bag }>;
  read(id: string, state: Bag): Promise<{ id?: string; props?: Bag }>;
  update(id: string, olds: Bag, news: Bag): Promise<{ outs: Bag }>;
  delete(id: string, state: Bag): Promise<void>;
}

/** The name under which Pulumi's SDK stores a dynamic provider's code among a resource's properties. */
const CODE = "__provider";

export function createDynamicHandlers(context: Context): DynamicHandlers {
  const handlers = createTokenHandlers(context);
  return {
    check: (olds, news) =>
      guarded(news, () => {
        const { inputs, failures } = handlers.check(checkRequest(olds, withUnknowns(news)));
        if (inputs) return { inputs: { ...withoutUnknowns(inputs), [CODE]: news[CODE] }, failures: [] };
        // One malformed setting can stand in the way of several readings.
        const reasons = [...new Set(failures.map(failureText))];
        // A failure that names its property makes the engine print that property's value, secret or not.
        return { inputs: news, failures: reasons.map((reason) => ({ property: "", reason })) };
      }),
    diff: (id, olds, news) =>
      guarded(news, () => {
        const { changes, replaces } = handlers.diff(
          id,
          stateOf(olds),
          readPreviewedInputs(withUnknowns(news)),
        );
        return { changes: changes || isOtherCode(olds, news), replaces: [...replaces] };
      }),
    create: (inputs) =>
      guarded(inputs, async () => {
        const { id, outs } = await handlers.create(readInputs(known(inputs)));
        return { id, outs: outputs(outs, inputs) };
      }),
    read: (id, state) =>
      guarded(state, async () => {
        const reading = await handlers.read(id, stateOf(state));
        return reading === "missing"
          ? {}
          : { id, props: withSecretMarks({ ...withoutSecretMarks(state), ...reading }) };
      }),
    update: (id, olds, news) =>
      guarded(news, async () => {
        const { outs } = await handlers.update(id, stateOf(olds), readInputs(known(news)));
        return { outs: outputs(outs, news) };
      }),
    delete: (id, state) => guarded(state, () => handlers.delete(id, stateOf(state))),
  };
}

/** The class adds `label`, and what only this package's earlier versions and rules on names need to know. */
function checkRequest(olds: Bag, { resourceName, formerLabel, [CODE]: _, ...news }: Bag): CheckRequest {
  const label = typeof news["label"] === "string" ? news["label"] : "";
  return defined({
    label,
    formerLabels: [formerLabel, formerChildLabel(label)].filter((each) => typeof each === "string"),
    name: typeof resourceName === "string" ? resourceName : undefined,
    old: olds["label"] === undefined ? undefined : readInputs(olds),
    news,
  });
}

function stateOf(outputs: Bag): TokenState {
  return readState(withoutSecretMarks(outputs));
}

/** Pulumi asks for a create or an update of what it knows alone. */
function known(inputs: Bag): Bag {
  if (!hasPlaceholder(inputs)) return inputs;
  throw new TokensError("internal", "internal error: an input is not known yet; nothing was sent");
}

/** Pulumi stores the code with the outputs, and runs a later delete by it. */
function outputs(state: TokenState, inputs: Bag): Bag {
  return defined({ ...withSecretMarks(state), [CODE]: inputs[CODE] });
}

function isOtherCode(olds: Bag, news: Bag): boolean {
  return hasPlaceholder(news[CODE]) || JSON.stringify(olds[CODE]) !== JSON.stringify(news[CODE]);
}

async function guarded<T>(properties: Bag, run: () => T | Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (thrown) {
    // Looking at what was thrown may throw as well.
    const error = asError(thrown);
    throw error instanceof PartialFailureError ? new InitialisationError(error, properties) : error;
  }
}

/**
 * A failure with which Pulumi saves the token, as a resource that is not initialised.
 * Source: pulumi/pulumi sdk/nodejs/cmd/dynamic-provider, `grpcResponseFromError`.
 */
class InitialisationError extends TokensError {
  override readonly name = "InitialisationError";
  readonly id: string;
  readonly reasons: readonly string[];
  /** In no property that `util.inspect` or `JSON.stringify` would show. */
  readonly #outputs: Bag;

  constructor({ id, code, message, state }: PartialFailureError, inputs: Bag) {
    super(code, message);
    this.id = id;
    this.reasons = [message];
    this.#outputs = outputs(state, inputs);
  }

  /** The outputs to be saved. */
  get properties(): Bag {
    return this.#outputs;
  }
}
