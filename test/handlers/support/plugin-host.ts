import { KINDS, typesOf } from "../../../provider/domain/kinds";
import { type Context, PartialFailureError } from "../../../provider/handlers";
import { linkedError } from "../../../provider/error-links";
import type { DynamicHandlers } from "../../../provider/host/dynamic-handlers";
import { createPluginResources, outputs } from "../../../provider/host/plugin/resources";
import { asError } from "../../../provider/notices";
import type { Bag } from "./run";

/** The plugin's methods as the engine of the handler tests calls those of a dynamic provider. */
export function pluginHandlers(context: Context): DynamicHandlers {
  const resources = createPluginResources(() => context, { environment: {} });
  const type = typesOf(KINDS[context.kind.name]).plugin;
  /** The resource of a name, which is the end of every label. */
  const resourceOf = ({ label }: Bag) => {
    const name = typeof label === "string" ? label.slice(label.lastIndexOf("/") + 1) : "";
    return { urn: `urn:pulumi:prod::shop::${type}::${name}` };
  };
  return {
    check(olds: Bag, news: Bag) {
      const {
        label,
        formerLabel: _,
        resourceName: __,
        isPreview: ___,
        isProtected: ____,
        __provider,
        ...args
      } = news;
      const { inputs, failures } = resources.check(resourceOf({ label }), olds, args);
      const reasons = failures.map((reason) => ({ property: "", reason }));
      return Promise.resolve(
        reasons.length > 0
          ? { inputs: news, failures: reasons }
          : { inputs: { ...inputs, ...adoptOf(inputs), __provider }, failures: [] },
      );
    },
    diff: (id: string, olds: Bag, news: Bag) =>
      answered(() => {
        const { changes, replaces } = resources.diff(resourceOf(news), id, olds, news);
        return { changes, replaces: [...replaces] };
      }),
    create: (inputs: Bag) => answered(() => resources.create(resourceOf(inputs), inputs, false)),
    read: (id: string, state: Bag) =>
      answered(async () => {
        const { outs } = await resources.read(resourceOf(state), id, state, {});
        return { id, props: outs };
      }),
    update: (id: string, olds: Bag, news: Bag) =>
      answered(async () => ({ outs: await resources.update(resourceOf(news), id, olds, news, false) })),
    delete: (id: string, state: Bag) => answered(() => resources.delete(resourceOf(state), id, state)),
  };
}

/** The engine hands the plugin its inputs in clear. */
function adoptOf({ adopt }: Bag): Bag {
  return adopt === undefined ? {} : { adopt: (adopt as { readonly value: unknown }).value };
}

/** Errors as the engine sees them. With a partial failure, the token is saved. */
async function answered<T>(run: () => T | Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (thrown) {
    const error = asError(thrown);
    throw error instanceof PartialFailureError ? new SavedFailure(error) : linkedError(error);
  }
}

/** The engine of these tests asks for `__provider`, which is the dynamic host's own. `inspect` shows no getter. */
class SavedFailure extends Error {
  readonly code = "partial_failure";
  readonly #failure: PartialFailureError;
  constructor(failure: PartialFailureError) {
    super(linkedError(failure).message);
    this.stack = this.message;
    this.#failure = failure;
  }
  get id(): string {
    return this.#failure.id;
  }
  get reasons(): readonly string[] {
    return [this.message];
  }
  get properties(): Bag {
    return { ...outputs(this.#failure.state), __provider: "" };
  }
}
