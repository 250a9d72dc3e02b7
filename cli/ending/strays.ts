import { formatExpiry, formatTime } from "../../provider/schedule";
import { table } from "../view/table";
import { minuteText } from "../view/time";
import { printable } from "../view/width";
import type { Output } from "../world";
import type { Hunt, Orphan } from "./orphans";
import { worksFor } from "./words";

/** What became of an orphan that was named. */
export interface Result {
  readonly orphan: Orphan;
  readonly result: "accepted" | "revoked" | "expired" | "kept" | "recorded by now" | "failed";
  readonly problem?: string;
}

export interface Shown {
  readonly stack: string;
  /** Unix seconds. */
  readonly now: number;
  readonly hunt: Hunt;
  readonly remarks: readonly string[];
  readonly results?: readonly Result[];
}

const COLUMNS = [
  { title: "label", least: 20 },
  { title: "kind" },
  { title: "store" },
  { title: "jti" },
  { title: "minted" },
  { title: "works" },
  { title: "note" },
];
const SAID: Readonly<Record<Result["result"], string>> = {
  accepted: "revoke accepted: BigCommerce takes up to about 60 s to apply it",
  revoked: "was revoked before",
  expired: "has expired",
  kept: "kept",
  "recorded by now": "kept, because the state holds it by now",
  failed: "not revoked",
};

export function orphansText(
  { stack, hunt, remarks, results }: Shown,
  options: Pick<Output, "columns" | "colour">,
): string {
  const rows = hunt.orphans.map((orphan) => {
    const { label, kind, storeHash, row, isYoung } = orphan;
    const minted = row.issuedAt === undefined ? "-" : minuteText(row.issuedAt);
    const note = isYoung ? "too young" : "";
    return [label, kind, storeHash, row.jti, minted, worksFor(row), note].map((text) => ({ text }));
  });
  const said = (results ?? []).map(
    ({ orphan, result, problem }) =>
      `${orphan.row.jti}: ${SAID[result]}${problem === undefined ? "" : `: ${problem}`}`,
  );
  const notes = [...hunt.problems, ...remarks];
  return [
    ...(rows.length > 0 && !results ? [table(COLUMNS, rows, options)] : []),
    ...[said, notes]
      .filter((lines) => lines.length > 0)
      .map((lines) => lines.map((line) => `${printable(line)}\n`).join("")),
    ...(results ? [] : [`${sumOf(stack, hunt)}\n`]),
  ].join("\n");
}

export function orphansJson({ stack, hunt, remarks, results }: Shown): unknown {
  return {
    version: 1,
    stack,
    orphans: hunt.orphans.map(({ label, kind, storeHash, row, isYoung }) => ({
      ...{ label, kind, storeHash, jti: row.jti, name: row.name, apiAccount: row.account },
      channelIds: row.channelIds,
      scopes: row.scopes,
      allowedCorsOrigins: row.allowedCorsOrigins,
      ...(row.issuedAt !== undefined && { issuedAt: formatTime(row.issuedAt) }),
      expiresAt: formatExpiry(row.expiresAt ?? "never"),
      tooYoung: isYoung,
    })),
    ...(results && {
      results: results.map(({ orphan, result, problem }) => ({ jti: orphan.row.jti, result, problem })),
    }),
    problems: hunt.problems,
    remarks,
  };
}

function sumOf(stack: string, { orphans, problems }: Hunt): string {
  if (orphans.length === 0) {
    return problems.length > 0
      ? `No orphan of ${stack} was found in what could be looked through.`
      : `No orphan of ${stack}.`;
  }
  const old = orphans.filter(({ isYoung }) => !isYoung).length;
  const next = old > 0 ? " To revoke one: orphans --revoke --jti <jti>." : "";
  return `${orphans.length} orphan${orphans.length === 1 ? "" : "s"} of ${stack}: no state holds them, and nothing rotates or revokes them.${next}`;
}
