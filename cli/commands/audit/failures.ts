import { defined } from "../../../provider/defined";
import type { EventLog, Failure } from "../../pulumi/event-log";
import type { Deployment } from "../../pulumi/export";
import type { Update } from "../../pulumi/updates";
import { partsOf } from "../../../provider/domain/urn";
import { interruptedMints } from "../../tokens/condition";
import type { HeldToken } from "../../tokens/held-token";
import { type AuditEvent, subjectOf } from "./model";
import { worksUntilOf } from "./outcome";
import type { Snapshot } from "./snapshot";

interface Run {
  readonly update: Update;
  readonly deployment: Deployment | undefined;
  readonly before: Snapshot;
  readonly after: Snapshot;
  /** The latest time that has certainly passed, before and after the update. */
  readonly since: number;
  readonly asOf: number;
}

export interface Failures {
  /** The failures of an update, from its state and the provider's errors. */
  in(run: Run): readonly AuditEvent[];
  /** The errors that belong to no update. */
  rest(): readonly AuditEvent[];
}

/** Both times are whole seconds. */
const ROUNDING_S = 1;

export function createFailures(log: EventLog): Failures {
  const left = new Set(log.failures);
  let interrupted = new Set<string>();

  const errorsIn = ({ startedAt = 0, endedAt = Infinity, result }: Update) =>
    [...left].filter(
      ({ time = NaN }) =>
        result !== "succeeded" && time >= startedAt - ROUNDING_S && time <= endedAt + ROUNDING_S,
    );

  return {
    in(run) {
      const { update, deployment, since, asOf } = run;
      const failed = { what: "failed", evidence: "inferred", time: asOf, update, changes: [] } as const;
      const errors = errorsIn(update);
      errors.forEach((error) => left.delete(error));
      const mints = deployment ? interruptedMints(deployment) : [...interrupted];
      const fresh = mints.filter((name) => !interrupted.has(name));
      interrupted = new Set(mints);
      const events: AuditEvent[] = [
        ...errors.map((error) => ({
          ...failed,
          ...tellError(error),
          time: Math.max(error.time ?? asOf, since),
        })),
        ...waiting(run).map((event) => ({ ...failed, ...event })),
        ...fresh.map((name) => ({
          ...failed,
          detail: `${name}: an interrupted update may have minted a token that is in no state`,
        })),
      ];
      if (events.length > 0 || update.result !== "failed") return events;
      return [{ ...failed, detail: "the update failed; the history does not say why" }];
    },
    rest: () => [...left].map((error) => ({ what: "failed", changes: [], ...tellError(error) })),
  };
}

/** Tokens that an update left unfinished, for the next update. */
function waiting({ before, after }: Run): readonly Pick<AuditEvent, "token" | "detail">[] {
  return [...after.tokens].flatMap(([key, token]) => {
    const why = whyWaiting(token, before.tokens.get(key));
    return why === undefined ? [] : [{ token: subjectOf(token), detail: `${why}: ${outcomeOf(token)}` }];
  });
}

/** By the plan of the delete that came first. */
function outcomeOf({ role, isGone, fate, expiry }: HeldToken): string {
  if (isGone) return "a refresh saw that it is gone";
  return role === "pending replacement" && fate === "revoke"
    ? "its revocation was due"
    : worksUntilOf(expiry);
}

function whyWaiting(
  { role, isUnproven, isAdopted }: HeldToken,
  old: HeldToken | undefined,
): string | undefined {
  if (role !== old?.role && role === "pending delete") return "its deletion is pending until the next update";
  if (role !== old?.role && role === "pending replacement") {
    return "its replacement was interrupted, and is pending until the next update";
  }
  if (!isUnproven || old?.isUnproven) return undefined;
  return `${isAdopted ? "adopted" : "minted"}, with a partial failure`;
}

/** An error is never more than "reported": a program can print an error that names any resource. */
function tellError({ urn, kind, message: detail, time }: Failure) {
  const { stack, project, resource } = partsOf(urn);
  return {
    evidence: "reported",
    token: { stack, project, resource, urn, kind },
    detail,
    ...defined({ time }),
  } as const;
}
