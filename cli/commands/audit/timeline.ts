import type { EventLog } from "../../pulumi/event-log";
import type { HistoryEntry } from "../../pulumi/history";
import type { HeldToken } from "../../tokens/held-token";
import type { Update } from "../../pulumi/updates";
import { driftBetween } from "./changes";
import {
  type Ending,
  deletedFirstEnding,
  endingOf,
  fateEnding,
  goneEnding,
  type Hearing,
  markedEnding,
  saidOf,
  saidOfNamed,
} from "./outcome";
import { createFailures } from "./failures";
import { adoptionOf, adopts, isTakenOver, mintingOf } from "./origin";
import {
  type AuditEvent,
  isOfStore,
  isPast,
  isReported,
  type TokenHistory,
  type Report,
  subjectOf,
} from "./model";
import { indexLog, NO_LOG } from "./log-index";
import { createSnapshots, EMPTY, keyOf, type Snapshot } from "./snapshot";

/** Turns the updates of one stack into events. */
export interface Timeline {
  /** Adds an update; the oldest first. A base has no events: it is the first state of `audit diff`. */
  step(entry: HistoryEntry, isBase?: boolean): void;
  /** The report at `now` in Unix seconds. Later if the history is ahead of the clock. */
  finish(now: number): Report;
}

interface Span {
  from?: number | undefined;
  to?: number | undefined;
  stack?: string | undefined;
  updates: number;
  /** The latest time that has certainly passed, before and after the current update. */
  since: number;
  asOf: number;
}

type Told = Pick<AuditEvent, "what" | "detail"> & Partial<AuditEvent>;

const DRIFT = "the state has other rights for the same token, which no update can change";

const RESTORED = "it is in the state again, for example after `pulumi stack import`";

