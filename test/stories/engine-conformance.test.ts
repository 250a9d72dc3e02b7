import { asOfPlugin, type PlainCall, plainCalls } from "../support/conformance/calls";
import type { Engine } from "../support/conformance/engine";
import { startFakeEngine } from "../support/conformance/fake-engine";
import { ledgerOf } from "../support/conformance/history";
import { type RealEngine, startRealEngine } from "../support/conformance/real-engine";
import { play, type RunName, type Runs } from "../support/conformance/story";

/**
 * The handler tests run on a fake engine (test/handlers/support/engine.ts). This test plays one story of some 50 tokens on
 * that engine and on Pulumi's own, there in both forms, and requires the same calls of the handlers from all. For the
 * plugin these are the calls that Pulumi's engine sends to its process.
 *
 * Compared, for each run and resource:
 * - the methods in their order, with all arguments: ids, olds, news, inputs and states
 * - whether a call succeeded, failed, or failed partially (Pulumi records a token with the failure)
 * - whether a delete comes at the end of the run or before, and whether a read or diff belongs to a refresh
 * - whether the run succeeded
 * - what became of every token
 *
 * Between resources, only the order that a dependency or a phase of the engine determines (`ORDERS`): all else is
 * concurrent. So is what a refresh or the end of a run does to several tokens of one resource: those go by their ids.
 *
 * Both sides get the same placeholders for what differs from run to run:
 * - a token, its fingerprint, id and list name: the resource that minted it, and a count; a wrong token is a difference
 * - times: days since the story began, to the hour
 * - `__provider`: the kind of token
 * - organization, project and stack in labels, the API account, the API host, the hash of the second store
 */

/** About a minute on an idle machine of two cores. */
const LONGEST_STORY_MS = 900_000;

