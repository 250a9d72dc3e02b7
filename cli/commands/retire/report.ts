import { formatExpiry } from "../../../provider/domain/expiry";
import type { HeldToken } from "../../tokens/held-token";
import { type Line, paragraphs } from "../../render/line";
import { type Cell, table } from "../../render/table";
import { timeText, whenText } from "../../render/time";
import type { Output } from "../../system";
import type { Revoked } from "../../../provider/bigcommerce/revocation";

/** A previous token, and the outcome if its revocation was requested. */
export interface RetiredToken {
  readonly token: HeldToken;
  readonly revocation?: Revoked;
  readonly problem?: string;
  /** True if no revocation was requested, for the reason in `problem`. */
  readonly isKept?: true;
}

export interface RetireReport {
  readonly stack: string;
  /** Unix seconds. */
  readonly now: number;
  readonly retired: readonly RetiredToken[];
  readonly isDone: boolean;
  /** Those that the store's list shows revoked. */
  readonly revoked: readonly HeldToken[];
  /** Why it is not known of others whether they were revoked before. */
  readonly unknown: readonly string[];
}

const RESOURCE = { title: "previous token of", least: 14 };
const COLUMNS = [RESOURCE, "kind", "store", "fingerprint", "works until", "by"];

export function retiredText(report: RetireReport, options: Pick<Output, "columns">): readonly Line[] {
  const { stack, now, retired, isDone } = report;
  if (retired.length === 0) return [`No previous token of ${stack} still works.`, ...remarksOn(report)];
  const columns = isDone ? [...COLUMNS, "result"] : COLUMNS;
  const rows = retired.map((each) => [...cellsOf(each, now), ...(isDone ? [resultCell(each)] : [])]);
  const problems = retired.flatMap(({ token, problem }) =>
    problem === undefined ? [] : [`${token.fingerprint ?? token.resource}: ${problem}`],
  );
  const done = retired.length - problems.length;
  const [s, it, expires] = done === 1 ? ["", "it", "it expires"] : ["s", "them", "they expire"];
  const sum = isDone
    ? `${done} of ${retired.length} revoked (BigCommerce takes up to about 60 s to apply it). The state still names ${it} until ${expires}.`
    : `${done} previous token${s} would be revoked: run this again with --yes, when everything has the new token${s}.`;
  return paragraphs(table(columns, rows, options), problems, [...remarksOn(report), sum]);
}

function remarksOn({ isDone, revoked, unknown }: RetireReport): readonly string[] {
  const names = revoked.map(({ fingerprint = "", resource }) => `${fingerprint} of ${resource}`);
  return [
    ...(names.length === 0 ? [] : [`Revoked before, according to the store's list: ${names.join(", ")}.`]),
    ...(isDone ? [] : unknown).map((why) => `Whether a token was revoked before is not known: ${why}.`),
  ];
}

export function retiredJson({ stack, retired, isDone, revoked, unknown }: RetireReport): unknown {
  return {
    version: 1,
    stack,
    done: isDone,
    predecessors: retired.map(({ token, revocation, problem, isKept }) => ({
      ...{ urn: token.urn, kind: token.kind, storeHash: token.storeHash, fingerprint: token.fingerprint },
      ...{ jti: token.jti, label: token.label, issuedAt: timeText(token.issuedAt) },
      expiresAt: formatExpiry(token.expiry ?? "never"),
      by: revocation?.by ?? revokedBy(token),
      result: isKept ? "kept" : problem === undefined ? revocation?.kind : "failed",
      problem,
    })),
    revokedBefore: revoked.map(({ urn, kind, storeHash, fingerprint }) => ({
      urn,
      kind,
      storeHash,
      fingerprint,
    })),
    notKnown: unknown,
  };
}

function cellsOf({ token, revocation }: RetiredToken, now: number): readonly Cell[] {
  const { resource, kind, storeHash = "[secret]", fingerprint = "-", expiry = "never" } = token;
  const by = revocation?.by ?? revokedBy(token);
  return [resource, kind, storeHash, fingerprint, whenText(expiry, now), by];
}

function revokedBy({ jti, hasOwnJti }: HeldToken): "jti" | "value" {
  return jti === undefined || !hasOwnJti ? "value" : "jti";
}

function resultCell({ revocation, problem, isKept }: RetiredToken): Cell {
  if (isKept) return { text: "kept", tone: "warn" };
  if (problem !== undefined) return { text: "failed", tone: "bad" };
  return revocation?.kind === "accepted"
    ? { text: "revoke accepted", tone: "good" }
    : { text: `${revocation?.kind ?? ""} before`, tone: "quiet" };
}
