import type { Command } from "commander";

import { defined } from "../../../provider/defined";
import { TokensError } from "../../../provider/errors";
import { linesIn } from "../../files/lines";
import { readText, unreadable } from "../../files/read-text";
import { addFormats, formatOf, type Formatted } from "../../output-format";
import { type EventLog, isOfProvider, readEventLogs } from "../../pulumi/event-log";
import { type Deployment, parseExport } from "../../pulumi/export";
import { orWithout } from "../../pulumi/run";
import { openHistory } from "../../pulumi/history-source";
import { json } from "../../render/json";
import { repeatedOption } from "../../repeated-option";
import type { System } from "../../system";
import { diffReport } from "./diff";
import { auditPage } from "./html/page";
import { auditJson } from "./json";
import type { Report } from "./model";
import { type Question, select, type Selection } from "./selection";
import { auditMarkdown, auditText } from "./table";
import { endOption, timeOption } from "./time-options";
import { createTimeline } from "./timeline";

interface Options extends Formatted<keyof typeof VIEWS> {
  readonly stack?: string;
  readonly history?: string;
  readonly since?: string;
  readonly until?: string;
  readonly liveBetween?: readonly string[];
  readonly events: readonly string[];
}

const VIEWS = {
  table: auditText,
  json: (selection: Selection) => json(auditJson(selection)),
  markdown: auditMarkdown,
  html: auditPage,
} as const;

const HELP = `
A date is 2026-12-31, 2026-12-31T08:00:00Z, or 30d for 30 days ago. Times are UTC.
Evidence: "confirmed": the store's own answer proves it. "accepted": the store accepted it. "reported": a line of a log
says so; a program or a resource can print such a line too. "inferred": concluded from the state alone. A printed log, or
an event log with other lines in it, is never more than "reported". In an event log, lines that the program or another
provider writes to standard error look like lines of this provider.
\`pulumi stack rm\` deletes the history of a stack.`;

export function audit(program: Command, system: System): void {
  const command = program
    .command("audit")
    .description("shows from a stack's history what happened to its tokens")
    .option("--stack <name>", "this stack (default: the selected one)")
    .option(
      "--history <folder>",
      "the folder of a backend, or of a stack's history in it (default: Pulumi's backend)",
    )
    .addOption(
      repeatedOption(
        "--events <log>",
        "the output of updates, as saved by `pulumi up --yes 2>&1 | tee -a up.log`",
      ),
    )
    .option("--since <date>", "only events from this date on")
    .option("--until <date>", "only events until this date")
    .option("--live-between <dates...>", "every token that was valid at some time between two dates");
  addFormats(command, Object.keys(VIEWS))
    .addHelpText("after", HELP)
    .action(async (options: Options) => {
      requireOneInput(options.events);
      await show(system, options, async (log, now) => {
        const timeline = createTimeline(log);
        const history = await orWithout(
          openHistory(system, options),
          "--history with the folder of a backend",
        );
        for await (const entry of history) timeline.step(entry);
        return timeline.finish(now);
      });
    });
  command
    .command("diff <before> <after>")
    .description("shows what happened between two exports of a stack; - is standard input")
    .action(async (before: string, after: string, _: unknown, diff: Command) => {
      const options: Options = diff.optsWithGlobals();
      if (options.stack !== undefined || options.history !== undefined) {
        throw usage("audit diff compares two exports: it takes no --stack and no --history");
      }
      requireOneInput([before, after, ...options.events]);
      await show(system, options, async (log, now) =>
        diffReport(await exportIn(system, before), await exportIn(system, after), log, now),
      );
    });
}

/** Standard input can be read once. */
function requireOneInput(paths: readonly string[]): void {
  if (paths.filter((path) => path === "-").length < 2) return;
  throw usage("- is standard input, which can be read only once: give a file in place of all but one");
}

async function show(
  system: System,
  options: Options,
  read: (log: EventLog, now: number) => Promise<Report>,
): Promise<void> {
  const now = Math.floor(system.clock.now() / 1_000);
  // Options are checked first, because reading may take long.
  const question = questionOf(options, now);
  const report = await read(await readEventLogs(options.events.map((path) => linesOf(system, path))), now);
  system.output.stdout(VIEWS[formatOf(options)](select(report, question, now), system.output));
}

function questionOf({ since, until, liveBetween }: Options, now: number): Question {
  if (liveBetween === undefined) {
    const from = since === undefined ? undefined : timeOption("--since", since, now);
    const to = until === undefined ? undefined : endOption("--until", until, now);
    if (from !== undefined && to !== undefined && from > to) {
      throw usage("--since must be an earlier date than --until");
    }
    return defined({ since: from, until: to });
  }
  if (since !== undefined || until !== undefined) {
    throw usage("--live-between excludes --since and --until: remove them");
  }
  const [first, last] = liveBetween;
  if (first === undefined || last === undefined || liveBetween.length > 2) {
    throw usage("--live-between takes two dates, as in --live-between 2026-06-01 2026-06-30");
  }
  const from = timeOption("--live-between", first, now);
  const to = endOption("--live-between", last, now);
  if (from > to) throw usage("--live-between takes the earlier date first");
  return { liveBetween: { from, to } };
}

function usage(message: string): TokensError {
  return new TokensError("usage", message);
}

async function exportIn(system: System, path: string): Promise<Deployment> {
  return parseExport(await readText(system, path), nameOf(path));
}

/** Warns if the file has no line of the provider: it may be the wrong file. */
async function* linesOf(system: System, path: string): AsyncGenerator<string> {
  let isHeard = false;
  try {
    for await (const line of path === "-" ? linesIn([await system.input.read()]) : system.files.lines(path)) {
      isHeard ||= isOfProvider(line);
      yield line;
    }
  } catch (thrown) {
    throw unreadable(nameOf(path), thrown);
  }
  if (!isHeard) system.output.stderr(`${nameOf(path)} holds no line of the provider`);
}

function nameOf(path: string): string {
  return path === "-" ? "standard input" : path;
}