/** The calls of one token in one run. */
const SCENARIOS: readonly (readonly [RunName, string, string])[] = [
  // A create, and its preview, known or not.
  ["first", "same", "check create"],
  ["first", "web", "check create"],
  ["preview", "added", "check"],
  ["preview", "addedAtSite", "check"],
  // Nothing, or the record alone.
  ["changes", "same", "check diff"],
  ["changes", "respelled", "check diff"],
  ["failures", "respelled", "check diff"],
  ["changes", "updated", "check diff update"],
  ["preview", "updated", "check diff"],
  // Each input that replaces, and age.
  ...["later", "channels", "scopes", "origins", "moved", "due"].flatMap((name) => [
    ["preview", name, "check diff check"] as const,
    ["changes", name, "check diff check create delete(end)"] as const,
  ]),
  // Pulumi's own reasons to replace.
  ...["forced", "tainted"].flatMap((name) => [
    ["preview", name, "check"] as const,
    ["changes", name, "check create delete(end)"] as const,
  ]),
  ...["triggered", "follower"].flatMap((name) => [
    ["preview", name, "check check"] as const,
    ["changes", name, "check check create delete(end)"] as const,
  ]),
  // Names, and inputs under ignoreChanges.
  ["changes", "after", "check diff update"],
  ["changes", "before", ""],
  ["changes", "afterChange", "check diff check create"],
  ["changes", "beforeChange", "delete(end)"],
  ["changes", "pinned", "check diff"],
  ["changes", "pinnedReplaced", "check diff check create delete(end)"],
  ["changes", "removed", "delete(end)"],
  // A dependency that is deleted before it is replaced.
  ["preview", "web", "diff check"],
  ["changes", "web", "diff delete check create"],
  ["changes", "beforeWeb", "diff delete"],
  ["changes", "afterWeb", "check diff check create"],
  ["preview", "spared", "diff check diff"],
  ["changes", "spared", "diff check diff update"],
  ["changes", "companion", "delete check create"],
  ["changes", "behindWeb", "check diff"],
  // The same, interrupted.
  ["failures", "interrupted", "diff delete check create(failed)"],
  ["recovery", "interrupted", "check diff check create delete(end)"],
  ["recovery", "interruptedRemoved", ""],
  ["failuresAgain", "interruptedLater", "diff delete check create(failed)"],
  ["refresh", "interruptedLater", ""],
  ["upWithRefresh", "interruptedLater", "check diff check create delete(end)"],
  // Failures, with --continue-on-error.
  ["failures", "failed", "check create(failed)"],
  ["failures", "behindFailed", ""],
  ["failures", "notMinted", "check diff check create(failed)"],
  ["failures", "unverified", "check create(partial)"],
  ["failures", "behindUnverified", ""],
  ["failures", "replacedUnverified", "check diff check create(partial)"],
  ["recovery", "failed", "check create"],
  ["recovery", "behindFailed", "check create"],
  ["recovery", "unverified", "check diff update"],
  ["recovery", "replacedUnverified", "check diff update delete(end)"],
  // Pending deletes: of a run that failed before them, and of one in which they failed.
  ["failures", "waiting", "check diff check create"],
  ["recovery", "waiting", "check diff delete(end)"],
  ["recovery", "stuck", "check diff delete(failed)(end)"],
  ["recovery", "underStuck", "check diff"],
  ["refresh", "stuck", "read(refresh) diff(refresh) read(refresh) diff(refresh)"],
  [
    "upWithRefresh",
    "stuck",
    "read(refresh) diff(refresh) read(refresh) diff(refresh) check diff delete(end)",
  ],
  // A refresh.
  ["refresh", "same", "read(refresh) diff(refresh)"],
  ["refresh", "gone", "read(refresh) diff(refresh)"],
  ["refresh", "due", "read(refresh) diff(refresh)"],
  ["previewWithRefresh", "gone", "read(refresh) diff(refresh) check diff check"],
  ["previewWithRefresh", "due", "read(refresh) diff(refresh) check diff check"],
  ["previewWithRefresh", "goneLater", "read(refresh) diff(refresh) check diff check"],
  ["upWithRefresh", "same", "read(refresh) diff(refresh) check diff"],
  ["upWithRefresh", "due", "read(refresh) diff(refresh) check diff check create delete(end)"],
  ["upWithRefresh", "gone", "read(refresh) diff(refresh) check diff check create delete(end)"],
  ["upWithRefresh", "goneLater", "read(refresh) diff(refresh) check diff check create delete(end)"],
  ["upWithRefresh", "unverifiedLater", "read(refresh) diff(refresh) check diff update"],
  ["upWithRefresh", "removedLater", "read(refresh) diff(refresh) delete(end)"],
  // --target.
  ["targets", "aimed", "check diff check create delete(end)"],
  ["targets", "aimedRemoved", "delete(end)"],
  ...["same", "missed", "missedRemoved", "missedNew"].map((name) => ["targets", name, ""] as const),
  // protect.
  ["preview", "safe", "check diff check"],
  ["refused", "safe", "check diff"],
  ["refused", "missed", "check diff check create"],
  ["refused", "missedRemoved", ""],
  ["recovery", "safeRemoved", ""],
  ["upWithRefresh", "safeRemoved", "read(refresh) diff(refresh) delete(end)"],
  // A destroy.
  ["destroy", "same", "delete(end)"],
  ["destroy", "missed", "delete(end) delete(end)"],
];

const RUNS: Readonly<Record<RunName, true>> = {
  ...{ first: true, preview: true, changes: true, failures: true, recovery: true, failuresAgain: true },
  ...{ refresh: true, previewWithRefresh: true, upWithRefresh: true, targets: true, refused: true },
  destroy: true,
};

/** The order of calls of different resources. */
const ORDERS: readonly (readonly [RunName, readonly string[]])[] = [
  ["changes", ["spared diff", "companion delete"]],
  ["changes", ["web diff", "companion delete", "web delete", "web check"]],
  ["changes", ["base create", "user check"]],
  ["changes", ["user delete", "base delete"]],
  ["changes", ["triggered create", "follower check"]],
  ["changes", ["follower delete", "triggered delete"]],
  ["destroy", ["user delete", "base delete"]],
  ["destroy", ["behindWeb delete", "web delete"]],
  ["destroy", ["behindUnverified delete", "unverified delete"]],
];

