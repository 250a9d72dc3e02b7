import { historyFiles } from "../../cli/histories";
import { deployment, type Exported, NOW, SECRET, urnOf } from "../../cli/states";
import type { LoggedResource, LoggedRun } from "./log-scenario";

/** The history of a life as a folder `h`, and what its runs printed, as events and in plain text. */
export function filesOf(runs: readonly LoggedRun[]): Readonly<Record<string, string | Uint8Array>> {
  const states = runs.map(({ resources }) => resources.map((each) => exportedOf(each)));
  const history = runs.map(({ at, kind, errors }, index) => ({
    ...{ day: (at - NOW) / 86_400, kind, tokens: states[index] ?? [], startTime: at - 60 },
    result: errors.length > 0 ? "failed" : "succeeded",
    changes: changesOf(runs[index - 1]?.resources ?? [], runs[index]?.resources ?? []),
  }));
  return {
    ...historyFiles(history),
    "up.jsonl": runs.flatMap(eventsOf).join("\n"),
    "up.log": runs.flatMap(printedOf).join("\n"),
    before: exportedText(states[0] ?? []),
    after: exportedText(states.at(-2) ?? []),
  };
}

function exportedOf({ kind, name, id, pending, outputs }: LoggedResource): Exported {
  const urn = urnOf(name, kind, "prod");
  const rest = pending ? { delete: true } : {};
  return {
    ...{ urn, custom: true, id, type: urn.split("::")[2], inputs: {} },
    outputs: { ...outputs, token: SECRET },
    ...rest,
  };
}

function exportedText(resources: readonly Exported[]): string {
  return JSON.stringify({ version: 3, deployment: deployment(...resources) });
}

/** As `resourceChanges` counts them. */
function changesOf(before: readonly LoggedResource[], after: readonly LoggedResource[]) {
  const had = new Set(before.map(({ name }) => name));
  const has = new Set(after.map(({ name }) => name));
  const fresh = after.filter(({ id }) => !before.some((each) => each.id === id));
  const counts = {
    create: fresh.filter(({ name }) => !had.has(name)).length,
    replace: fresh.filter(({ name }) => had.has(name)).length,
    delete: [...had].filter((name) => !has.has(name)).length,
  };
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
}

/** As `pulumi up --event-log` keeps them. */
function eventsOf({ at, lines, errors }: LoggedRun, index: number): readonly string[] {
  const event = (place: number, diagnosticEvent: object) =>
    JSON.stringify({ sequence: 100 * index + place, timestamp: at - 30, diagnosticEvent });
  return [
    ...lines.map((line, place) => event(place, { message: `${line}\n`, color: "never", severity: "info#err" })), // prettier-ignore
    ...errors.map(({ name, message }, place) =>
      event(lines.length + place, {
        ...{ urn: urnOf(name, name === "support" ? "impersonation" : "private", "prod"), prefix: "error: " },
        ...{ message, color: "never", severity: "error" },
      }),
    ),
  ];
}

/** As `pulumi up --yes` prints them: as they come, and once more at the end. */
function printedOf({ lines, errors }: LoggedRun): readonly string[] {
  return [
    "Updating (prod):",
    "",
    ...lines.map((line) => `    pulumi:pulumi:Stack shop-prod running ${line}`),
    "Diagnostics:",
    "  pulumi:pulumi:Stack (shop-prod):",
    ...lines.map((line) => `    ${line}`),
    ...errors.map(({ message }) => `    error: ${message}`),
    "",
  ];
}
