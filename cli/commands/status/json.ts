import { formatExpiry, formatTime } from "../../../provider/domain/expiry";
import type { ExitCode } from "../../exit-codes";
import type { Report, Row } from "./report";
import { timeText } from "../../render/time";

/** The report for programs. A key is absent if it does not apply, or if the value is secret in the state. */
export function statusJson(report: Report, exitCode: ExitCode): unknown {
  return {
    version: 1,
    at: formatTime(report.now),
    exitCode,
    stacks: report.stacks,
    tokens: report.rows.map((row) => rowJson(row)),
    strays: report.strays.map(({ storeHash, apiUrl, kind, row }) => ({
      ...{ storeHash, apiUrl, kind, jti: row.jti, name: row.name, apiAccount: row.account },
      ...{ channelIds: row.channelIds, scopes: row.scopes, allowedCorsOrigins: row.allowedCorsOrigins },
      ...{ issuedAt: timeText(row.issuedAt), expiresAt: timeText(row.expiresAt) },
    })),
    interrupted: report.interrupted.map(({ from, resource }) => ({ stack: from, resource })),
    problems: report.problems,
  };
}

function rowJson({ token, from, condition, ...row }: Row): unknown {
  const { resource, urn, kind, role, fingerprint, id, jti, label, storeHash, apiUrl, apiAccount } = token;
  return {
    ...{ stack: from, resource, urn, kind, role, storeHash, apiUrl, apiAccount },
    ...{ channelIds: token.channelIds, scopes: token.scopes, allowedCorsOrigins: token.allowedCorsOrigins },
    ...{ fingerprint, id, jti, label },
    issuedAt: timeText(token.issuedAt),
    expiresAt: token.expiry === undefined || token.isDamaged ? undefined : formatExpiry(token.expiry),
    rotateAt: timeText(token.rotateAt),
    goneAt: timeText(token.goneAt),
    ...{ state: condition, rotates: row.rotates, overdue: row.isOverdue },
    ...{ settledBy: row.settledBy ?? null, needsPerson: row.settledBy === "person" },
    ...{ upcoming: row.upcoming, inTheStore: row.finding, note: row.note },
    secrets: token.hidden.length > 0 ? token.hidden : undefined,
  };
}
