import { labelIn } from "../../../provider/domain/list-name";
import { formatTime } from "../../../provider/domain/expiry";
import type { Report, Row } from "./report";
import type { HeldToken } from "../../tokens/held-token";
import { isAlarming, type UntrackedToken } from "../../stores/compare";
import type { Output } from "../../system";
import { type Line, paragraphs } from "../../render/line";
import { type Cell, type Column, table, type Tone } from "../../render/table";
import { relative } from "../../render/time";

const SECRET = "[secret]";
const NONE = "-";

const COLUMNS: readonly Column[] = [
  { title: "resource", least: 14 },
  { title: "kind" },
  { title: "store" },
  { title: "API account", least: 11 },
  { title: "channels", least: 8 },
  { title: "scopes or origins", least: 17 },
  { title: "fingerprint" },
  { title: "issued" },
  { title: "expires" },
  { title: "rotates" },
  { title: "state" },
];

const TONES: Readonly<Record<Row["condition"], Tone>> = {
  ok: "good",
  due: "warn",
  expired: "bad",
  "never expires": "quiet",
  "left to expire": "quiet",
  "pending delete": "bad",
  "interrupted replacement": "bad",
  unproven: "bad",
  unreadable: "bad",
};

/** The report for people: a table, notes, and a summary. */
export function statusText(report: Report, options: Pick<Output, "columns">): readonly Line[] {
  const { rows, strays, stacks, interrupted, problems, remarks } = report;
  const isLive = rows.some(({ finding }) => finding !== undefined) || strays.length > 0;
  const isMany = stacks.length > 1;
  const columns = [
    ...(isMany ? [{ title: "stack", least: 10 }] : []),
    ...COLUMNS,
    ...(isLive ? [{ title: "in the store" }] : []),
  ];
  const cells = [
    ...rows.map((row) => [
      ...(isMany ? [{ text: row.from }] : []),
      ...cellsOf(row, report.now),
      ...(isLive ? [findingCell(row)] : []),
    ]),
    ...strays.map((stray) => [
      ...(isMany ? [{ text: NONE }] : []),
      ...strayCells(stray, report.now),
      { text: "live", tone: "bad" as const },
    ]),
  ];
  const notes = [
    ...rows.flatMap(({ from, token, note }) =>
      note === undefined ? [] : [`${isMany ? `${from}: ` : ""}${token.resource}: ${note}`],
    ),
    ...interrupted.map(
      ({ from, resource }) =>
        `${from}: ${resource}: an update was interrupted while it minted this token; a token may exist that is in no state`,
    ),
    ...problems,
    ...remarks,
  ];
  return paragraphs(cells.length > 0 ? table(columns, cells, options) : [], notes, [sumOf(report)]);
}

function cellsOf(row: Row, now: number): readonly Cell[] {
  const { token } = row;
  const { resource, role, kind, storeHash, apiAccount, fingerprint, issuedAt, expiry, rotateAt } = token;
  return [
    { text: role === "predecessor" ? `${resource} (previous)` : resource },
    { text: kind },
    { text: storeHash ?? SECRET },
    { text: apiAccount ?? NONE },
    { text: token.channelIds?.join(", ") ?? SECRET },
    { text: rightsOf(token) },
    { text: fingerprint ?? SECRET },
    { text: issuedAt === undefined ? NONE : dayText(issuedAt) },
    { text: expiry === undefined ? SECRET : expiry === "never" ? "never" : endText(expiry, now) },
    {
      text:
        rotateAt === undefined
          ? NONE
          : row.isOverdue
            ? `overdue ${relative(rotateAt, now)}`
            : relative(rotateAt, now),
    },
    stateCell(row, now),
  ];
}

function stateCell({ condition, upcoming, token }: Row, now: number): Cell {
  if (upcoming === "due") return { text: `due ${relative(token.rotateAt ?? now, now)}`, tone: "warn" };
  const isEnding = upcoming === "expires" && condition === "ok";
  if (isEnding) return { text: `expires ${relative(Number(token.expiry), now)}`, tone: "warn" };
  return { text: condition, tone: TONES[condition] };
}

function findingCell({ token, finding }: Row): Cell {
  const text = finding ?? NONE;
  return { text, ...(finding && isAlarming(token, finding) ? { tone: "bad" as const } : {}) };
}

function strayCells({ storeHash, kind, row }: UntrackedToken, now: number): readonly Cell[] {
  return [
    { text: labelIn(row.name) ?? row.name ?? row.jti },
    { text: kind },
    { text: storeHash },
    { text: row.account ?? NONE },
    { text: row.channelIds.join(", ") || NONE },
    { text: [...(row.scopes ?? []), ...(row.allowedCorsOrigins ?? [])].join(", ") || NONE },
    { text: NONE },
    { text: row.issuedAt === undefined ? NONE : dayText(row.issuedAt) },
    { text: row.expiresAt === undefined ? "never" : endText(row.expiresAt, now) },
    { text: NONE },
    { text: "in no state", tone: "bad" },
  ];
}

function rightsOf({ scopes, allowedCorsOrigins, hidden }: HeldToken): string {
  if (hidden.includes("scopes") || hidden.includes("allowedCorsOrigins")) return SECRET;
  return [...(scopes ?? []), ...(allowedCorsOrigins ?? [])].join(", ") || NONE;
}

function endText(time: number, now: number): string {
  return `${dayText(time)} ${relative(time, now)}`;
}

function dayText(time: number): string {
  return formatTime(time).slice(0, 10);
}

/** `4 tokens in stack dev: 2 ok, 1 due. An up now rotates 1.` */
function sumOf({ rows, strays, stacks }: Report): string {
  const where =
    stacks.length === 1
      ? `in ${stacks[0] === "" ? "the stack" : (stacks[0] ?? "")}`
      : `in ${stacks.length} stacks`;
  const counts = new Map<string, number>();
  for (const { condition } of rows) counts.set(condition, (counts.get(condition) ?? 0) + 1);
  if (strays.length > 0) counts.set("in no state", strays.length);
  const parts = [...counts].map(([name, count]) => `${count} ${name}`).join(", ");
  const total = rows.length + strays.length;
  const rotating = rows.filter(({ rotates }) => rotates).length;
  const head =
    total === 0 ? `no tokens ${where}` : `${total} token${total === 1 ? "" : "s"} ${where}: ${parts}`;
  return `${head}. A \`pulumi up\` now would rotate ${rotating === 0 ? "none" : rotating}.`;
}
