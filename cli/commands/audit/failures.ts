import { interruptedMints } from "../../tokens/condition";
import type { EventLog, Failure } from "../../pulumi/event-log";
import type { Deployment } from "../../pulumi/export";
import { partsOf } from "../../pulumi/urn";
import type { Update } from "../../pulumi/updates";
import { worksUntilOf } from "./outcome";
import { type AuditEvent, subjectOf } from "./model";
import type { Snapshot } from "./snapshot";

interface Ran {
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
  in(ran: Ran): readonly AuditEvent[];
  /** The errors that belong to no update. */
  rest(): readonly AuditEvent[];
}

const ROUNDING_S = 1;

export function createFailures(log: EventLog): Failures {
  const left = new Set(log.failures);
  let interrupted = new Set<string>();

  const errorsIn = ({ startedAt = 0, endedAt = Infinity, result }: Update) =>
    [...left].filter(
      ({ time }) =>
        time !== undefined &&
        result !== "succeeded" &&
        time >= startedAt - ROUNDING_S &&
        time <= endedAt + ROUNDING_S,
    );

  return {
    in(ran) {
      const { update, deployment, since, asOf } = ran;
      const failed = { what: "failed", evidence: "inferred", time: asOf, update, changes: [] } as const;
      const errors = errorsIn(update);
      errors.forEach((error) => left.delete(error));
      const mints = deployment ? interruptedMints(deployment) : [...interrupted];
      const fresh = mints.filter((name) => !interrupted.has(name));
      interrupted = new Set(mints);
      const events: AuditEvent[] = [
        ...errors
          .map(tellError)
          .map((told) => ({ ...failed, ...told, time: Math.max(told.time ?? asOf, since) })),
        ...waiting(ran).map((event) => ({ ...failed, ...event })),
        ...fresh.map((name) => ({ ...failed, detail: interruptedText(name) })),
      ];
      if (events.length > 0 || update.result !== "failed") return events;
      return [{ ...failed, detail: "the update failed; the history does not say why" }];
    },
    rest: () => [...left].map((error) => ({ what: "failed", changes: [], ...tellError(error) })),
  };
}

/** Tokens that an update left unfinished, for the next update. */
function waiting({ before, after }: Ran): readonly Pick<AuditEvent, "token" | "detail">[] {
  return [...after.tokens].flatMap(([key, token]) => {
    const old = before.tokens.get(key);
    if (old === token) return [];
    const told = (why: string) => [
      { token: subjectOf(token), detail: `${why}: ${worksUntilOf(token.expiry)}` },
    ];
    if (token.role === "pending delete" && old?.role !== "pending delete") {
      return told("its deletion is pending until the next update");
    }
    if (token.role === "pending replacement" && old?.role !== "pending replacement") {
      return told("its replacement was interrupted, and is pending until the next update");
    }
    return token.isUnproven && !old?.isUnproven
      ? told(`${token.isAdopted ? "adopted" : "minted"}, with a partial failure`)
      : [];
  });
}

/** An error is never more than "reported": a program can print an error that names any resource. */
function tellError({
  urn,
  kind,
  message,
  time,
}: Failure): Pick<AuditEvent, "evidence" | "detail" | "time" | "token"> {
  const token = { ...partsOf(urn), urn, kind };
  return { evidence: "reported", token, detail: message, ...(time !== undefined && { time }) };
}

function interruptedText(resource: string): string {
  return `${resource}: an interrupted update may have minted a token that is in no state`;
}
