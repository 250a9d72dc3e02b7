/** What a user or a program's other resources do to one run. */
export interface RunOptions {
  /** Names under `--replace`, or tainted. */
  readonly replace?: readonly string[];
  /** Names under `--target`: nothing else is asked about or changed. */
  readonly target?: readonly string[];
  /** `up --refresh`. */
  readonly refresh?: boolean;
  /** `--continue-on-error`. */
  readonly continueOnError?: boolean;
  /**
   * Dependents of a resource that is deleted before it is replaced in this run, in the order in which the state holds
   * them. A name alone: its channels come from there.
   */
  readonly deletedFirst?: readonly (string | DeletedFirst)[];
  /** A dependant of the tokens fails: what was replaced or removed is not deleted in this run. */
  readonly dependantFails?: boolean;
}

export interface DeletedFirst {
  readonly name: string;
  /** The input whose value comes from the other resource; absent where `replaceWith` names that resource. */
  readonly input?: string;
}
