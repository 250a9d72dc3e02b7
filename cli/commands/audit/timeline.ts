import { defined } from "../../../provider/defined";
import type { EventLog } from "../../pulumi/event-log";
import type { HistoryEntry } from "../../pulumi/history";
import type { Update } from "../../pulumi/updates";
import { interruptedMints } from "../../tokens/condition";
import type { HeldToken } from "../../tokens/held-token";
import { driftBetween } from "./changes";
import { createFailures } from "./failures";
import { indexLog, NO_LOG } from "./log-index";
import {
  type AuditEvent,
  isExpired,
  isOfStore,
  isReported,
  type Report,
  subjectOf,
  type TokenHistory,
} from "./model";
import { adoptionOf, adopts, isTakenOver, mintingOf } from "./origin";
import {
  deletedFirstEnding,
  type Ending,
  endingIn,
  endingOf,
  goneEnding,
  markedEnding,
  noticesForPrevious,
  previousEnding,
} from "./outcome";
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

const DRIFT = "the state has other rights for the same token, which no update can change";
const RESTORED = "it is in the state again, for example after `pulumi stack import`";

export function createTimeline(eventLog: EventLog = NO_LOG): Timeline {
  const histories = new Map<string, TokenHistory>();
  const events: AuditEvent[] = [];
  const log = indexLog(eventLog);
  const failures = createFailures(eventLog);
  const span: Span = { updates: 0, since: 0, asOf: 0 };
  const snapshotOf = createSnapshots();
  let before: Snapshot = EMPTY;
  let interrupted: readonly string[] = [];

  const add = (event: Pick<AuditEvent, "what" | "detail"> & Partial<AuditEvent>) => {
    events.push({ evidence: "inferred", changes: [], ...event });
  };

  const end = (key: string, token: HeldToken, ending: Ending, update?: Update) => {
    const { how, evidence, detail, until, proof = evidence } = ending;
    const isExpiry = how === "expired";
    // The log's clock may be slow: events of an update are never before events of earlier updates.
    const time = isExpiry ? ending.time : Math.max(ending.time, span.since);
    const history = histories.get(key);
    // An answer of the store overrides a line of a log.
    const isProven = isOfStore({ evidence: proof }) && history?.end !== undefined && isReported(history.end);
    const isOver = history?.end !== undefined && history.end.how !== "left to expire" && how !== "revoked";
    if (!isProven && (isOver || history?.end?.how === how)) return;
    const last = { how, time, evidence: proof, ...defined({ update: update?.number }) };
    histories.set(key, { ...(history ?? { key }), token, end: last });
    add({
      ...{ what: how === "refused" ? "failed" : how, time, evidence, detail, token: subjectOf(token) },
      ...defined({ update: isExpiry ? undefined : update, until }),
    });
  };

  /** A log that has no times has one line for one revocation. */
  const isToldOf = (key: string, what: AuditEvent["what"]) =>
    events.some(
      (each) =>
        each.what === what && isReported(each) && each.token !== undefined && keyOf(each.token) === key,
    );

  const mark = (key: string, token: HeldToken, update: Update) => {
    const notices = log.noticesFor(token, update);
    const isSpent = isToldOf(key, "revoked");
    const own = isSpent ? notices.filter(({ effect }) => effect !== "revoke_accepted") : notices;
    end(key, token, markedEnding(own, span.asOf), update);
  };

  /** A line says that a token is lost, but the last state still has it: the line is reported, the state is believed. */
  const contradict = (key: string, token: HeldToken, { how, detail, time, evidence }: Ending) => {
    const what = how === "refused" ? "failed" : how;
    if (isToldOf(key, what)) return;
    add({ what, time, evidence, token: subjectOf(token), detail: `${detail}; the state still has it` });
  };

  const adopt = (key: string, token: HeldToken, update: Update, from?: string) => {
    const { end: _, ...history } = histories.get(key) ?? { key };
    histories.set(key, { ...history, token, adoptedIn: update.number });
    add(
      adoptionOf(token, from, {
        update,
        asOf: span.asOf,
        noticesFor: (each) => log.noticesFor(each, update),
      }),
    );
  };

  const restore = (key: string, token: HeldToken, update: Update) => {
    const { end: ended, ...history } = histories.get(key) ?? { key, token };
    if (!ended || isOfStore(ended)) return;
    if (token.isAdopted && adopts(update)) {
      adopt(key, token, update);
      return;
    }
    histories.set(key, { ...history, token });
    add({ what: "drifted", time: span.asOf, update, token: subjectOf(token), detail: RESTORED });
  };

  const enter = (after: Snapshot, update: Update) => {
    const noticesFor = (token: HeldToken) => log.noticesFor(token, update);
    const { asOf, updates } = span;
    for (const [key, token] of after.tokens) {
      const isPrevious = token.role === "predecessor";
      const history = histories.get(key);
      if (history) {
        if (isPrevious) continue;
        if (history.token !== token) histories.set(key, { ...history, token });
        const old = before.tokens.get(key);
        if (!old) restore(key, token, update);
        else if (isTakenOver(old, token, update)) adopt(key, token, update, old.resource);
        continue;
      }
      const minting = mintingOf({ token, before, after, update, asOf, isFirst: updates === 1, noticesFor });
      const cameIn = minting.what === "adopted" ? "adoptedIn" : "mintedIn";
      histories.set(key, { key, token, ...(minting.update && { [cameIn]: update.number }) });
      add(minting);
      if (token.isGone) mark(key, token, update);
      else if (token.role === "pending replacement") end(key, token, deletedFirstEnding(token, asOf), update);
      if (!isPrevious) continue;
      const logged = endingIn(noticesForPrevious(token, after, noticesFor), asOf);
      end(key, token, logged ?? previousEnding(token, asOf, update), update);
    }
  };

  const drift = (after: Snapshot, update: Update) => {
    for (const [key, token] of after.tokens) {
      const old = before.tokens.get(key);
      if (!old || old === token || old.role === "predecessor" || token.role === "predecessor") continue;
      if (token.isGone && !old.isGone) {
        mark(key, token, update);
      }
      const changes = driftBetween(old, token);
      if (changes.length === 0) continue;
      add({ what: "drifted", time: span.asOf, update, token: subjectOf(token), changes, detail: DRIFT });
    }
  };

  const leave = (after: Snapshot, update: Update) => {
    const noticesFor = (each: HeldToken) => log.noticesFor(each, update);
    for (const [key, token] of before.tokens) {
      const now = after.tokens.get(key);
      if (now && !isGivenUp(token, now)) continue;
      const ending = endingOf({ token, before, after, update, asOf: span.asOf, noticesFor });
      if (ending) end(key, token, ending, update);
    }
  };

  return {
    step({ update, deployment }, isBase = false) {
      const after = deployment ? snapshotOf(deployment) : before;
      if (deployment) interrupted = interruptedMints(deployment);
      const { startedAt, endedAt } = update;
      span.updates += 1;
      span.from ??= startedAt ?? endedAt;
      span.to = endedAt ?? startedAt ?? span.to;
      span.stack = after.stack ?? span.stack;
      span.since = span.asOf;
      span.asOf = Math.max(span.asOf, endedAt ?? startedAt ?? 0, newestIssue(after));
      log.learn(after.tokens.values());
      if (isBase) {
        for (const [key, token] of after.tokens) {
          const { how, time, evidence } = goneEnding(span.asOf);
          histories.set(key, { key, token, ...(token.isGone && { end: { how, time, evidence } }) });
        }
      } else {
        enter(after, update);
        drift(after, update);
        leave(after, update);
        failures.in({ update, deployment, before, after, ...span }).forEach(add);
      }
      before = after;
    },
    finish(now) {
      const { from, to, stack, updates, asOf } = span;
      span.since = 0;
      const last = Math.max(now, asOf);
      for (const { key, token, end: ended } of [...histories.values()]) {
        const late = log.endingOf(token, last);
        const { role } = before.tokens.get(key) ?? {};
        const isHeld = role === "current" || role === "pending delete";
        if (late && isReported(late) && isHeld) {
          if (!ended || !isOfStore(ended)) contradict(key, token, late);
        } else if (late) end(key, token, late);
        else if (!ended && isExpired(token, last)) {
          const detail = "no update replaced it before";
          end(key, token, { how: "expired", time: token.expiry as number, evidence: "inferred", detail });
        }
      }
      for (const { history, event } of log.unlisted(new Set(histories.keys()))) {
        histories.set(history.key, history);
        add(event);
      }
      failures.rest().forEach(add);
      return {
        ...defined({ stack, from, to }),
        ...{ updates, asOf, interrupted, held: [...before.tokens.values()] },
        // The sort is stable: events with the same time keep their order.
        events: events.sort((a, b) => (a.time ?? 0) - (b.time ?? 0)),
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

function newestIssue({ tokens }: Snapshot): number {
  const own = [...tokens.values()].filter(({ role }) => role !== "predecessor");
  return own.reduce((newest, { issuedAt = 0 }) => Math.max(newest, issuedAt), 0);
}
