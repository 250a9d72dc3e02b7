import { UNKNOWN } from "./samples";
import type { DynamicHandlers } from "../../../provider/host/dynamic";
import { KINDS, type KindName } from "../../../provider/domain/kinds";
import { type Bag, type Declared, type Entry, Run, type RunResult } from "./run";

export interface RunOptions {
  /** Names under `--replace`, or tainted, or with a `replacementTrigger` that fired. */
  readonly replace?: readonly string[];
  /** `up --refresh`. */
  readonly refresh?: boolean;
  /** Names whose channels come from a resource that is deleted before it is replaced in this run. */
  readonly deletedFirst?: readonly string[];
  /** A dependant of the tokens fails: what was replaced or removed is not deleted in this run. */
  readonly dependantFails?: boolean;
}

/** In which order deletes are begun: the engine promises none. */
export type DeleteOrder = "newest first" | "oldest first" | "at once";

/** Plays Pulumi's engine for token resources: the same calls, in the same order, with what the wire leaves of values. */
export class FakeEngine {
  entries: Entry[] = [];

  constructor(
    private readonly newProcess: (run: "up" | "preview" | "destroy") => (kind: KindName) => DynamicHandlers,
    private readonly deleteOrder: DeleteOrder = "newest first",
  ) {}

  /** The one entry of a name that is not waiting for its delete. */
  live(name: string): Entry {
    const found = this.entries.filter((entry) => entry.name === name && !entry.pending);
    if (found.length !== 1) throw new Error(`${found.length} live resources are called ${name}`);
    return found[0]!;
  }

  pendingOf(name: string): readonly Entry[] {
    return this.entries.filter((entry) => entry.name === name && entry.pending);
  }

  preview(program: readonly Declared[], options: RunOptions = {}): Promise<RunResult> {
    return this.run("preview", program, options);
  }

  up(program: readonly Declared[], options: RunOptions = {}): Promise<RunResult> {
    return this.run("up", program, options);
  }

  /** Removes everything without a program: no check and no diff. */
  async destroy(): Promise<RunResult> {
    const run = new Run(this.newProcess("destroy"));
    // What was deleted first leaves the state without a call.
    this.entries = this.entries.filter(({ pendingReplacement }) => !pendingReplacement);
    await this.deleteAll(run, this.entries);
    return run;
  }

  /** `pulumi refresh`: read and diff of everything, with the old inputs as news, and without a check. */
  async refresh(): Promise<RunResult> {
    const run = new Run(this.newProcess("up"));
    await this.refreshAll(run, "up");
    return run;
  }

  private async run(
    what: "up" | "preview",
    program: readonly Declared[],
    { replace = [], refresh = false, dependantFails = false, deletedFirst = [] }: RunOptions,
  ): Promise<RunResult> {
    const run = new Run(this.newProcess(what));
    if (refresh) await this.refreshAll(run, what);
    for (const name of deletedFirst) await this.deleteFirst(run, what, name);
    if (run.errors.length > 0) return run;
    const kept = new Set<Entry>();
    for (const declared of program) {
      const isFirst = deletedFirst.includes(declared.name);
      const channelIds = what === "preview" && isFirst ? { channelIds: UNKNOWN } : {};
      const given = { ...declared, args: { ...declared.args, ...channelIds } };
      await this.step(run, what, given, isFirst || replace.includes(declared.name), kept);
      if (run.failed) return run;
    }
    if (dependantFails || what === "preview") return run;
    await this.deleteAll(
      run,
      this.entries.filter((entry) => !kept.has(entry)),
    );
    return run;
  }

  /** A diff with what the dependency gives unknown, then the delete; all before the program declares anything. */
  private async deleteFirst(run: Run, what: "up" | "preview", name: string): Promise<void> {
    const old = this.entries.find((entry) => entry.name === name && !entry.pending);
    if (!old) throw new Error(`nothing is called ${name}`);
    const diff = await run.diff(old, old.id, old.outputs, { ...old.inputs, channelIds: UNKNOWN });
    if (what === "preview" || !diff?.replaces.length || !(await run.delete(old))) return;
    this.entries[this.entries.indexOf(old)] = { ...old, pendingReplacement: true };
  }

