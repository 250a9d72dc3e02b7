import { KINDS, typesOf } from "../../../provider/domain/kinds";
import { type Context, PartialFailureError } from "../../../provider/handlers";
import type { DynamicHandlers } from "../../../provider/host/dynamic";
import { createPluginResources, outputs } from "../../../provider/host/plugin/resources";
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
    diff(id: string, olds: Bag, news: Bag) {
      const { changes, replaces } = resources.diff(resourceOf(news), id, olds, news);
      return Promise.resolve({ changes, replaces: [...replaces] });
    },
    create: (inputs: Bag) => saving(() => resources.create(resourceOf(inputs), inputs, false)),
    async read(id: string, state: Bag) {
      const { outs } = await resources.read(resourceOf(state), id, state, {});
      return { id, props: outs };
    },
    update: (id: string, olds: Bag, news: Bag) =>
      saving(async () => ({ outs: await resources.update(resourceOf(news), id, olds, news, false) })),
    delete: (id: string, state: Bag) => resources.delete(resourceOf(state), id, state),
  };
}

/** The engine hands the plugin its inputs in clear. */
function adoptOf({ adopt }: Bag): Bag {
  return adopt === undefined ? {} : { adopt: (adopt as { readonly value: unknown }).value };
}

/** A partial failure as the engine sees it: the token is saved with it. */
async function saving<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof PartialFailureError)) throw error;
    throw new SavedFailure(error);
  }
}

/** The engine of these tests asks for `__provider`, which is the dynamic host's own. `inspect` shows no getter. */
class SavedFailure extends Error {
  readonly #failure: PartialFailureError;
  constructor(failure: PartialFailureError) {
    super(failure.message);
    this.stack = failure.message;
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
