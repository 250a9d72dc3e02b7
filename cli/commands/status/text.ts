import { labelIn } from "../../../provider/domain/list-name";
import { type Expiry, formatTime } from "../../../provider/domain/expiry";
import type { Report, Row } from "./report";
import type { HeldToken } from "../../tokens/held-token";
import { isAlarming, type UntrackedToken } from "./compare-live";
import type { Output } from "../../system";
import { type Line, paragraphs } from "../../render/line";
import { type Cell, type Column, table, type Tone } from "../../render/table";
import { relative } from "../../render/time";

const SECRET = "[secret]";
const UNREADABLE = "[unreadable]";
const NONE = "-";

const COLUMNS: readonly Column[] = [
  { title: "resource", least: 14 },
  "kind",
  "store",
  { title: "API account", least: 11 },
  { title: "channels", least: 8 },
  { title: "scopes or origins", least: 17 },
  ...["fingerprint", "issued", "expires", "rotates", "state"],
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
    ...(isLive ? ["in the store"] : []),
  ];
  const cells = [
    ...rows.map((row) => [
      ...(isMany ? [row.from] : []),
      ...cellsOf(row, report.now),
      ...(isLive ? [findingCell(row)] : []),
    ]),
    ...strays.map((stray) => [...(isMany ? [NONE] : []), ...strayCells(stray, report.now)]),
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
  const { resource, role, kind, apiAccount = NONE, hidden, ...token } = row.token;
  const { channelIds, issuedAt, expiry, rotateAt } = token;
  const shown = (name: string, text: string | undefined) =>
    text ?? (hidden.includes(name) ? SECRET : UNREADABLE);
  const name = role === "predecessor" ? `${resource} (previous)` : resource;
  const rights = [shown("channelIds", channelIds?.join(", ")), rightsOf(row.token)];
  const isShown = expiry !== undefined && !row.token.isDamaged;
  const expires = shown("expiresAt", isShown ? expiryText(expiry, now) : undefined);
  const rotates =
    rotateAt === undefined ? NONE : `${row.isOverdue ? "overdue " : ""}${relative(rotateAt, now)}`;
  const facts = [...rights, shown("fingerprint", token.fingerprint), dayText(issuedAt), expires, rotates];
  return [name, kind, shown("storeHash", token.storeHash), apiAccount, ...facts, stateCell(row, now)];
}

function stateCell({ condition, upcoming, token }: Row, now: number): Cell {
  if (upcoming === "due") return { text: `due ${relative(token.rotateAt ?? now, now)}`, tone: "warn" };
  const isEnding = upcoming === "expires" && condition === "ok";
  if (isEnding) return { text: `expires ${relative(Number(token.expiry), now)}`, tone: "warn" };
  return { text: condition, tone: TONES[condition] };
}

function findingCell({ token, finding }: Row): Cell {
  return finding && isAlarming(token, finding) ? bad(finding) : (finding ?? NONE);
}

function strayCells({ storeHash, kind, row }: UntrackedToken, now: number): readonly Cell[] {
  const name = labelIn(row.name) ?? row.name ?? row.jti;
  const rights = [row.channelIds.join(", ") || NONE, rightsText(row), NONE];
  const times = [dayText(row.issuedAt), expiryText(row.expiresAt ?? "never", now), NONE];
  return [name, kind, storeHash, row.account ?? NONE, ...rights, ...times, bad("in no state"), bad("live")];
}

function bad(text: string): Cell {
  return { text, tone: "bad" };
}

type Rights = Pick<HeldToken, "scopes" | "allowedCorsOrigins">;

function rightsOf({ hidden, ...rights }: Rights & Pick<HeldToken, "hidden">): string {
  const isHidden = hidden.includes("scopes") || hidden.includes("allowedCorsOrigins");
  return isHidden ? SECRET : rightsText(rights);
}

function rightsText({ scopes = [], allowedCorsOrigins = [] }: Rights): string {
  return [...scopes, ...allowedCorsOrigins].join(", ") || NONE;
}

function expiryText(expiry: Expiry, now: number): string {
  return expiry === "never" ? expiry : `${dayText(expiry)} ${relative(expiry, now)}`;
}

function dayText(time: number | undefined): string {
  return time === undefined ? NONE : formatTime(time).slice(0, 10);
}

/** `4 tokens in stack dev: 2 ok, 1 due. An up now rotates 1.` */
function sumOf({ rows, strays, stacks }: Report): string {
  const [first] = stacks;
  const where = stacks.length === 1 ? `in ${first || "the stack"}` : `in ${stacks.length} stacks`;
  const counts = new Map<string, number>();
  for (const { condition } of rows) counts.set(condition, (counts.get(condition) ?? 0) + 1);
  if (strays.length > 0) counts.set("in no state", strays.length);
  const parts = [...counts].map(([name, count]) => `${count} ${name}`).join(", ");
  const total = rows.length + strays.length;
  const head =
    total === 0 ? `no tokens ${where}` : `${total} token${total === 1 ? "" : "s"} ${where}: ${parts}`;
  const rotating = rows.filter(({ rotates }) => rotates).length;
  return `${head}. A \`pulumi up\` now would rotate ${rotating || "none"}.`;
}
