import type { ListedToken } from "../../../provider/bigcommerce/token-list-page";
import { formatExpiry, formatTime, worksUntil } from "../../../provider/domain/expiry";
import { ownCommand } from "../../shell";
import { type Line, paragraphs } from "../../render/line";
import { table } from "../../render/table";
import { minuteText, timeText } from "../../render/time";
import type { Output } from "../../system";
import type { OrphanSearch } from "./other-stacks";
import type { Orphan } from "./search";

/** The outcome for an orphan that was named. */
export interface Result {
  readonly orphan: Orphan;
  readonly result:
    "accepted" | "revoked" | "expired" | "kept" | "recorded by now" | "held by another stack" | "failed";
  readonly problem?: string;
}

interface OrphansReport {
  readonly stack: string;
  /** The stores that a person named. */
  readonly stores: readonly string[];
  readonly search: OrphanSearch;
  /** Undefined if no orphan was named. */
  readonly results: readonly Result[] | undefined;
}

/** A command names so many tokens at the most. */
const MAX_NAMED = 20;
const COLUMNS = [{ title: "label", least: 20 }, "kind", "store", "jti", "minted", "works", "note"];
const RESULT_TEXT: Readonly<Record<Result["result"], string>> = {
  accepted: "revoke accepted: BigCommerce takes up to about 60 s to apply it",
  revoked: "had been revoked before",
  expired: "has expired",
  kept: "kept",
  "recorded by now": "kept, because the state holds it now",
  "held by another stack": "kept, because another stack holds it",
  failed: "not revoked",
};

export function orphansText(report: OrphansReport, options: Pick<Output, "columns">): readonly Line[] {
  const { stack, search, results } = report;
  const rows = search.orphans.map((orphan) => {
    const { label, kind, storeHash, row, isYoung, isCut } = orphan;
    const minted = row.issuedAt === undefined ? "-" : minuteText(row.issuedAt);
    const note = [...(isYoung ? [youthOf(orphan)] : []), ...(isCut ? ["label was cut"] : [])].join(", ");
    return [label, kind, storeHash, row.jti, minted, worksUntilIn(row), note];
  });
  const outcomes = (results ?? []).map(
    ({ orphan, result, problem }) =>
      `${orphan.row.jti}: ${RESULT_TEXT[result]}${problem === undefined ? "" : `: ${problem}`}`,
  );
  const notes = [...problemsOf(search), ...remarksOn(search)];
  return paragraphs(
    rows.length > 0 && !results ? table(COLUMNS, rows, options) : [],
    outcomes,
    notes,
    results ? [] : [summaryOf(stack, search), ...nextLines(report)],
  );
}

/** `too young until <time>`. */
export function youthOf({ youngUntil }: Orphan): string {
  return youngUntil === undefined
    ? "of unknown age, because the list does not say when it was issued"
    : `too young until ${formatTime(youngUntil)}`;
}

/** The commands that revoke the orphans, and from when on each works. None works while a state is unread. */
function nextLines({ stack, stores, search }: OrphansReport): readonly Line[] {
  if (search.unread.length > 0) return [];
  const commandFor = (orphans: readonly Orphan[]) => {
    const named = orphans.slice(0, MAX_NAMED).flatMap(({ row }) => ["--jti", row.jti]);
    const given = stores.flatMap((hash) => ["--store", hash]);
    return `  ${ownCommand("orphans", "--revoke", ...named, ...given, "--stack", stack)}`;
  };
  const own = search.orphans.filter(({ mayBeForeign }) => !mayBeForeign);
  const [old, young] = [own.filter(({ isYoung }) => !isYoung), own.filter(isDated)];
  const last = Math.max(...young.map(({ youngUntil }) => youngUntil));
  const which = ({ length }: readonly Orphan[]) =>
    length > MAX_NAMED ? `the first ${MAX_NAMED} of ${length}` : length === 1 ? "it" : "them";
  return [
    ...(old.length > 0 ? [`To revoke ${which(old)}${young.length > 0 ? " now" : ""}:`, commandFor(old)] : []),
    ...(young.length > 0
      ? [`Too young until ${formatTime(last)}. To revoke ${which(young)} from then on:`, commandFor(young)]
      : []),
  ];
}

