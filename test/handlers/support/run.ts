import type { DynamicHandlers } from "../../../provider/host/dynamic-handlers";
import type { KindName } from "../../../provider/domain/kinds";
import { hasPlaceholder, SECRET, SIGNATURE } from "../../../provider/pulumi-values";
import { unlinked } from "../../support/error-link";

export type Bag = Readonly<Record<string, unknown>>;

/** Pulumi's own options, as a state keeps them; they name resources by name. */
export interface Options {
  readonly dependsOn?: readonly string[];
  readonly replaceWith?: readonly string[];
  readonly protect?: true;
  /** `replacementTrigger`. */
  readonly trigger?: string;
}

/** A resource of a program. `args` may hold null for "not given". */
export interface Declared extends Options {
  readonly kind: KindName;
  readonly name: string;
  readonly args: Bag;
  readonly ignoreChanges?: readonly string[];
  /** The name that it had before. */
  readonly alias?: string;
}

/** A resource of the state. */
export interface Entry extends Options {
  readonly kind: KindName;
  readonly name: string;
  readonly inputs: Bag;
  readonly outputs: Bag;
  readonly id: string;
  /** Replaced, and waiting for its delete. */
  readonly pending: boolean;
  /** Deleted first, as a dependency's dependant, and waiting for its successor. */
  readonly pendingReplacement?: true;
  readonly initErrors?: readonly string[];
}

/** Messages stand without the address of their code's entry, with which each of them reaches the user. */
export interface RunResult {
  /** What the provider was called for, in order: `check x`, `diff x`, `create x`, `update x`, `read x`, `delete x`. */
  readonly calls: readonly string[];
  readonly failures: readonly string[];
  readonly errors: readonly Error[];
}

/** One run of the engine with one provider process. */
export class Run implements RunResult {
  readonly calls: string[] = [];
  readonly failures: string[] = [];
  readonly errors: Error[] = [];

  constructor(private readonly handlers: (kind: KindName) => DynamicHandlers) {}

  get failed(): boolean {
    return this.failures.length + this.errors.length > 0;
  }

  /** What the engine refuses without a call. */
  refuse(reason: string): void {
    const error = new Error(reason);
    error.stack = reason;
    this.errors.push(error);
  }

  async check(declared: Declared, olds: Bag, news: Bag): Promise<Bag | undefined> {
    const answer = await this.call("check", declared, (of) => of.check(wire(olds), wire(news)));
    if (!answer) return undefined;
    // A failure with a property would make the engine print that property's value.
    if (answer.failures.some(({ property }) => property !== ""))
      throw new Error("a failure names its property");
    this.failures.push(...answer.failures.map(({ reason }) => unlinked(reason).message));
    return answer.failures.length > 0 ? undefined : wire(answer.inputs);
  }

  diff(declared: Pick<Declared, "kind" | "name">, id: string, olds: Bag, news: Bag) {
    return this.call("diff", declared, (of) => of.diff(id, wire(olds), wire(news)));
  }

  async create(declared: Declared, inputs: Bag) {
    if (hasPlaceholder(inputs)) throw new Error("create was given an unknown");
    try {
      const answer = await this.handlersOf("create", declared).create(wire(inputs));
      return { id: idOf(answer), outs: stored(answer.outs), initErrors: undefined };
    } catch (thrown) {
      return this.partial(thrown);
    }
  }

  async update(declared: Declared, id: string, olds: Bag, news: Bag) {
    try {
      const answer = await this.handlersOf("update", declared).update(id, wire(olds), wire(news));
      return { outs: stored(answer.outs), initErrors: undefined };
    } catch (thrown) {
      return this.partial(thrown);
    }
  }

  async read(entry: Entry): Promise<Bag | undefined> {
    const answer = await this.call("read", entry, (of) => of.read(entry.id, wire(entry.outputs)));
    return answer && stored(answer.props);
  }

  async delete(entry: Entry): Promise<boolean> {
    return (
      (await this.call("delete", entry, async (of) => {
        await of.delete(entry.id, wire(entry.outputs));
        return true;
      })) ?? false
    );
  }

  private async call<T>(
    method: string,
    resource: { kind: KindName; name: string },
    run: (handlers: DynamicHandlers) => Promise<T>,
  ): Promise<T | undefined> {
    try {
      return await run(this.handlersOf(method, resource));
    } catch (thrown) {
      this.errors.push(asThrown(thrown));
      return undefined;
    }
  }

  private handlersOf(method: string, { kind, name }: { kind: KindName; name: string }): DynamicHandlers {
    this.calls.push(`${method} ${name}`);
    return this.handlers(kind);
  }

  /** An error with an id saves the resource with it. */
  private partial(thrown: unknown): { id: string; outs: Bag; initErrors: readonly string[] } | undefined {
    const { reasons = [] } = (thrown ?? {}) as { readonly reasons?: readonly string[] };
    const error = asThrown(thrown) as Error & { id?: string; properties?: Bag };
    this.errors.push(error);
    if (error.id === undefined) return undefined;
    const outs = stored(error.properties ?? {});
    // The SDK does not add it here, and without it the later delete has no code.
    if (outs["__provider"] === undefined) throw new Error("a partial failure lost the provider's code");
    return {
      id: idOf({ id: error.id }),
      outs,
      initErrors: reasons.map((reason) => unlinked(reason).message),
    };
  }
}

/** What the engine makes of a thrown value: nothing but an Error is ever answered. */
function asThrown(thrown: unknown): Error {
  if (thrown instanceof Error) {
    const { message, code } = unlinked(thrown.message);
    if ((thrown as { code?: unknown }).code !== code)
      throw new Error(`the address is of another code: ${code}`);
    return Object.assign(thrown, { message, stack: message });
  }
  throw new Error(`Pulumi would wait for ever: a ${typeof thrown} was thrown`);
}

function idOf({ id }: { id: unknown }): string {
  if (typeof id !== "string" || id === "") throw new Error("plugin returned empty resource.ID from create");
  return id;
}

/** What the engine keeps of outputs, and hands back in clear; a token that is not marked as a secret would be stored so. */
function stored(bag: Bag): Bag {
  const outputs: Record<string, unknown> = { ...wire(bag) };
  for (const name of ["token", "previousToken"]) {
    if (outputs[name] === undefined) continue;
    const { [SIGNATURE]: mark, value } = outputs[name] as Bag;
    if (mark !== SECRET || typeof value !== "string") throw new Error(`${name} is not marked as a secret`);
    outputs[name] = value;
  }
  return outputs;
}

/** A copy as gRPC's struct carries it. */
function wire(bag: Bag): Bag {
  const visit = (value: unknown): unknown => {
    if (value === null || ["string", "boolean", "number"].includes(typeof value)) return value;
    if (Array.isArray(value)) return value.map(visit);
    if (typeof value !== "object" || Object.getPrototypeOf(value) !== Object.prototype) {
      throw new Error("Unexpected struct type.");
    }
    return Object.fromEntries(Object.entries(value).map(([key, held]) => [key, visit(held)]));
  };
  return visit(bag) as Bag;
}
