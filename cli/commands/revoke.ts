import type { Command } from "commander";

import { STORE_HASH } from "../../provider/bigcommerce/endpoint";
import { isLongPast } from "../../provider/ending";
import { TokensError } from "../../provider/errors";
import { durationSeconds } from "../../provider/schedule";
import { untilRefused, verdictOn } from "../ending/confirm";
import { createEnder } from "../ending/end";
import { type Incident, incidentJson, incidentText } from "../ending/incident";
import { givenToken, heldToken, type Target } from "../ending/targets";
import { EXIT } from "../exit-codes";
import { fullStackName } from "../state/stack-name";
import { readSettings } from "../store/settings";
import { json } from "../view/json";
import type { World } from "../world";

interface Options {
  readonly store?: string;
  readonly fingerprint?: string;
  readonly stack?: string;
  readonly wait: string;
  readonly json?: boolean;
}

const MAX_WAIT_S = 600;

const HELP = `
The token comes from standard input, never as an argument: printf %s "$TOKEN" | ... revoke --store abc123
Exit code: 0 revoked, and refused by the store's GraphQL API, 3 accepted, but not refused in the time given,
1 the command failed: the token may still work.`;

export function revoke(program: Command, world: World): void {
  program
    .command("revoke")
    .description("revokes one token, waits until it is refused, and tells the times")
    .option("--store <hash>", "the store of a token from standard input")
    .option("--fingerprint <digits>", "a token that the stack's state holds, in place of standard input")
    .option("--stack <name>", "this stack's state and configuration (default: the selected one)")
    .option("--wait <span>", "how long to wait for the refusal, up to 10m; 0 asks once", "2m")
    .option("--json", "prints JSON")
    .addHelpText("after", HELP)
    .action(async (options: Options) => {
      await run(world, options);
    });
}

async function run(world: World, options: Options): Promise<void> {
  const waitMs = waitOf(options.wait) * 1000;
  const { store, fingerprint } = options;
  if (store !== undefined && !STORE_HASH.test(store)) {
    throw new TokensError("usage", "--store takes a store hash: 1 to 32 lower-case letters and digits");
  }
  // State, values and configuration are read one after the other, and belong to one stack.
  const stack = fingerprint === undefined ? options.stack : await fullStackName(world, options.stack);
  const target = fingerprint === undefined ? await givenToken(world, store) : await heldToken(world, { fingerprint, store, stack }); // prettier-ignore
  const incident = await end(world, target, stack, waitMs);
  world.output.stdout(options.json ? json(incidentJson(incident)) : incidentText(incident));
  world.setExitCode(incident.asked && incident.asked.verdict.kind !== "refused" ? EXIT.person : EXIT.ok);
}

async function end(
  world: World,
  target: Target,
  stack: string | undefined,
  waitMs: number,
): Promise<Incident> {
  const isOver = isLongPast(target.doomed.expiry, Math.floor(world.clock.now() / 1000));
  if (isOver || target.held?.isGone) {
    return { target, begunAt: world.clock.now() };
  }
  const settings = await readSettings(world, stack);
  const ender = createEnder(world, settings);
  // A token from outside does not say at which host it was minted: it is that of this run.
  const here = target.held ? {} : { apiUrl: settings.apiUrl(target.doomed.storeHash) };
  const doomed = { ...target.doomed, ...here };
  const begunAt = world.clock.now();
  const ended = await ender.end(doomed);
  const revoked = { target, begunAt, ended, endedAt: world.clock.now() };
  if (ended.revoked.kind === "expired") return revoked;
  const value = await valueOf(target);
  if (value === undefined) {
    const why = `its value cannot be read from the state, so that the store's GraphQL API cannot be asked`;
    return { ...revoked, asked: { verdict: { kind: "unclear", why }, at: world.clock.now() } };
  }
  const connection = ender.connect(doomed);
  const asked = await untilRefused(world.clock, waitMs, () =>
    verdictOn(connection, { ...doomed, token: value }),
  );
  return { ...revoked, asked };
}

/** By its jti it is revoked without a passphrase; only the proof needs one. */
async function valueOf({ doomed }: Target): Promise<string | undefined> {
  try {
    return await doomed.value?.();
  } catch {
    return undefined;
  }
}

function waitOf(text: string): number {
  const seconds = /^0[smhdw]?$/.test(text) ? 0 : durationSeconds(text);
  if (seconds !== undefined && seconds <= MAX_WAIT_S) return seconds;
  throw new TokensError("usage", "--wait takes 0, or a span of at most 10m, such as 90s or 2m");
}