const HOSTS = [
  {
    host: "dynamic",
    asOfHost: undefined,
    imported: { calls: [], printed: "code must be a string, not undefined" },
  },
  {
    host: "plugin",
    asOfHost: asOfPlugin,
    imported: { calls: ["read"], printed: "the id is no reference; give env:NAME or file:PATH" },
  },
] as const;

describe.each(HOSTS)("Pulumi's engine with the $host form", ({ host, asOfHost, imported }) => {
  let pulumi: RealEngine;
  let fakeEngine: Engine;
  let real: Played;
  let fake: Played;
  beforeAll(async () => {
    pulumi = await startRealEngine(host);
    fakeEngine = await startFakeEngine();
    fake = await playOn(fakeEngine, asOfHost);
    real = await playOn(pulumi, asOfHost);
  }, LONGEST_STORY_MS);
  afterAll(async () => {
    await fakeEngine.close();
    await pulumi.close();
  });

  it.each(SCENARIOS)("%s: %s: %s", (run, name, expected) => {
    const calls = callsFor(real, run, name);
    expect(calls.map(textOf).join(" ")).toBe(expected);
    expect(callsFor(fake, run, name)).toEqual(calls);
  });

  it.each(ORDERS)("%s: %j", (run, expected) => {
    for (const { calls } of [real, fake]) {
      const all = calls[run].map(({ name, method }) => `${name} ${method}`);
      const places = expected.map((call) => all.indexOf(call));
      expect(places).not.toContain(-1);
      expect(places).toEqual([...places].sort((a, b) => a - b));
    }
  });

  it.each(Object.keys(RUNS) as RunName[])("%s: all tokens, and whether the run succeeds", (run) => {
    const called = ({ runs, calls }: Played) => {
      const names = [...new Set(calls[run].map(({ name }) => name))].sort();
      const byName = names.map((name) => [name, callsFor({ runs, calls }, run, name)]);
      return { succeeded: runs[run].succeeded, calls: Object.fromEntries(byName) as object };
    };
    expect(called(fake)).toEqual(called(real));
  });

  it("ends the same tokens", () => {
    expect(ledgerOf(fakeEngine).length).toBeGreaterThan(50);
    expect(ledgerOf(pulumi)).toEqual(ledgerOf(fakeEngine));
  });

  it("fails an import, which the fake engine has not", async () => {
    const { succeeded, calls, printed } = await pulumi.import("imported");
    expect({ succeeded, calls: calls.map(({ method }) => method) }).toEqual({
      succeeded: false,
      calls: imported.calls,
    });
    expect(printed).toContain(imported.printed);
  });
});

interface Played {
  readonly runs: Runs;
  readonly calls: Readonly<Record<RunName, readonly PlainCall[]>>;
}

async function playOn(engine: Engine, asOfHost?: (call: PlainCall) => PlainCall): Promise<Played> {
  const runs = await play(engine);
  return { runs, calls: plainCalls(runs, engine.surroundings, asOfHost) };
}

/** The calls of one resource. */
function callsFor({ calls }: Played, run: RunName, name: string): readonly PlainCall[] {
  const own = calls[run].filter((call) => call.name === name);
  const byId = (phase: PlainCall["phase"]) =>
    own
      .filter((call) => call.phase === phase)
      .sort((a, b) => String(a.args[0]).localeCompare(String(b.args[0])));
  return [...byId("refresh"), ...own.filter((call) => call.phase === undefined), ...byId("end")];
}

function textOf({ method, outcome, phase }: PlainCall): string {
  return `${method}${outcome === "succeeded" ? "" : `(${outcome})`}${phase ? `(${phase})` : ""}`;
}
