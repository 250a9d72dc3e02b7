import type { Command } from "commander";

import { TokensError } from "../../provider/errors";
import { createEnder, type Ender } from "../ending/end";
import { requireUnlocked } from "../ending/lock";
import { chosen } from "../ending/choice";
import { findOrphans, type Hunt, isHeld, type Orphan } from "../ending/orphans";
import { fullName, ownerOf } from "../ending/owner";
import { orphansJson, orphansText, type Result } from "../ending/strays";
import { EXIT } from "../exit-codes";
import { readBackend } from "../state/backend";
import { readStacks } from "../state/source";
import { tokensOf } from "../state/tokens";
import { readSettings } from "../store/settings";
import { json } from "../view/json";
import { worksFor } from "../ending/words";
import type { World } from "../world";
import { asError } from "../../provider/notices";

interface Options {
  readonly stack?: string;
  readonly store: readonly string[];
  readonly revoke?: boolean;
  readonly jti: readonly string[];
  readonly fingerprint: readonly string[];
  readonly json?: boolean;
}

const HELP = `
An orphan is what an interrupted update left in a store: minted under a label of this stack, and recorded nowhere.
Two stacks of the same full name in different backends share their labels: know what you revoke.
Exit code: 0 there is none, or each that was named is revoked, 3 there are some, or one that was named is kept,
1 the command failed.`;

export function orphans(program: Command, world: World): void {
  const several = (value: string, before: readonly string[]) => [...before, value];
  program
    .command("orphans")
    .description("shows live tokens under this stack's labels that its state does not hold")
    .option("--stack <name>", "this stack (default: the selected one)")
    .option("--store <hash>", "looks into this store as well; can be given again", several, [])
    .option("--revoke", "revokes those that are named, and asks for each")
    .option("--jti <id>", "names one; can be given again", several, [])
    .option(
      "--fingerprint <digits>",
      "names one that the stack's history knows; can be given again",
      several,
      [],
    )
    .option("--json", "prints JSON")
    .addHelpText("after", HELP)
    .action(async (options: Options) => {
      await run(world, options);
    });
}

async function run(world: World, options: Options): Promise<void> {
  const { stack, revoke = false, jti, fingerprint } = options;
  const isNamed = jti.length + fingerprint.length > 0;
  if (revoke !== isNamed) {
    throw new TokensError("usage", "--revoke goes with --jti or --fingerprint, which name what is revoked");
  }
  if (revoke && !world.input.isTty) {
    throw new TokensError("usage", "--revoke asks for each token: run it in a terminal");
  }
  const look = await lookAround(world, stack);
  const settings = await readSettings(world, stack);
  const ender = createEnder(world, settings);
  const now = Math.floor(world.clock.now() / 1000);
  const hunt = await findOrphans(ender, settings, { ...look, now, stores: options.store });
  const named = revoke ? await chosen(world, hunt, { jti, fingerprint, stack }) : undefined;
  const results = named && (await revokeEach(world, ender, named, stack));
  const shown = {
    ...{ stack: fullName(look.owner), now, hunt },
    remarks: [...hunt.remarks, ...(look.unseen === undefined ? [] : [look.unseen])],
    ...(results && { results }),
  };
  world.output.stdout(options.json ? json(orphansJson(shown)) : orphansText(shown, world.output));
  world.setExitCode(exitCodeOf(hunt, results));
}

/** The state, with nothing under way that could change it. */
async function lookAround(world: World, stack: string | undefined) {
  const backend = await readBackend(world);
  const [state] = await readStacks(world, { stack });
  const deployment = state?.deployment ?? { resources: [], pendingOperations: [] };
  const owner = await ownerOf(world, deployment, stack, backend);
  const unseen = await requireUnlocked(world, owner, backend);
  return { owner, deployment, unseen };
}

/** Between the question and the answer much can happen: what stands in the state by then is left alone. */
async function revokeEach(
  world: World,
  ender: Ender,
  named: readonly Orphan[],
  stack: string | undefined,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (const orphan of named) {
    const { kind, label, row } = orphan;
    const question = `Revoke ${kind} token ${row.jti} of ${label} in store ${orphan.storeHash}, which ${worksFor(row)}? [y/N] `;
    const answer = (await world.input.ask(question)) ?? "";
    if (!/^y(es)?$/i.test(answer.trim())) {
      results.push({ orphan, result: "kept" });
      continue;
    }
    try {
      const { deployment } = await lookAround(world, stack);
      if (isHeld(tokensOf(deployment), row)) {
        results.push({ orphan, result: "recorded by now" });
        continue;
      }
      const { channelIds, allowedCorsOrigins, expiresAt: expiry = "never" as const } = row;
      const { revoked } = await ender.end({
        ...{ ...orphan, jti: row.jti, hasOwnJti: true, name: row.jti, expiry, channelIds },
        ...(allowedCorsOrigins && { allowedCorsOrigins }),
      });
      results.push({ orphan, result: revoked.kind });
    } catch (thrown) {
      results.push({ orphan, result: "failed", problem: asError(thrown).message });
    }
  }
  return results;
}

const KEPT: ReadonlySet<Result["result"]> = new Set(["kept", "recorded by now"]);

function exitCodeOf({ orphans: found, problems }: Hunt, results: readonly Result[] | undefined) {
  if (results) {
    if (results.some(({ problem }) => problem !== undefined)) return EXIT.error;
    return results.some(({ result }) => KEPT.has(result)) ? EXIT.person : EXIT.ok;
  }
  if (problems.length > 0) return EXIT.error;
  return found.length > 0 ? EXIT.person : EXIT.ok;
}