function isDated(orphan: Orphan): orphan is Orphan & { readonly youngUntil: number } {
  return orphan.isYoung && orphan.youngUntil !== undefined;
}

export function orphansJson({ stack, search, results }: OrphansReport): unknown {
  return {
    version: 1,
    stack,
    orphans: search.orphans.map(
      ({ label, kind, storeHash, row, isYoung, youngUntil, isCut, mayBeForeign }) => ({
        ...{ label, kind, storeHash, jti: row.jti, name: row.name, apiAccount: row.account },
        ...{ channelIds: row.channelIds, scopes: row.scopes, allowedCorsOrigins: row.allowedCorsOrigins },
        ...{ issuedAt: timeText(row.issuedAt), expiresAt: formatExpiry(row.expiresAt ?? "never") },
        ...{
          tooYoung: isYoung,
          tooYoungUntil: isYoung ? timeText(youngUntil) : undefined,
          labelCut: isCut,
          organizationUnknown: mayBeForeign || undefined,
        },
      }),
    ),
    heldElsewhere: search.held.map(({ stack: holder, orphan: { row, label, storeHash } }) => ({
      ...{ stack: holder, jti: row.jti, label, storeHash },
    })),
    stores: search.stores.map(({ storeHash, apiUrl }) => ({ storeHash, apiUrl })),
    results: results?.map(({ orphan, result, problem }) => ({ jti: orphan.row.jti, result, problem })),
    problems: problemsOf(search),
    remarks: remarksOn(search),
  };
}

function remarksOn(search: OrphanSearch): readonly string[] {
  return [...search.remarks, ...heldElsewhere(search), ...cutLabels(search), ...foreignLabels(search)];
}

function problemsOf({ problems, gaps, unread }: OrphanSearch): readonly string[] {
  return [...problems, ...gaps, ...unread];
}

/** A line for each stack. `pulumi up` changes a label only in the state: the store's list keeps the name of the mint. */
function heldElsewhere({ held }: OrphanSearch): readonly string[] {
  const counts = new Map<string, number>();
  for (const { stack } of held) counts.set(stack, (counts.get(stack) ?? 0) + 1);
  return [...counts].map(
    ([stack, count]) =>
      `stack ${stack} holds ${count} valid token${count === 1 ? "" : "s"} with a label of this stack: no orphan. Tokens keep ` +
      "their labels if a stack is renamed or state is moved. `pulumi up` in that stack changes the label in its state, and a " +
      "rotation changes the name in the store's list",
  );
}

function cutLabels({ orphans }: OrphanSearch): readonly string[] {
  return orphans.some(({ isCut }) => isCut)
    ? [
        "version 0.1.0 cut long labels, so that a token may belong to another stack whose full name begins alike, even in " +
          "another backend: make sure whose token it is, then name it by --jti",
      ]
    : [];
}

function foreignLabels({ orphans }: OrphanSearch): readonly string[] {
  return orphans.some(({ mayBeForeign }) => mayBeForeign)
    ? [
        "labels that begin with -/ are the plugin's and name no organization, so that a token may belong to a stack of another " +
          "organization with this project and stack name: make sure whose token it is, then name it by --revoke --jti",
      ]
    : [];
}

function summaryOf(stack: string, search: OrphanSearch): string {
  const { orphans, stores, unread } = search;
  const searched = stores.map(({ storeHash }) => storeHash).join(", ");
  const where = searched === "" ? "" : ` Searched store${stores.length === 1 ? "" : "s"} ${searched}.`;
  if (orphans.length === 0) {
    const isWhole = problemsOf(search).length === 0;
    return `No orphan of ${stack}${isWhole ? "" : " was found, but not everything could be searched"}.${where}`;
  }
  const [s, them] = orphans.length === 1 ? ["", "it"] : ["s", "them"];
  if (unread.length > 0) {
    return `${orphans.length} valid token${s} with a label of ${stack}: no state that you can read holds ${them}, but not every state could be read.${where}`;
  }
  return `${orphans.length} orphan${s} of ${stack}: no state that you can read holds ${them}, and nothing rotates or revokes ${them}.${where}`;
}

/** When a token of a list expires. */
export function worksUntilIn({ expiresAt }: ListedToken): string {
  return worksUntil(expiresAt ?? "never");
}
