import { defined } from "../../../provider/defined";
import { KINDS, type KindName } from "../../../provider/domain/kinds";
import { type EventLog, isEnding, type Notice } from "../../pulumi/event-log";
import type { Update } from "../../pulumi/updates";
import type { HeldToken } from "../../tokens/held-token";
import { type AuditEvent, subjectOf, type TokenHistory } from "./model";
import { type Ending, endingIn, worksUntilOf } from "./outcome";

/** The provider's notices, by token. Only those count that name a token as a state does, by label and fingerprint. */
export interface LogIndex {
  /** Takes note of what a state calls its tokens. */
  learn(tokens: Iterable<HeldToken>): void;
  /** Those of an update, and those that have no time; the most final last, in whatever order the logs were given. */
  noticesFor(token: HeldToken, update: Update): readonly Notice[];
  /** By all notices on a token. */
  endingOf(token: HeldToken, asOf: number): Ending | undefined;
  /** Of the tokens that no state names. */
  unlisted(keys: ReadonlySet<string>): readonly UnlistedToken[];
}

interface UnlistedToken {
  readonly history: TokenHistory;
  readonly event: AuditEvent;
}

export const NO_LOG: EventLog = { notices: [], failures: [] };

/** From the first notice on a token to the most final one. */
const ORDER: readonly Notice["effect"][] = [
  ...(["minted", "adopted", "left_to_expire", "expired", "revocation_refused", "gone"] as const),
  ...(["revoke_accepted", "revoked_before"] as const),
];

/** Both times are whole seconds. */
const ROUNDING_S = 1;

export function indexLog({ notices }: EventLog): LogIndex {
  const inOrder = [...notices].sort(
    (a, b) =>
      ORDER.indexOf(a.effect) - ORDER.indexOf(b.effect) || Number(a.isFromProcess) - Number(b.isFromProcess),
  );
  const byToken = new Map<string, Notice[]>();
  for (const notice of inOrder) {
    const same = byToken.get(notice.fingerprint);
    if (same) same.push(notice);
    else byToken.set(notice.fingerprint, [notice]);
  }
  const labels = new Set<string>();
  const all = ({ fingerprint = "", expiry }: HeldToken): readonly Notice[] =>
    (byToken.get(fingerprint) ?? [])
      .filter(({ label }) => labels.has(`${fingerprint} ${label}`))
      .map((notice) => ({ ...notice, ...defined({ expiry }) }));
  return {
    learn(tokens) {
      for (const { fingerprint = "", label = "" } of tokens) {
        if (byToken.has(fingerprint)) labels.add(`${fingerprint} ${label}`);
      }
    },
    noticesFor: (token, { endedAt = Infinity }) =>
      all(token).filter(({ time = 0 }) => time <= endedAt + ROUNDING_S),
    endingOf: (token, asOf) => endingIn(all(token), asOf),
    unlisted: (keys) =>
      [...byToken]
        .filter(([key]) => !keys.has(key))
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .flatMap(([, each]) => unlisted(each.filter(({ isFromProcess }) => isFromProcess))),
  };
}

/** Only the notices tell of the token, so that everything about it is reported. */
function unlisted(notices: readonly Notice[]): readonly UnlistedToken[] {
  const [first] = notices;
  const token = first && tokenOf(first);
  if (!token) return [];
  const key = first.fingerprint;
  const event = { token: subjectOf(token), changes: [], evidence: "reported" } as const;
  const begin = notices.find((notice) => !isEnding(notice));
  const ending = endingIn(notices, begin?.time ?? 0);
  const found: UnlistedToken[] = [];
  if (begin) {
    const what = begin.effect === "adopted" ? "adopted" : "minted";
    const detail = `in no state of this history; ${worksUntilOf(begin.expiry)}`;
    found.push({
      history: { key, token },
      event: { ...event, what, detail, ...defined({ time: begin.time }) },
    });
  }
  if (ending) {
    const { how, detail, time } = ending;
    const history = { key, token, end: { how, time, evidence: "reported" } } as const;
    found.push({ history, event: { ...event, what: how === "refused" ? "failed" : how, detail, time } });
  }
  return found;
}

/** As far as its label tells: `<organization>/<project>/<stack>/<kind>/<name>`. */
function tokenOf({ effect, label, fingerprint, expiry, time }: Notice): HeldToken | undefined {
  const [, project = "", stack = "", kind = "", ...name] = label.split("/");
  if (!isKind(kind)) return undefined;
  return {
    ...{ project, stack, kind, label, fingerprint, urn: label, resource: name.join("/"), hidden: [] },
    ...{ role: "predecessor", isProtected: false, isTainted: false, isUnproven: false, isAdopted: false },
    ...{ hasOwnJti: false, isGone: false },
    // No notice tells when an adopted token was issued.
    ...defined({ expiry, issuedAt: effect === "adopted" ? undefined : time }),
  };
}

function isKind(text: string): text is KindName {
  return Object.hasOwn(KINDS, text);
}
