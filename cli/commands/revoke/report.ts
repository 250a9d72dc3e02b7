import { formatExpiry } from "../../../provider/domain/expiry";
import { quoted } from "../../shell";
import { urnProblem } from "../../pulumi/urn";
import { jsonText } from "../../render/json";
import type { Asked } from "./confirm";
import type { Revoked } from "../../../provider/bigcommerce/revocation";
import type { HeldToken } from "../../tokens/held-token";
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
export function incidentText(incident: Incident): readonly string[] {
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
  ];
}

export function incidentJson({ token, begunAt, unsent, revoked, endedAt, asked }: Incident): unknown {
  const { target, apiAccount, held } = token;
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
  };
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

function remarks({ token, revoked, asked }: Incident): readonly string[] {
  const { held, otherStack } = token;
  if (!revoked) return [];
  return [
    ...(asked?.verdict.kind === "refused"
      ? ["Between the times of asked and refused it may have been accepted. Earlier use is not known."]
      : []),
    ...(held?.role === "current" ? [`Its resource still holds it: ${replacing(held.urn, otherStack)}.`] : []),
  ];
}

function replacing(urn: string, stack: string | undefined): string {
  const problem = urnProblem(urn);
  const which = stack === undefined ? "" : ` --stack ${quoted(stack)}`;
  return problem === undefined
    ? `\`pulumi up --replace ${quoted(urn)} --target-dependents${which}\` mints another`
    : `rename the resource, because ${problem} (${jsonText(urn)}), then replace it by its new URN`;
}

/** RFC 3339 with milliseconds. */
function stamp(ms: number): string {
  return new Date(ms).toISOString();
}
