import type { Bag } from "../pulumi-values";

/**
 * The methods of a dynamic resource provider, for one kind of token. Each answers or rejects with an Error, whatever happens.
 * Written out, because types that follow from the code would bring the types of all handlers into the package.
 */
export interface DynamicHandlers {
  readonly check: (
    olds: Bag,
    news: Bag,
  ) => Promise<{ inputs: Bag; failures: { property: string; reason: string }[] }>;
  readonly diff: (id: string, olds: Bag, news: Bag) => Promise<{ changes: boolean; replaces: string[] }>;
  readonly create: (inputs: Bag) => Promise<{ id: string; outs: Bag }>;
  readonly read: (id: string, state: Bag) => Promise<{ id: string; props: Bag }>;
  readonly update: (id: string, olds: Bag, news: Bag) => Promise<{ outs: Bag }>;
  readonly delete: (id: string, state: Bag) => Promise<void>;
}
