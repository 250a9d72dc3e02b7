import { UNKNOWN } from "../../handlers/support/samples";
import { CREDENTIALS, OTHER_STORE } from "../../handlers/support/bigcommerce";
import { NOW } from "../../handlers/support/clock";
import type { Declared, RunResult } from "../../handlers/support/run";
import type { DeletedFirst } from "../../handlers/support/run-options";
import { startWorld } from "../../handlers/support/world";
import { callsOf, type Line } from "./calls";
import { type Engine, type Outcome, type Program, type RunOptions, siteOf } from "./engine";

const { recorded } = jest.requireActual<{
  readonly recorded: <T>(kind: string, handlers: T, write: (line: Line) => void) => T;
}>("./calls-preload.cjs");

/** The engine of the handler tests. It has no sites: what they do to tokens is computed here. */
export async function startFakeEngine(): Promise<Engine> {
  let lines: Line[] = [];
  const world = await startWorld({
    // As the provider's own, so that a busy machine changes no call.
    timeoutMs: 60_000,
    // Copies, as Pulumi's calls are written to a file at once.
    record: (kind, handlers) => recorded(kind, handlers, (line) => lines.push(structuredClone(line))),
  });
  const { emulator, engine } = world;
  const tainted = new Set<string>();
  let last: Program = { sites: {}, tokens: [] };

  const outcomeOf = async (run: Promise<RunResult>): Promise<Outcome> => {
    const { errors, failures } = await run;
    const calls = callsOf(lines);
    lines = [];
    return { succeeded: errors.length + failures.length === 0, calls };
  };
  /** The tokens with the values that their sites give, and the options that a new version of a site means. */
  const withSites = (program: Program, options: RunOptions, isPreview: boolean) => {
    const isNew = (site: string) => last.sites[site] !== program.sites[site];
    const declared = program.tokens.map(({ from, ...token }): Declared => {
      if (!from) return token;
      const known = siteOf(program.sites[from.site] ?? 0)[from.input];
      const value = isPreview && isNew(from.site) ? UNKNOWN : known;
      return { ...token, args: { ...token.args, [from.input]: value } };
    });
    const isHeld = (name: string) => engine.entries.some((entry) => entry.name === name && !entry.pending);
    const held = last.tokens.filter(({ name }) => isHeld(name));
    const deletedFirst: DeletedFirst[] = [
      ...held.flatMap(({ name, from }) => (from && isNew(from.site) ? [{ name, input: from.input }] : [])),
      ...held.filter(({ replaceWith = [] }) => replaceWith.some((one) => one in last.sites && isNew(one))),
    ];
    const replace = [...(options.replace ?? []), ...tainted];
    return [declared, { ...options, deletedFirst, replace }] as const;
  };
  return {
    emulator,
    surroundings: {
      start: NOW,
      apiUrl: emulator.url,
      otherStore: OTHER_STORE,
      secrets: () => [...Object.values(CREDENTIALS), ...emulator.issued.map(({ token }) => token)],
    },
    preview: (program, options = {}) => outcomeOf(world.preview(...withSites(program, options, true))),
    up(program, options = {}) {
      const given = withSites(program, options, false);
      last = program;
      tainted.clear();
      return outcomeOf(world.up(...given));
    },
    refresh: () => outcomeOf(world.refresh()),
    destroy: () => outcomeOf(world.destroy()),
    taint(name) {
      tainted.add(name);
      return Promise.resolve();
    },
    unprotect(name) {
      engine.entries = engine.entries.map((entry) => {
        const { protect: _, ...rest } = entry;
        return entry.name === name ? rest : entry;
      });
      return Promise.resolve();
    },
    advance(days) {
      world.advance(days);
    },
    setOtherCredential(isSet) {
      world.env["BIGCOMMERCE_ACCESS_TOKEN_OTHER9"] = isSet ? CREDENTIALS[OTHER_STORE] : undefined;
    },
    close: () => world.close(),
  };
}
