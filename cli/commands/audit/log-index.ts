import { KINDS, type KindName } from "../../../provider/domain/kinds";
import { type EventLog, isEnding, type Notice } from "../../pulumi/event-log";
import type { HeldToken } from "../../tokens/held-token";
import type { Update } from "../../pulumi/updates";
import { type Ending, saidOf, worksUntilOf } from "./outcome";
import { type AuditEvent, type TokenHistory, subjectOf } from "./model";

/** The provider's lines, by token. Only those count that name a token as some state names it, by label and fingerprint. */
export interface Said {
  /** Takes note of what a state calls its tokens. */
  learn(tokens: Iterable<HeldToken>): void;
  /** Those of an update, and those that have no time; the most final last, in whatever order the logs were given. */
  of(token: HeldToken, update: Update): readonly Notice[];
  /** How the last of them leaves the token. */
  last(token: HeldToken, asOf: number): Ending | undefined;
  /** Of the tokens that no state names. */
  unlisted(keys: ReadonlySet<string>): readonly { readonly life: TokenHistory; readonly event: AuditEvent }[];
}

export const NO_LOG: EventLog = { notices: [], failures: [] };

/** From a token's beginning to what is for ever. */
const ORDER: readonly Notice["effect"][] = [
  ...(["minted", "adopted", "left_to_expire", "expired", "revocation_refused", "gone"] as const),
  ...(["revoke_accepted", "revoked_before"] as const),
];

/** Both are whole seconds. */
const ROUNDING_S = 1;

export function indexLog({ notices }: EventLog): Said {
  const byToken = new Map<string, Notice[]>();
  const labels = new Map<string, Set<string>>();
  const inOrder = [...notices].sort(
    (a, b) =>
      ORDER.indexOf(a.effect) - ORDER.indexOf(b.effect) || Number(a.isFromProcess) - Number(b.isFromProcess),
  );
  for (const notice of inOrder) {
    const same = byToken.get(notice.fingerprint);
    if (same) same.push(notice);
    else byToken.set(notice.fingerprint, [notice]);
  }
  const all = ({ fingerprint = "", expiry }: HeldToken): readonly Notice[] => {
    const known = labels.get(fingerprint);
    return (byToken.get(fingerprint) ?? [])
      .filter(({ label }) => known?.has(label))
      .map((notice) => (expiry === undefined ? notice : { ...notice, expiry }));
  };
  return {
    learn(tokens) {
      for (const { fingerprint, label } of tokens) {
        if (fingerprint === undefined || label === undefined || !byToken.has(fingerprint)) continue;
        const known = labels.get(fingerprint);
        if (known) known.add(label);
        else labels.set(fingerprint, new Set([label]));
      }
    },
    of: (token, { endedAt = Infinity }) => all(token).filter(({ time = 0 }) => time <= endedAt + ROUNDING_S),
    last: (token, asOf) => saidOf(all(token), asOf),
    unlisted: (keys) =>
      [...byToken.keys()]
        .filter((key) => !keys.has(key))
        .sort()
        .flatMap((key) => unlisted((byToken.get(key) ?? []).filter(({ isFromProcess }) => isFromProcess))),
  };
}

/** Nothing but the lines tells of it, so that nothing of it is more than reported. */
function unlisted(notices: readonly Notice[]): ReturnType<Said["unlisted"]> {
  const [first] = notices;
  const token = first && tokenOf(first);
  if (!token) return [];
  const key = first.fingerprint;
  const begun = notices.find((notice) => !isEnding(notice));
  const ending = saidOf(notices, begun?.time ?? 0);
  const told = { token: subjectOf(token), changes: [] };
  const story: { life: TokenHistory; event: AuditEvent }[] = [];
  const { time } = begun ?? {};
  if (begun) {
    const detail = `in no state of this history; ${worksUntilOf(begun.expiry)}`;
    const what = begun.effect === "adopted" ? "adopted" : "minted";
    const event = { ...told, what, evidence: "reported", detail } as const;
    story.push({ life: { key, token }, event: { ...event, ...(time !== undefined && { time }) } });
  }
  if (ending) {
    const { how, detail, time: at } = ending;
    const event = {
      ...told,
      what: how === "refused" ? "failed" : how,
      evidence: "reported",
      detail,
    } as const;
    story.push({
      life: { key, token, end: { how, time: at, evidence: "reported" } },
      event: { ...event, time: at },
    });
  }
  return story;
}

/** As far as its label tells: `<organization>/<project>/<stack>/<kind>/<name>`. */
function tokenOf({ effect, label, fingerprint, expiry, time }: Notice): HeldToken | undefined {
  const [, project = "", stack = "", kind = "", ...name] = label.split("/");
  if (!isKind(kind)) return undefined;
  return {
    ...{
      project,
      stack,
      kind,
      label,
      fingerprint,
      resource: name.join("/"),
      urn: label,
      role: "predecessor",
    },
    ...{
      isProtected: false,
      isTainted: false,
      isUnproven: false,
      isAdopted: false,
      hasOwnJti: false,
      isGone: false,
      hidden: [],
    },
    ...(expiry !== undefined && { expiry }),
    // When a token that was adopted had been issued, no line says.
    ...(time !== undefined && effect !== "adopted" && { issuedAt: time }),
  };
}

function isKind(text: string): text is KindName {
  return Object.hasOwn(KINDS, text);
}
