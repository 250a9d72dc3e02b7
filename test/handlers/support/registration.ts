import { KINDS, type KindName } from "../../../provider/domain/kinds";
import { UNKNOWN } from "./samples";
import type { Bag, Declared, Entry, Options, Run } from "./run";
import type { DeletedFirst, RunOptions } from "./run-options";

/** Where the engine keeps its resources. */
export interface State {
  entries: Entry[];
}

/**
 * Plays what Pulumi does for each resource that a program registers, and what comes before that where a dependency is
 * deleted before it is replaced. Source: pulumi/pulumi pkg/resource/deploy/step_generator.go.
 */
export class Registrations {
  /** Entries that the program still declares. */
  readonly kept = new Set<Entry>();
  private readonly replaced = new Set<string>();
  private readonly failed = new Set<string>();
  /** Entries that are deleted already, or would be in an update. */
  private readonly deletedFirst = new Set<Entry>();
  private readonly dependents: readonly DeletedFirst[];

  constructor(
    private readonly state: State,
    private readonly run: Run,
    private readonly what: "up" | "preview",
    private readonly options: RunOptions,
  ) {
    this.dependents = (options.deletedFirst ?? []).map((each) =>
      typeof each === "string" ? { name: each, input: "channelIds" } : each,
    );
  }

  /** Diffs with what the dependency gives unknown, then the deletes, the last dependent first; false ends the run. */
  async deleteFirst(): Promise<boolean> {
    const doomed: Entry[] = [];
    for (const { name, input } of this.dependents) {
      const old = this.state.entries.find((entry) => entry.name === name && !entry.pending);
      if (!old) throw new Error(`nothing is called ${name}`);
      if (input !== undefined) {
        const diff = await this.run.diff(old, old.id, old.outputs, { ...old.inputs, [input]: UNKNOWN });
        if (!diff) return false;
        if (diff.replaces.length === 0) continue;
      }
      doomed.push(old);
    }
    for (const old of doomed.reverse()) {
      if (this.what === "preview") {
        this.deletedFirst.add(old);
        continue;
      }
      if (!(await this.run.delete(old))) return false;
      this.deletedFirst.add(this.put(old, { ...old, pendingReplacement: true }));
    }
    return true;
  }

  /** False ends the run. */
  async register(given: Declared): Promise<boolean> {
    const declared = this.asKnown(given);
    const { name } = declared;
    const old = this.oldOf(declared);
    if (old) this.kept.add(old);
    if (this.options.target && !this.options.target.includes(name)) return true;
    if (declared.dependsOn?.some((other) => this.failed.has(other))) {
      this.failed.add(name);
      return true;
    }
    const isDeletedFirst = old !== undefined && old.name === name && this.deletedFirst.has(old);
    const isForced = old !== undefined && this.options.replace?.includes(name) === true;
    if (old && !isDeletedFirst && !isForced) return this.change(declared, old);

    const inputs = await this.run.check(declared, {}, this.newsOf(declared));
    if (!inputs) return false;
    if (isForced && !this.mayReplace(declared, old)) return false;
    if (old) this.replaced.add(name);
    return this.create(declared, inputs, old);
  }

  private async change(declared: Declared, old: Entry): Promise<boolean> {
    const { run } = this;
    const inputs = await run.check(declared, old.inputs, withIgnored(this.newsOf(declared), declared, old));
    if (!inputs) return false;
    const isTriggered =
      (declared.trigger !== undefined && old.trigger !== undefined && declared.trigger !== old.trigger) ||
      (declared.replaceWith?.some((other) => this.replaced.has(other)) ?? false);
    const diff = isTriggered ? undefined : await run.diff(declared, old.id, old.outputs, inputs);
    if (!isTriggered && !diff) return false;
    const isReplaced = diff?.changes === true && diff.replaces.length > 0;
    if (!isTriggered && !isReplaced && !old.pendingReplacement)
      return this.keep(declared, inputs, old, diff?.changes ?? false);

    if (!this.mayReplace(declared, old)) return false;
    this.replaced.add(declared.name);
    const fresh = await run.check(declared, {}, this.newsOf(declared));
    return fresh ? this.create(declared, fresh, old) : false;
  }

