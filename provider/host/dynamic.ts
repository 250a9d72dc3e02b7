import { defined } from "../defined";
import { formerChildLabel } from "../domain/label";
import { readInputs, readPreviewedInputs, type TokenState, written } from "../domain/state";
import { linkedError, withLink } from "../error-links";
import { TokensError } from "../errors";
import * as handlers from "../handlers";
import { asError } from "../notices";
import {
  type Bag,
  hasPlaceholder,
  withoutSecretMarks,
  withoutUnknowns,
  withSecretMarks,
  withUnknowns,
} from "../pulumi-values";
import { problemLines } from "./problems";
import type { DynamicHandlers } from "./dynamic-handlers";
import { knownInputs, stateOf } from "./properties";

/** The name under which Pulumi's SDK stores a dynamic provider's code among a resource's properties. */
const CODE = "__provider";

export function createDynamicHandlers(context: handlers.Context): DynamicHandlers {
  return {
    check: (olds: Bag, news: Bag) =>
      guarded(news, () => {
        const { inputs, failures } = handlers.check(context, checkRequest(olds, withUnknowns(news)));
        if (inputs)
          return { inputs: { ...withoutUnknowns(written(inputs)), [CODE]: news[CODE] }, failures: [] };
        // A failure that names its property makes the engine print that property's value, secret or not.
        return { inputs: news, failures: problemLines(failures).map((reason) => ({ property: "", reason })) };
      }),
    diff: (id: string, olds: Bag, news: Bag) =>
      guarded(news, () => {
        const inputs = readPreviewedInputs(withUnknowns(news));
        const { changes, replaces } = handlers.diff(context, id, stateOf(olds), inputs);
        return { changes: changes || isOtherCode(olds, news), replaces: [...replaces] };
      }),
    create: (inputs: Bag) =>
      guarded(inputs, async () => {
        const { id, outs } = await handlers.create(context, knownInputs(inputs));
        return { id, outs: outputs(outs, inputs) };
      }),
    read: (id: string, state: Bag) =>
      guarded(state, async () => {
        const { set, removed } = await handlers.read(context, id, stateOf(state));
        const kept = Object.entries(withoutSecretMarks(state)).filter(([name]) => !removed.includes(name));
        return { id, props: withSecretMarks({ ...Object.fromEntries(kept), ...written(set) }) };
      }),
    update: (id: string, olds: Bag, news: Bag) =>
      guarded(news, async () => {
        const { outs } = await handlers.update(context, id, stateOf(olds), knownInputs(news));
        return { outs: outputs(outs, news) };
      }),
    delete: (id: string, state: Bag) => guarded(state, () => handlers.remove(context, id, stateOf(state))),
  };
}

/** The class adds `label`, and what earlier versions of this package and rules on names need. */
function checkRequest(
  olds: Bag,
  { resourceName, formerLabel, isPreview, isProtected, [CODE]: _, ...news }: Bag,
): handlers.CheckRequest {
  const label = typeof news["label"] === "string" ? news["label"] : "";
  return defined({
    label,
    formerLabels: [formerLabel, formerChildLabel(label)].filter((each) => typeof each === "string"),
    name: typeof resourceName === "string" ? resourceName : undefined,
    isPreview: isPreview === true,
    isProtected: isProtected === true,
    old: olds["label"] === undefined ? undefined : readInputs(olds),
    news,
  });
}

/** Pulumi stores the code with the outputs, and runs a later delete by it. */
function outputs(state: TokenState, inputs: Bag): Bag {
  return defined({ ...withSecretMarks(written(state)), [CODE]: inputs[CODE] });
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
    throw error instanceof handlers.PartialFailureError
      ? new InitialisationError(error, properties)
      : linkedError(error);
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

  constructor({ id, code, message, state }: handlers.PartialFailureError, inputs: Bag) {
    super(code, withLink(message, code));
    this.id = id;
    this.reasons = [this.message];
    this.#outputs = outputs(state, inputs);
  }

  /** The outputs to be saved. */
  get properties(): Bag {
    return this.#outputs;
  }
}
