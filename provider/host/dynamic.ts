import { check } from "../handlers/check";
import type { Context } from "../handlers/context";
import { create } from "../handlers/create";
import { remove } from "../handlers/delete";
import { diff } from "../handlers/diff";
import { read, type Reading } from "../handlers/read";
import { update } from "../handlers/update";
import { asError } from "../notices";
import { withoutSecretMarks, withSecretMarks } from "../pulumi-values";
import type { CheckedInputs, TokenState } from "../domain/state";

type Bag = Readonly<Record<string, unknown>>;

/** The methods of a dynamic resource provider, for any kind; each answers or throws an Error, whatever happens. */
export interface Handlers {
  check(olds: Bag, news: Bag): Promise<{ inputs: Bag; failures: { property: string; reason: string }[] }>;
  diff(id: string, olds: Bag, news: Bag): Promise<{ changes: boolean; replaces: string[] }>;
  create(inputs: Bag): Promise<{ id: string; outs: object }>;
  read(id: string, state: Bag): Promise<{ id?: string; props?: Bag }>;
  update(id: string, olds: Bag, news: Bag): Promise<{ outs: object }>;
  delete(id: string, state: Bag): Promise<void>;
}

export function createHandlers(context: Context): Handlers {
  return {
    check: (olds, news) =>
      guarded(() => {
        const { inputs, failures } = check(context, olds, news);
        // A failure that names its property makes the engine print that property's value, secret or not.
        return { inputs, failures: failures.map((reason) => ({ property: "", reason })) };
      }),
    diff: (id, olds, news) => guarded(() => diff(context, id, asState(olds), asInputs(news))),
    create: (inputs) => guarded(async () => marked(await create(context, asInputs(inputs)))),
    read: (id, state) => guarded(async () => asBags(await read(context, id, asState(state)))),
    update: (id, olds, news) =>
      guarded(async () => marked(await update(context, id, asState(olds), asInputs(news)))),
    delete: (id, state) => guarded(() => remove(context, id, asState(state))),
  };
}

async function guarded<T>(run: () => T | Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (thrown) {
    throw asError(thrown);
  }
}

/** Pulumi hands back what check and create returned. */
function asInputs(bag: Bag): CheckedInputs {
  return bag as unknown as CheckedInputs;
}

function asBags({ id, props }: Reading): { id?: string; props?: Bag } {
  return { ...(id !== undefined && { id }), ...(props && { props: withSecretMarks(props) }) };
}

function marked<T extends { readonly outs: object }>(answer: T): T & { readonly outs: Bag } {
  return { ...answer, outs: withSecretMarks(answer.outs) };
}

function asState(bag: Bag): TokenState {
  return withoutSecretMarks(bag) as unknown as TokenState;
}
