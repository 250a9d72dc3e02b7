import type { Told } from "../../cli/fake-system";
import { type Name, named } from "./names";

/** What stands for a text that is written for people, and may be worded otherwise. */
const PROSE = "(prose)";

/** What a run of a command answers to programs: JSON without its prose, the exit code, and what was run and written. */
export function jsonAnswer(told: Told, prose: readonly string[], names: readonly Name[] = []): unknown {
  return {
    ...runOf(told, names),
    json: withoutProse(JSON.parse(named(told.stdout, names) || "null"), new Set(prose)),
  };
}

/** The same of a table: its titles, and how many rows it has; a text without rows is prose. */
export function tableAnswer(told: Told, names: readonly Name[] = []): unknown {
  const [titles = "", ...rows] = (told.stdout.split("\n\n")[0] ?? "").trimEnd().split("\n");
  return { ...runOf(told, names), titles: rows.length === 0 ? [] : titles.split(/ {2,}/), rows: rows.length };
}

/** The same of tables in Markdown. */
export function markdownAnswer(told: Told): unknown {
  const [titles = "", , ...rows] = told.stdout.split("\n").filter((line) => line.startsWith("|"));
  const cells = titles.split("|").slice(1, -1);
  return { ...runOf(told), titles: cells.map((cell) => cell.trim()), rows: rows.length };
}

/** The same of a page: the titles and rows of its tables, what needs attention, and the bars of each lane. */
export function pageAnswer(told: Told): unknown {
  const { stdout } = told;
  const tables = [...stdout.matchAll(/<table class="(\w+)">([^]*?)<\/table>/g)];
  const concerns = [...stdout.matchAll(/<li><b class="(\w+)">([^<]*)<\/b> <strong>([^<]*)/g)];
  const lanes = [...stdout.matchAll(/<li><div><a href="#events">([^<]*)<([^]*?)(?=<li>|<\/ul>)/g)];
  return {
    ...runOf(told),
    concerns: concerns.map((found) => found.slice(1)),
    tables: tables.map(([, id, text = ""]) => ({
      id,
      titles: [...text.matchAll(/<th scope="col">([^<]*)</g)].map(([, title]) => title),
      // Of an event: what, and its evidence.
      rows: [...text.matchAll(/^<tr>(<td[^]*?)$/gm)].map(([, row = ""]) => {
        const cells = row.split(/<td[^>]*>/).slice(1);
        return id === "events" ? [cells[1], cells[5]] : cells;
      }),
    })),
    lanes: lanes.map(([, resource, text = ""]) => ({
      resource,
      bars: [...text.matchAll(/<g(?: class=(\w+))?><title>(\w*)[^<]*<\/title><rect x=([\d.]+)% y=\d+ width=([\d.]+)%/g)].map(([, state = "expired", ...rest]) => [state, ...rest]),
    })),
  };
} // prettier-ignore

/** What leads each line of a text of facts, as a label does. */
export function labelsAnswer(told: Told, names: readonly Name[] = []): unknown {
  const lines = told.stdout.split("\n").filter((line) => line !== "");
  return {
    ...runOf(told, names),
    labels: lines.map((line) => /^(\S+(?: \S+)*?) {2,}/.exec(line)?.[1] ?? PROSE),
  };
}

/** What is read line by line, exactly. */
export function linesAnswer(told: Told): unknown {
  return { ...runOf(told), lines: told.stdout.split("\n").filter((line) => line !== "") };
}

function runOf({ code, stderr, runs, written }: Told, names: readonly Name[] = []): object {
  return {
    code,
    linesOfError: stderr.split("\n").length - 1,
    runs: runs.map((args) => named(args.join(" "), names)),
    ...(Object.keys(written).length > 0 && { written: Object.keys(written) }),
  };
}

/** Paths are such as `tokens[].note`. */
function withoutProse(value: unknown, prose: ReadonlySet<string>, path = ""): unknown {
  if (typeof value === "string") return prose.has(path) ? PROSE : value;
  if (Array.isArray(value)) return value.map((each) => withoutProse(each, prose, `${path}[]`));
  if (typeof value !== "object" || value === null) return value;
  const under = (key: string) => (path === "" ? key : `${path}.${key}`);
  return Object.fromEntries(
    Object.entries(value).map(([key, held]) => [key, withoutProse(held, prose, under(key))]),
  );
}