export function createTimeline(log: EventLog = NO_LOG): Timeline {
  const histories = new Map<string, TokenHistory>();
  const events: AuditEvent[] = [];
  const said = indexLog(log);
  const failures = createFailures(log);
  const span: Span = { updates: 0, since: 0, asOf: 0 };
  const snapshotOf = createSnapshots();
  let before: Snapshot = EMPTY;

  const tell = (told: Told) => {
    events.push({ evidence: "inferred", changes: [], ...told });
  };

  const end = (key: string, token: HeldToken, ending: Ending, update?: Update) => {
    const { how, evidence, detail, until } = ending;
    const isExpiry = how === "expired";
    // The log's clock may be slow: events of an update are never before events of earlier updates.
    const time = isExpiry ? ending.time : Math.max(ending.time, span.since);
    const history = histories.get(key);
    // An answer of the store overrides a line of a log.
    const isProven = isOfStore(ending) && history?.end !== undefined && isReported(history.end);
    const isOver = history?.end !== undefined && history.end.how !== "left to expire" && how !== "revoked";
    if (!isProven && (isOver || history?.end?.how === how)) return;
    histories.set(key, { ...(history ?? { key }), token, end: { how, time, evidence, ...(update && { update: update.number }) } }); // prettier-ignore
    tell({
      ...{ what: how === "refused" ? "failed" : how, time, evidence, detail, token: subjectOf(token) },
      ...(update && !isExpiry && { update }),
      ...(until !== undefined && { until }),
    });
  };

  /** A line says that a token is lost, but the last state still has it: the line is reported, the state is believed. */
  const contradict = (key: string, token: HeldToken, { how, detail, time, evidence }: Ending) => {
    const what = how === "refused" ? "failed" : how;
    if (events.some((each) => each.what === what && keyOfSubject(each) === key && isReported(each))) return;
    tell({ what, time, evidence, token: subjectOf(token), detail: `${detail}; the state still has it` });
  };

  const adopt = (key: string, token: HeldToken, update: Update, from?: string) => {
    const { end: _, ...history } = histories.get(key) ?? { key };
    histories.set(key, { ...history, token, adoptedIn: update.number });
    tell(adoptionOf(token, from, { update, asOf: span.asOf, said: (each) => said.of(each, update) }));
  };

  const restore = (key: string, token: HeldToken, update: Update) => {
    const { end: ended, ...history } = histories.get(key) ?? { key, token };
    if (!ended || isOfStore(ended)) return;
    if (token.isAdopted && adopts(update)) {
      adopt(key, token, update);
      return;
    }
    histories.set(key, { ...history, token });
    tell({ what: "drifted", time: span.asOf, update, token: subjectOf(token), detail: RESTORED });
  };

  const enter = (after: Snapshot, update: Update) => {
    const heard: Hearing = (token) => said.of(token, update);
    for (const [key, token] of after.tokens) {
      const isPredecessor = token.role === "predecessor";
      const history = histories.get(key);
      if (history) {
        if (isPredecessor) continue;
        if (history.token !== token) histories.set(key, { ...history, token });
        const old = before.tokens.get(key);
        if (!old) restore(key, token, update);
        else if (isTakenOver(old, token, update)) adopt(key, token, update, old.resource);
        continue;
      }
      const minting = mintingOf({
        token,
        before,
        after,
        update,
        asOf: span.asOf,
        isFirst: span.updates === 1,
        said: heard,
      });
      const cameIn = minting.what === "adopted" ? "adoptedIn" : "mintedIn";
      histories.set(key, { key, token, ...(minting.update && { [cameIn]: update.number }) });
      tell(minting);
      if (token.isGone) end(key, token, goneEnding(span.asOf), update);
      else if (token.role === "pending replacement") end(key, token, deletedFirstEnding(token, span.asOf), update); // prettier-ignore
      if (isPredecessor) {
        const told =
          saidOf(saidOfNamed(token, after, heard), span.asOf) ?? fateEnding(token, span.asOf, update);
        end(key, token, told, update);
      }
    }
  };

  const drift = (after: Snapshot, update: Update) => {
    for (const [key, token] of after.tokens) {
      const old = before.tokens.get(key);
      if (!old || old === token || old.role === "predecessor" || token.role === "predecessor") continue;
      if (token.isGone && !old.isGone) {
        const seen = said.of(token, update).findLast(({ effect }) => effect === "gone");
        end(key, token, markedEnding(span.asOf, seen), update);
      }
      const changes = driftBetween(old, token);
      if (changes.length === 0) continue;
      tell({ what: "drifted", time: span.asOf, update, token: subjectOf(token), changes, detail: DRIFT });
    }
  };

  const leave = (after: Snapshot, update: Update) => {
    for (const [key, token] of before.tokens) {
      const now = after.tokens.get(key);
      if (now && !isGivenUp(token, now)) continue;
      const heard: Hearing = (each) => said.of(each, update);
      const ending = endingOf({ token, before, after, update, asOf: span.asOf, said: heard });
      if (ending) end(key, token, ending, update);
    }
  };

  return {
    step({ update, deployment }, isBase = false) {
      const after = deployment ? snapshotOf(deployment) : before;
      span.updates += 1;
      span.from ??= update.startedAt ?? update.endedAt;
      span.to = update.endedAt ?? update.startedAt ?? span.to;
      span.stack = after.stack ?? span.stack;
      span.since = span.asOf;
      span.asOf = Math.max(span.asOf, update.endedAt ?? update.startedAt ?? 0, newestIssue(after));
      said.learn(after.tokens.values());
      if (isBase) {
        for (const [key, token] of after.tokens) {
          const { how, time, evidence } = goneEnding(span.asOf);
          histories.set(key, { key, token, ...(token.isGone && { end: { how, time, evidence } }) });
        }
      } else {
        enter(after, update);
        drift(after, update);
        leave(after, update);
        failures.in({ update, deployment, before, after, ...span }).forEach(tell);
      }
      before = after;
    },
    finish(now) {
      const { from, to, stack, updates } = span;
      span.since = 0;
      const last = Math.max(now, span.asOf);
      for (const { key, token, end: ended } of [...histories.values()]) {
        const late = said.last(token, last);
        const { role } = before.tokens.get(key) ?? {};
        const isHeld = role === "current" || role === "pending delete";
        if (late && isReported(late) && isHeld) contradict(key, token, late);
        else if (late) end(key, token, late);
        else if (!ended && isPast(token, last)) {
          const time = token.expiry as number;
          end(key, token, {
            how: "expired",
            time,
            evidence: "inferred",
            detail: "no update replaced it before",
          });
        }
      }
      for (const { life: history, event } of said.unlisted(new Set(histories.keys()))) {
        histories.set(history.key, history);
        tell(event);
      }
      failures.rest().forEach(tell);
      return {
        ...(stack !== undefined && { stack }),
        ...{ updates, asOf: span.asOf },
        ...(from !== undefined && { from }),
        ...(to !== undefined && { to }),
        // The sort is stable: events with the same time keep their order.
        events: [...events].sort((a, b) => (a.time ?? 0) - (b.time ?? 0)),
        histories: [...histories.values()],
      };
    },
  };
}

/** True if the resource gave up this token, although the state still has it. */
function isGivenUp(before: HeldToken, now: HeldToken): boolean {
  if (now.role !== "predecessor" && now.role !== "pending replacement") return false;
  return now.role !== before.role || (before.fate === "letExpire" && now.fate === "revoke");
}

function keyOfSubject({ token }: AuditEvent): string | undefined {
  return token && keyOf(token);
}

function newestIssue({ tokens }: Snapshot): number {
  let newest = 0;
  for (const { issuedAt = 0, role } of tokens.values()) {
    if (role !== "predecessor") newest = Math.max(newest, issuedAt);
  }
  return newest;
}
