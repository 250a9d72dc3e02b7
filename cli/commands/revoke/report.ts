import { formatExpiry } from "../../../provider/domain/expiry";
import { quoted } from "../../shell";
import { urnProblem } from "../../pulumi/urn";
import { jsonText } from "../../render/json";
import type { Asked } from "./confirm";
import type { RevocationResult } from "../../stores/revoker";
import type { Target } from "../../stores/revocation-target";

/** A revocation as a report tells it. Times are Unix milliseconds. */
export interface Incident {
  readonly target: Target;
  readonly begunAt: number;
  /** Why nothing was sent: the token expired long ago, or a refresh saw that it is gone. */
  readonly unsent?: "gone" | "expired long ago" | undefined;
  readonly ended?: RevocationResult;
  readonly endedAt?: number;
  /** What the store's GraphQL API said last, where it was asked. */
  readonly asked?: Asked;
}

const GONE =
  "a refresh saw that it is gone: nothing was sent; its value on standard input is revoked all the same";

/** The times that a report needs, a line each. */
export function incidentText(incident: Incident): readonly string[] {
  const { target, begunAt, unsent, ended, endedAt = begunAt, asked } = incident;
  const { doomed, apiAccount, held } = target;
  const head = [
    `token ${doomed.name}`,
    ...(doomed.kind ? [doomed.kind] : []),
    `store ${doomed.storeHash}`,
    ...(apiAccount === undefined ? [] : [`API account ${apiAccount}`]),
    ...(held ? [`${held.role === "current" ? "" : `${held.role} of `}${held.label ?? held.resource}`] : []),
    doomed.expiry === "never" ? "never expires" : `expires ${formatExpiry(doomed.expiry)}`,
  ];
  const lines = ended
    ? [["asked", stamp(begunAt), `BigCommerce to revoke it, by its ${ended.by}`], [...resultOf(ended, endedAt)], ...proofOf(asked)]
    : [unsent === "gone" ? ["gone", "", GONE] : ["expired", formatExpiry(doomed.expiry), "more than a day ago: nothing was sent"]]; // prettier-ignore
  return [
    head.join(" · "),
    ...lines.map(([what = "", when = "", how = ""]) => `${what.padEnd(9)} ${when.padEnd(24)} ${how}`),
    ...remarks(incident),
  ];
}

export function incidentJson({ target, begunAt, unsent, ended, endedAt, asked }: Incident): unknown {
  const { doomed, apiAccount, held } = target;
  return {
    version: 1,
    fingerprint: doomed.name,
    kind: doomed.kind,
    storeHash: doomed.storeHash,
    apiAccount,
    jti: doomed.jti,
    urn: held?.urn,
    role: held?.role,
    label: held?.label,
    expiresAt: formatExpiry(doomed.expiry),
    result: ended?.revoked.kind ?? unsent,
    ...(ended && {
      by: ended.by,
      says: ended.revoked.kind === "accepted" ? "BigCommerce" : ended.revoked.by,
      askedAt: stamp(begunAt),
      answeredAt: stamp(endedAt ?? begunAt),
    }),
    ...(asked && { graphql: { ...asked.verdict, at: stamp(asked.at) } }),
  };
}

function resultOf({ revoked }: RevocationResult, at: number): readonly string[] {
  if (revoked.kind === "accepted")
    return ["accepted", stamp(at), "by BigCommerce, which takes up to about 60 s to apply it"];
  return [revoked.kind, stamp(at), `it was before this, says ${revoked.by}`];
}

function proofOf(asked: Asked | undefined): readonly (readonly string[])[] {
  if (!asked) return [];
  const { verdict, at } = asked;
  if (verdict.kind === "refused")
    return [["refused", stamp(at), `the store's GraphQL API answers "${verdict.text}"`]];
  const how =
    verdict.kind === "accepted"
      ? "the store's GraphQL API still accepts it: ask again later"
      : `not proven: ${verdict.why}`;
  return [["open", stamp(at), how]];
}

function remarks({ target, ended, asked }: Incident): readonly string[] {
  const { held, otherStack } = target;
  if (!ended) return [];
  return [
    ...(asked?.verdict.kind === "refused"
      ? ["Between the times of asked and refused it may have been accepted; who used it before is not known."]
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

/** RFC 3339 with milliseconds: an incident is told exactly. */
function stamp(ms: number): string {
  return new Date(ms).toISOString();
}
