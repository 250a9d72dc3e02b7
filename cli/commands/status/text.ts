import { labelIn } from "../../../provider/domain/list-name";
import { type Expiry, formatTime } from "../../../provider/domain/expiry";
import type { Report, Row } from "./report";
import { openText, shownState, toneOf } from "./shown-state";
import type { HeldToken } from "../../tokens/held-token";
import type { UntrackedToken } from "./compare-live";
import type { Output } from "../../system";
import { type Line, paragraphs } from "../../render/line";
import { type Cell, type Column, table } from "../../render/table";
import { relative } from "../../render/time";

const SECRET = "[secret]";
const UNREADABLE = "[unreadable]";
const NONE = "-";

/** The columns of `--wide`. */
const ALL_COLUMNS: readonly Column[] = [
  { title: "resource", least: 14 },
  "kind",
  "store",
  { title: "API account", least: 11 },
  { title: "channels", least: 8 },
  { title: "scopes or origins", least: 17 },
  ...["fingerprint", "issued", "expires", "rotates", "state"],
];

/** The titles of the others; each of them may be cut, so that the table fits any terminal. */
const COLUMNS: readonly string[] = ["resource", "expires", "rotates", "state"];
const LEAST = 8;
/** The width of a table where there is no terminal. */
const DEFAULT_WIDTH = 80;

interface TextOptions extends Pick<Output, "columns"> {
  readonly isWide: boolean;
}

/** The report for people: a table, what is open, and a summary. */
export function statusText(report: Report, { columns: width, isWide }: TextOptions): readonly Line[] {
  const { rows, strays, stacks, interrupted, problems, remarks } = report;
  const isLive = rows.some(({ finding }) => finding !== undefined) || strays.length > 0;
  const isMany = stacks.length > 1;
  const stackOf = (from: string) => (isMany ? `${from}: ` : "");
  const titles = [
    ...(isMany ? [{ title: "stack", least: isWide ? 10 : LEAST }] : []),
    ...(isWide ? ALL_COLUMNS : COLUMNS.map((title) => ({ title, least: LEAST }))),
    ...(isLive ? [isWide ? "in the store" : { title: "in the store", least: LEAST }] : []),
  ];
  const chosen = (cells: readonly Cell[]) =>
    isWide ? cells : COLUMNS.flatMap((title) => cells[titleAt(title)] ?? []);
  const cells = [
    ...rows.map((row) => [
      ...(isMany ? [row.from] : []),
      ...chosen(cellsOf(row, report.now)),
      ...(isLive ? [findingCell(row)] : []),
    ]),
    ...strays.map((stray) => [
      ...(isMany ? [NONE] : []),
      ...chosen(strayCells(stray, report.now)),
      ...(isLive ? [bad("live")] : []),
    ]),
  ];
  const open = rows.flatMap((row) => {
    const text = openText(row);
    return text === undefined ? [] : [`${stackOf(row.from)}${nameOf(row)} ${fingerprintOf(row)}: ${text}`];
  });
  const notes = [
    ...open,
    ...strays.map(({ storeHash, row }) => `${strayName(row)} (id ${row.jti}, store ${storeHash}): no state holds this live token; \`orphans\` revokes it if the stack that its name tells is yours`), // prettier-ignore
    ...interrupted.map(
      ({ from, resource }) =>
        `${from}: ${resource}: an update was interrupted while it minted this token; a token may exist that is in no state: ` +
        "`orphans` looks for it, and `pulumi refresh --clear-pending-creates` clears this mark",
    ),
    ...problems,
    ...remarks,
  ];
  const fitting = isWide ? (width === undefined ? {} : { columns: width }) : { columns: width ?? DEFAULT_WIDTH }; // prettier-ignore
  return paragraphs(cells.length > 0 ? table(titles, cells, fitting) : [], notes, [sumOf(report)]);
}

function titleAt(title: string): number {
  return ALL_COLUMNS.findIndex((column) => (typeof column === "string" ? column : column.title) === title);
}

function nameOf({ token: { resource, role } }: Row): string {
  return role === "predecessor" ? `${resource} (previous)` : resource;
}

function strayName({ name, jti }: UntrackedToken["row"]): string {
  return labelIn(name) ?? name ?? jti;
}

function cellsOf(row: Row, now: number): readonly Cell[] {
  const { kind, apiAccount = NONE, ...token } = row.token;
  const { channelIds, issuedAt, expiry, rotateAt } = token;
  const rights = [shown(row, "channelIds", channelIds?.join(", ")), rightsOf(row.token)];
  const isShown = expiry !== undefined && !token.isDamaged;
  const expires = shown(row, "expiresAt", isShown ? expiryText(expiry, now) : undefined);
  const rotates =
    rotateAt === undefined ? NONE : `${row.isOverdue ? "overdue " : ""}${relative(rotateAt, now)}`;
  const facts = [...rights, fingerprintOf(row), dayText(issuedAt), expires, rotates, stateCell(row, now)];
  return [nameOf(row), kind, shown(row, "storeHash", token.storeHash), apiAccount, ...facts];
}

function fingerprintOf(row: Row): string {
  return shown(row, "fingerprint", row.token.fingerprint);
}

/** What stands for a property of which the state shows no text. */
function shown({ token: { hidden } }: Row, name: string, text: string | undefined): string {
  return text ?? (hidden.includes(name) ? SECRET : UNREADABLE);
}

function stateCell(row: Row, now: number): Cell {
  const { upcoming, token } = row;
  const text = shownState(row);
  if (upcoming === undefined || text !== "ok") return { text, tone: toneOf(row) };
  const at = upcoming === "due" ? token.rotateAt : Number(token.expiry);
  return { text: `${upcoming} ${relative(at ?? now, now)}`, tone: "warn" };
}

function findingCell({ finding, isContradicted }: Row): Cell {
  return isContradicted ? bad(finding ?? NONE) : (finding ?? NONE);
}

function strayCells({ storeHash, kind, row }: UntrackedToken, now: number): readonly Cell[] {
  const rights = [row.channelIds.join(", ") || NONE, rightsText(row), NONE];
  const times = [dayText(row.issuedAt), expiryText(row.expiresAt ?? "never", now), NONE];
  return [strayName(row), kind, storeHash, row.account ?? NONE, ...rights, ...times, bad("in no state")];
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
  for (const state of rows.map(shownState)) counts.set(state, (counts.get(state) ?? 0) + 1);
  if (strays.length > 0) counts.set("in no state", strays.length);
  const parts = [...counts].map(([name, count]) => `${count} ${name}`).join(", ");
  const total = rows.length + strays.length;
  const head =
    total === 0 ? `no tokens ${where}` : `${total} token${total === 1 ? "" : "s"} ${where}: ${parts}`;
  const rotating = rows.filter(({ rotates }) => rotates).length;
  return `${head}. A \`pulumi up\` now would rotate ${rotating || "none"}.`;
}