  private async step(
    run: Run,
    what: "up" | "preview",
    declared: Declared,
    forced: boolean,
    kept: Set<Entry>,
  ): Promise<void> {
    const { kind, name } = declared;
    const news = newsOf(declared);
    const old = this.entries.find(
      (entry) => !entry.pending && entry.kind === kind && [name, declared.alias].includes(entry.name),
    );
    if (!old || forced) {
      const inputs = await run.check(declared, {}, news);
      if (inputs && what === "up") await this.create(run, declared, inputs, old, kept);
      return;
    }
    const given = { ...news };
    for (const ignored of declared.ignoreChanges ?? []) {
      if (ignored in old.inputs) given[ignored] = old.inputs[ignored];
      else Reflect.deleteProperty(given, ignored);
    }
    const inputs = await run.check(declared, old.inputs, given);
    if (!inputs) return;
    const diff = await run.diff(declared, old.id, old.outputs, inputs);
    if (!diff) return;
    if ((diff.changes && diff.replaces.length > 0) || old.pendingReplacement) {
      const fresh = await run.check(declared, {}, news);
      if (fresh && what === "up") await this.create(run, declared, fresh, old, kept);
      return;
    }
    if (what === "preview") return;
    const updates = diff.changes || (old.initErrors?.length ?? 0) > 0;
    const updated = updates
      ? await run.update(declared, old.id, old.outputs, inputs)
      : { outs: old.outputs, initErrors: [] };
    if (!updated) return;
    const { outs: outputs, initErrors = [] } = updated;
    this.put(old, { ...old, name, inputs, outputs, initErrors }, kept);
  }

  private async create(
    run: Run,
    declared: Declared,
    inputs: Bag,
    old: Entry | undefined,
    kept: Set<Entry>,
  ): Promise<void> {
    const created = await run.create(declared, inputs);
    if (!created) {
      if (old) kept.add(old);
      return;
    }
    // The old one stays in the state until its delete, at the end of the update.
    const isDeleted = old?.pendingReplacement && run.calls.includes(`delete ${old.name}`);
    if (isDeleted) this.entries = this.entries.filter((entry) => entry !== old);
    else if (old)
      this.entries = this.entries.map((entry) => (entry === old ? { ...old, pending: true } : entry));
    const { kind, name } = declared;
    const { id, outs: outputs, initErrors } = created;
    const entry = { kind, name, inputs, outputs, id, pending: false, ...(initErrors && { initErrors }) };
    this.entries.push(entry);
    kept.add(entry);
  }

  private put(old: Entry, entry: Entry, kept: Set<Entry>): void {
    this.entries = this.entries.map((other) => (other === old ? entry : other));
    kept.add(entry);
  }

  private async refreshAll(run: Run, what: "up" | "preview"): Promise<void> {
    for (const entry of this.entries.filter(({ pending }) => !pending)) {
      const outputs = await run.read(entry);
      if (!outputs) return;
      if (outputs === "gone") {
        if (what === "up") this.entries = this.entries.filter((other) => other !== entry);
        continue;
      }
      await run.diff(entry, entry.id, outputs, entry.inputs);
      // A refresh empties initErrors.
      const { initErrors: _, ...rest } = entry;
      if (what === "up") this.entries[this.entries.indexOf(entry)] = { ...rest, outputs };
    }
  }

  private async deleteAll(run: Run, doomed: readonly Entry[]): Promise<void> {
    const one = async (entry: Entry) => {
      if (await run.delete(entry)) this.entries = this.entries.filter((other) => other !== entry);
    };
    const order = this.deleteOrder === "oldest first" ? [...doomed] : [...doomed].reverse();
    if (this.deleteOrder === "at once") await Promise.all(order.map(one));
    else for (const entry of order) await one(entry);
  }
}

function newsOf({ kind, name, args }: Declared): Record<string, unknown> {
  const given = Object.fromEntries(Object.entries(args).filter(([, value]) => value !== undefined));
  return { ...given, label: labelOf(kind, name), __provider: `code of ${KINDS[kind].name}` };
}

export function labelOf(kind: KindName, name: string): string {
  return `acme/shop/prod/${kind}/${name}`;
}
