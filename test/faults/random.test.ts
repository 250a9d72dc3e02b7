import * as fc from "fast-check";

import type { IssuedToken } from "../../emulator/index";
import { declare } from "../handlers/support/samples";
import { startWorld, type Told, type World } from "../handlers/support/world";
import { type Script, script, type Step } from "./random-script";

/** `npm run faults:nightly` runs 10,000, and a failure prints the seed that repeats it. */
const RUNS = Number(process.env["FAULT_SCRIPTS"] ?? 200);
const SEED = Number(process.env["FAULT_SEED"] ?? Date.now() % 2 ** 31);

/** Lines that tell a person of a token which lives and which no state holds. */
const NAMING = /left to expire|was not revoked|could not be revoked|may exist|also holds token/;

async function act(world: World, { kind }: Script, step: Step): Promise<Told | undefined> {
  switch (step.what) {
    case "up":
      return world.up([declare(kind, step.change)], { replace: step.forced ? ["x"] : [] });
    case "remove":
      return world.up([]);
    case "destroy":
      return world.destroy();
    case "refresh":
      return world.refresh();
    case "advance":
      world.advance(step.days);
      return undefined;
    case "revoke elsewhere": {
      const token = world.emulator.issued[step.which];
      if (token && isLive(world, token)) await world.revokeElsewhere(world.letter(token.fingerprint));
      return undefined;
    }
  }
}

const isLive = (world: World, { revokedAt, expiresAt = Infinity }: IssuedToken) =>
  revokedAt === undefined && expiresAt > world.emulator.clock.now();

/** What the state answers for: tokens, those of pending deletes, and predecessors. */
function inState(world: World): Set<unknown> {
  return new Set(world.engine.entries.flatMap(({ outputs }) => [outputs["token"], outputs["previousToken"]]));
}

/** Live tokens that no state holds, and that nobody was told of by fingerprint, id or name. */
function untold(world: World): IssuedToken[] {
  const held = inState(world);
  const said = world.heard.filter((line) => NAMING.test(line)).join("\n");
  return world.emulator.issued.filter(
    (token) =>
      isLive(world, token) &&
      !held.has(token.token) &&
      ![token.fingerprint, token.jti, token.name].some((name) => name !== undefined && said.includes(name)),
  );
}

/** Tokens that the provider revoked although the state goes on handing them out. */
function cutOff(world: World, elsewhere: ReadonlySet<string>): IssuedToken[] {
  const kept = world.heard.filter((line) => line.includes("stays in the state")).join("\n");
  const unsettled = (outputs: Readonly<Record<string, unknown>>) => outputs["verified"] === false;
  const handedOut = world.engine.entries.filter(({ outputs }) => !unsettled(outputs));
  return world.emulator.issued.filter(
    ({ revokedAt, token, fingerprint }) =>
      revokedAt !== undefined &&
      !elsewhere.has(token) &&
      !kept.includes(fingerprint) &&
      handedOut.some(({ outputs }) => outputs["token"] === token),
  );
}

/** How many tokens errors have announced that have no name: those of stores without a list. */
function announced(world: World): number {
  const errors = world.heard.filter((line) => /A token (valid until|that never)[^;]* may exist/.test(line));
  return new Set(errors.map((line, index) => `${index}${line}`)).size;
}

async function play(plan: Script): Promise<void> {
  const { generation, deadTokenRevocation, steps } = plan;
  const world = await startWorld({
    sockets: true,
    generation,
    deadTokenRevocation,
    timeoutMs: 60_000,
    hurry: 150,
  });
  const elsewhere = new Set<string>();
  try {
    for (const { faults, step } of steps) {
      world.emulator.faults.clear();
      if (step.what !== "revoke elsewhere") for (const fault of faults) world.emulator.faults.push(fault);
      const before = world.emulator.issued.length;
      if (step.what === "revoke elsewhere") elsewhere.add(world.emulator.issued[step.which]?.token ?? "");
      const told = await act(world, plan, step);
      const fresh = world.emulator.issued.slice(before);
      // At most one token whatever happens: without a list one POST, with it one that was not revoked again.
      if (generation === 1) expect(fresh.length).toBeLessThanOrEqual(1);
      expect(fresh.filter(({ revokedAt }) => revokedAt === undefined).length).toBeLessThanOrEqual(1);
      if (told?.errors.length === 0) {
        for (const { outputs, pending } of world.engine.entries) {
          if (!pending) expect(world.emulator.issued.map(({ token }) => token)).toContain(outputs["token"]);
        }
      }
      expect(untold(world).length).toBeLessThanOrEqual(announced(world));
      expect(cutOff(world, elsewhere)).toEqual([]);
    }
    // Once nothing fails any more, all that a state holds can be ended, and nothing else is left than was told.
    world.emulator.faults.clear();
    await world.destroy();
    const last = await world.destroy();
    expect(last.errors).toEqual([]);
    expect(world.engine.entries).toEqual([]);
    expect(untold(world).length).toBeLessThanOrEqual(announced(world));
  } finally {
    await world.close();
  }
}

it(
  "nothing is doubled, lost or left untold, whatever fails and in whatever order",
  async () => {
    process.stdout.write(`${RUNS} fault scripts, FAULT_SEED=${SEED}\n`);
    await fc.assert(fc.asyncProperty(script, play), { numRuns: RUNS, seed: SEED });
  },
  RUNS * 10_000,
);