  /** An update of the record, or no step at all. */
  private async keep(declared: Declared, inputs: Bag, old: Entry, changes: boolean): Promise<boolean> {
    if (this.what === "preview") return true;
    const isUpdate = changes || (old.initErrors?.length ?? 0) > 0;
    const updated = isUpdate
      ? await this.run.update(declared, old.id, old.outputs, inputs)
      : { outs: old.outputs, initErrors: [] };
    if (!updated) return this.fail(declared);
    const { outs: outputs, initErrors = [] } = updated;
    const { kind, name } = declared;
    const entry = { kind, name, inputs, outputs, id: old.id, pending: false, initErrors };
    this.put(old, { ...entry, ...optionsOf(declared) });
    return initErrors.length === 0 || this.fail(declared);
  }

  private async create(declared: Declared, inputs: Bag, old: Entry | undefined): Promise<boolean> {
    if (this.what === "preview") return true;
    const created = await this.run.create(declared, inputs);
    if (!created) return this.fail(declared);
    // The old one stays in the state until its delete, at the end of the update.
    if (old && this.deletedFirst.has(old)) {
      this.state.entries = this.state.entries.filter((entry) => entry !== old);
    } else if (old) {
      this.kept.delete(this.put(old, { ...old, pending: true }));
    }
    const { kind, name } = declared;
    const { id, outs: outputs, initErrors } = created;
    const entry = { kind, name, inputs, outputs, id, pending: false, ...optionsOf(declared) };
    this.kept.add(this.add({ ...entry, ...(initErrors && { initErrors }) }));
    return initErrors === undefined || this.fail(declared);
  }

  /** In a preview Pulumi says that it cannot be replaced, and goes on. */
  private mayReplace({ name, protect }: Declared, old: Entry | undefined): boolean {
    if (!protect || !old?.protect) return true;
    this.run.refuse(`unable to replace ${name}, which is protected`);
    return this.what === "preview";
  }

  private fail({ name }: Declared): boolean {
    this.failed.add(name);
    return this.options.continueOnError ?? false;
  }

  /** In a preview nobody knows what a resource gives that is going to be replaced. */
  private asKnown(declared: Declared): Declared {
    const input = this.dependents.find(({ name }) => name === declared.name)?.input;
    if (this.what === "up" || input === undefined) return declared;
    return { ...declared, args: { ...declared.args, [input]: UNKNOWN } };
  }

  /** What the class registers. */
  private newsOf({ kind, name, args, protect }: Declared): Record<string, unknown> {
    const given = Object.fromEntries(Object.entries(args).filter(([, value]) => value !== undefined));
    return {
      ...{ ...given, label: labelOf(kind, name), __provider: `code of ${KINDS[kind].name}` },
      ...(this.what === "preview" && { isPreview: true }),
      ...(protect && { isProtected: true }),
    };
  }

  private oldOf({ kind, name, alias }: Declared): Entry | undefined {
    return this.state.entries.find(
      (entry) => !entry.pending && entry.kind === kind && [name, alias].includes(entry.name),
    );
  }

  private put(old: Entry, entry: Entry): Entry {
    this.state.entries = this.state.entries.map((other) => (other === old ? entry : other));
    if (this.kept.delete(old)) this.kept.add(entry);
    return entry;
  }

  private add(entry: Entry): Entry {
    this.state.entries = [...this.state.entries, entry];
    return entry;
  }
}

function optionsOf({ dependsOn, replaceWith, protect, trigger }: Declared): Options {
  return {
    ...(dependsOn && { dependsOn }),
    ...(replaceWith && { replaceWith }),
    ...(protect && { protect }),
    ...(trigger !== undefined && { trigger }),
  };
}

/** The first check gets what is stored of inputs under `ignoreChanges`; a replacement's second one does not. */
function withIgnored(given: Record<string, unknown>, declared: Declared, old: Entry): Bag {
  for (const ignored of declared.ignoreChanges ?? []) {
    if (ignored in old.inputs) given[ignored] = old.inputs[ignored];
    else Reflect.deleteProperty(given, ignored);
  }
  return given;
}

export function labelOf(kind: KindName, name: string): string {
  return `acme/shop/prod/${kind}/${name}`;
}
