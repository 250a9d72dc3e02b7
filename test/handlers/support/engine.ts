import type { DynamicHandlers } from "../../../provider/host/dynamic-handlers";
import type { KindName } from "../../../provider/domain/kinds";
import { Registrations } from "./registration";
import { type Declared, type Entry, Run, type RunResult } from "./run";
import type { RunOptions } from "./run-options";

/** In which order deletes are begun: the engine promises none, but that dependents go first. */
export type DeleteOrder = "newest first" | "oldest first" | "at once";

/**
 * Plays Pulumi's engine for token resources: the same calls, in the same order, with what the wire leaves of values.
 * test/stories/engine-conformance.test.ts holds it against the engine itself.
 */
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

  /** Leaves the state as it was. */
  async preview(program: readonly Declared[], options: RunOptions = {}): Promise<RunResult> {
    const { entries } = this;
    try {
      return await this.run("preview", program, options);
    } finally {
      this.entries = entries;
    }
  }

  up(program: readonly Declared[], options: RunOptions = {}): Promise<RunResult> {
    return this.run("up", program, options);
  }

  /** Removes everything without a program: no check and no diff. */
  async destroy(): Promise<RunResult> {
    const run = new Run(this.newProcess("destroy"));
    await this.deleteAll(run, this.entries, {});
    return run;
  }

  async refresh(): Promise<RunResult> {
    const run = new Run(this.newProcess("up"));
    await this.refreshAll(run);
    return run;
  }

  private async run(
    what: "up" | "preview",
    program: readonly Declared[],
    options: RunOptions,
  ): Promise<RunResult> {
    const run = new Run(this.newProcess(what));
    if (options.refresh) {
      await this.refreshAll(run);
      if (run.failed) return run;
    }
    const registrations = new Registrations(this, run, what, options);
    if (!(await registrations.deleteFirst())) return run;
    for (const declared of program) {
      if (!(await registrations.register(declared))) return run;
    }
    const { target } = options;
    const isLeft = (entry: Entry) =>
      registrations.kept.has(entry) || (target !== undefined && !target.includes(entry.name));
    const doomed = this.entries.filter((entry) => !isLeft(entry));
    if (what === "preview") for (const entry of doomed) refuseProtected(run, entry);
    // A program of which a resource failed has failed itself: nothing is deleted then, `--continue-on-error` or not.
    else if (!run.failed && !options.dependantFails) await this.deleteAll(run, doomed, options);
    return run;
  }

  /**
   * Read and diff of everything, with the old inputs as news, and without a check; of what waits for its delete as
   * well, but not of what was deleted first.
   */
  private async refreshAll(run: Run): Promise<void> {
    for (const entry of this.entries.filter(({ pendingReplacement }) => !pendingReplacement)) {
      const outputs = await run.read(entry);
      if (!outputs) continue;
      if (!(await run.diff(entry, entry.id, outputs, entry.inputs))) continue;
      // A refresh empties initErrors.
      const { initErrors: _, ...rest } = entry;
      this.entries = this.entries.map((other) => (other === entry ? { ...rest, outputs } : other));
    }
  }

  private async deleteAll(
    run: Run,
    doomed: readonly Entry[],
    { continueOnError = false }: RunOptions,
  ): Promise<void> {
    // What was deleted first, and has no successor, leaves the state without a call.
    const isGone = ({ pendingReplacement, pending }: Entry) => pendingReplacement && !pending;
    this.entries = this.entries.filter((entry) => !doomed.includes(entry) || !isGone(entry));
    const stays = new Set<Entry>();
    const one = async (entry: Entry) => {
      const isDeleted =
        ![...stays].some((other) => isDependent(other, entry)) &&
        !refuseProtected(run, entry) &&
        (await run.delete(entry));
      if (isDeleted) this.entries = this.entries.filter((other) => other !== entry);
      else stays.add(entry);
    };
    for (const chain of chainsOf(doomed.filter((entry) => !isGone(entry)))) {
      if (stays.size > 0 && !continueOnError) return;
      const order = this.deleteOrder === "oldest first" ? chain : [...chain].reverse();
      if (this.deleteOrder === "at once") await Promise.all(order.map(one));
      else for (const entry of order) await one(entry);
    }
  }
}

/** What waits for its delete was refused, if at all, when it was replaced. */
function refuseProtected(run: Run, { name, protect, pending }: Entry): boolean {
  if (!protect || pending) return false;
  run.refuse(`unable to delete ${name}, which is protected`);
  return true;
}

function isDependent({ dependsOn = [], replaceWith = [] }: Entry, { name }: Entry): boolean {
  return [...dependsOn, ...replaceWith].includes(name);
}

/**
 * What is deleted together: dependents before what they depend on.
 * Source: pulumi/pulumi pkg/resource/deploy/step_generator.go, `ScheduleDeletes`.
 */
function chainsOf(doomed: readonly Entry[]): readonly (readonly Entry[])[] {
  if (doomed.length === 0) return [];
  const isFree = (entry: Entry) => !doomed.some((other) => other !== entry && isDependent(entry, other));
  const chain = doomed.filter(isFree);
  if (chain.length === 0) throw new Error("resources depend on each other in a circle");
  return [...chainsOf(doomed.filter((entry) => !isFree(entry))), chain];
}
