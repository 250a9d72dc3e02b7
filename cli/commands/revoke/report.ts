import { formatExpiry } from "../../../provider/domain/expiry";
import { formatNotice, type Notice, notice, parseNotice, PREFIX } from "../../../provider/notice-formats";
import type { Line } from "../../render/line";
import type { Asked } from "./confirm";
import type { Revoked } from "../../../provider/bigcommerce/revocation";
import type { HeldToken } from "../../tokens/held-token";
import { consequenceOf, holderText, nextStepLines, nextSteps } from "../../tokens/next-steps";
import type { IncidentToken } from "./incident-token";

/** What a report tells of a revocation. Times are Unix milliseconds. */
export interface Incident {
  readonly token: IncidentToken;
  readonly begunAt: number;
  /** Why nothing was sent: the token expired long ago, or a refresh saw that it is gone. */
  readonly unsent?: "gone" | "expired long ago" | undefined;
  readonly revoked?: Revoked;
  readonly endedAt?: number;
  /** The last answer of the store's GraphQL API, if it was asked. */
  readonly asked?: Asked;
}

const GONE =
  "a refresh saw that it is gone: nothing was sent; to revoke it all the same, pass its value on standard input";

/** The report for people: a line for each time. */
export function incidentText(incident: Incident): readonly Line[] {
  const { token, begunAt, unsent, revoked, endedAt = begunAt, asked } = incident;
  const { target, apiAccount, held } = token;
  const head = [
    `token ${target.name}`,
    ...(target.kind ? [target.kind] : []),
    `store ${target.storeHash}`,
    ...(apiAccount === undefined ? [] : [`API account ${apiAccount}`]),
    ...(held ? [ownerText(held)] : []),
    target.expiry === "never" ? "never expires" : `expires ${formatExpiry(target.expiry)}`,
  ];
  const lines = revoked
    ? [["asked", stamp(begunAt), requestOf(revoked)], resultOf(revoked, endedAt), ...proofOf(asked)]
    : [unsent === "gone" ? ["gone", "", GONE] : ["expired", formatExpiry(target.expiry), "more than a day ago: nothing was sent"]]; // prettier-ignore
  return [
    head.join(" · "),
    ...lines.map(([what = "", when = "", how = ""]) => `${what.padEnd(9)} ${when.padEnd(24)} ${how}`),
    ...remarks(incident),
    ...nextStepLines(token.holders, momentOf(incident)),
  ];
}

/** Who holds a token that is about to be revoked, and what becomes of them. */
export function holderLines({ target, holders }: IncidentToken): readonly string[] {
  return holders.map(
    (holder) => `${target.name} is ${holderText(holder)} (${holder.token.urn}): ${consequenceOf(holder)}`,
  );
}

/** What became of the token, as the provider says it, so that `audit --events` reads it: once for each label. */
export function noticeLines(
  { target, holders }: IncidentToken,
  { kind, says: by }: Revoked,
): readonly string[] {
  const { name: fingerprint, expiry } = target;
  // A refresh saw it gone before: this run did not revoke it.
  const labels = new Set(holders.flatMap(({ token }) => (token.isGone ? [] : (token.label ?? []))));
  const noticeOf = (label: string): Notice =>
    kind === "revoked"
      ? notice("revoked_before", { label, fingerprint, by })
      : notice(kind === "accepted" ? "revoke_accepted" : "expired", { label, fingerprint, expiry });
  // A label of a damaged state may not fit into a line.
  return [...labels].flatMap((label) => {
    const line = formatNotice(noticeOf(label));
    return parseNotice(line)?.resource === label ? [`${PREFIX}${line}`] : [];
  });
}

export function incidentJson(incident: Incident): unknown {
  const { token, begunAt, unsent, revoked, endedAt, asked } = incident;
  const { target, apiAccount, held, holders } = token;
  const { name: fingerprint, kind, storeHash, jti, expiry } = target;
  return {
    version: 1,
    ...{ fingerprint, kind, storeHash, apiAccount, jti },
    ...{ urn: held?.urn, role: held?.role, label: held?.label, expiresAt: formatExpiry(expiry) },
    result: revoked?.kind ?? unsent,
    by: revoked?.by,
    says: revoked?.says,
    askedAt: revoked && stamp(begunAt),
    answeredAt: revoked && stamp(endedAt ?? begunAt),
    graphql: asked && { ...asked.verdict, at: stamp(asked.at) },
    heldBy: holders.map((holder) => ({
      ...{ stack: holder.stack, project: holder.token.project, resource: holder.token.resource },
      ...{
        urn: holder.token.urn,
        role: holder.token.role,
        next: nextSteps(holder, momentOf(incident), holders),
      },
    })),
  };
}

function momentOf({ begunAt, unsent }: Incident) {
  return { now: Math.floor(begunAt / 1000), isRevoked: unsent === undefined };
}

function ownerText({ role, label, resource }: HeldToken): string {
  const what = role === "predecessor" ? "previous token" : role;
  return `${role === "current" ? "" : `${what} of `}${label ?? resource}`;
}

function requestOf({ by, credentialSource }: Revoked): string {
  return `BigCommerce to revoke it, by its ${by}, with the credential from ${credentialSource}`;
}

function resultOf({ kind, says }: Revoked, at: number): readonly string[] {
  const isNow = kind === "accepted";
  const how = isNow
    ? "by BigCommerce, which takes up to about 60 s to apply it"
    : `before this request, according to ${says}`;
  return [kind, stamp(at), how];
}

function proofOf(asked: Asked | undefined): readonly (readonly string[])[] {
  if (!asked) return [];
  const { verdict, at } = asked;
  if (verdict.kind === "refused") {
    return [["refused", stamp(at), `the store's GraphQL API answers "${verdict.text}"`]];
  }
  const how =
    verdict.kind === "accepted"
      ? "the store's GraphQL API still accepts it: ask again later"
      : `not proven: ${verdict.why}`;
  return [["open", stamp(at), how]];
}

function remarks({ revoked, asked }: Incident): readonly string[] {
  if (!revoked || asked?.verdict.kind !== "refused") return [];
  return ["Between the times of asked and refused it may have been accepted. Earlier use is not known."];
}

/** RFC 3339 with milliseconds. */
function stamp(ms: number): string {
  return new Date(ms).toISOString();
}
