import type { Command } from "commander";

import { STORE_HASH } from "../../../provider/domain/store-address";
import { TokensError } from "../../../provider/errors";
import { asError } from "../../../provider/notices";
import { chooseOrphans } from "./choose";
import { type OrphanSearch, searchOtherStacks, withOtherStacks } from "./other-stacks";
import { createRevoker, type Revoker } from "../../stores/revoker";
import { requireUnlocked } from "../../pulumi/lock";
import { searchLists, type Orphan } from "./search";
import { fullNameOf, type StackName, stackNameOf, fullStackName } from "../../pulumi/stacks";
import { exportState } from "../../pulumi/states";
import { orphansJson, orphansText, type Result, worksUntilIn } from "./report";
import { EXIT } from "../../exit-codes";
import { type Backend, readBackend } from "../../pulumi/backend";
import type { Deployment } from "../../pulumi/export";
import { recordedTokensOf } from "../../tokens/state-records";
import { readSettings } from "../../stores/settings";
import { json } from "../../render/json";
import type { System } from "../../system";

interface Options {
  readonly stack?: string;
  readonly store: readonly string[];
  readonly revoke?: boolean;
  readonly jti: readonly string[];
  readonly fingerprint: readonly string[];
  readonly json?: boolean;
}

const HELP = `
An orphan is what an interrupted update left in a store: minted under a label of this stack, and recorded in no state
that you can read. Looks into every store that state, configuration or environment name, and, where a token is left
then, into the states of the backend's other stacks: a stack that was renamed, or to which a token was moved, holds it.
Two stacks of the same full name in different backends share their labels: know what you revoke.
Exit code: 0 there is none, or each that was named is revoked, 3 there are some, or one that was named is kept, or a
state could not be read, or no store was there to look into, 1 the command failed.`;

export function orphans(program: Command, system: System): void {
  const several = (value: string, before: readonly string[]) => [...before, value];
  program
    .command("orphans")
    .description("shows live tokens under this stack's labels that no state which you can read holds")
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
      await run(system, options);
    });
}

async function run(system: System, options: Options): Promise<void> {
  const { revoke = false, jti, fingerprint, store: stores } = options;
  const isNamed = jti.length + fingerprint.length > 0;
  if (revoke !== isNamed) {
    throw new TokensError("usage", "--revoke goes with --jti or --fingerprint, which name what is revoked");
  }
  if (revoke && !system.input.isTty) {
    throw new TokensError("usage", "--revoke asks for each token: run it in a terminal");
  }
  if (!stores.every((hash) => STORE_HASH.test(hash))) {
    throw new TokensError("usage", "--store takes a store hash: 1 to 32 lower-case letters and digits");
  }
  // Another stack may be selected while this asks.
  const stack = await fullStackName(system, options.stack);
  const look = await lookAround(system, stack);
  const settings = await readSettings(system, stack);
  const revoker = createRevoker(system, settings);
  const now = Math.floor(system.clock.now() / 1000);
  const hunt = await withOtherStacks(
    system,
    stack,
    await searchLists(revoker, settings, { ...look, now, stores }),
  );
  const named = revoke ? await chooseOrphans(system, hunt, { jti, fingerprint, stack }) : undefined;
  const results = named && (await revokeEach(system, revoker, named, look));
  const shown = {
    ...{ stack: fullNameOf(look.owner), now, hunt },
    remarks: [...hunt.remarks, ...(look.unseen === undefined ? [] : [look.unseen])],
    ...(results && { results }),
  };
  system.output.stdout(options.json ? json(orphansJson(shown)) : orphansText(shown, system.output));
  system.setExitCode(exitCodeOf(hunt, results));
}

interface Look {
  /** By its full name. */
  readonly stack: string;
  readonly backend: Backend;
  readonly owner: StackName;
  readonly deployment: Deployment;
  /** Why it could not be seen whether an update is under way. */
  readonly unseen: string | undefined;
}

/** The state, with nothing under way that could change it. */
async function lookAround(system: System, stack: string): Promise<Look> {
  const backend = await readBackend(system);
  const { deployment } = await exportState(system, stack);
  const owner = await stackNameOf(system, stack, deployment);
  const unseen = await requireUnlocked(system, owner, backend);
  return { stack, backend, owner, deployment, unseen };
}

/** Each on its own: the failure of one keeps no other alive. */
async function revokeEach(
  system: System,
  revoker: Revoker,
  named: readonly Orphan[],
  before: Look,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (const orphan of named) {
    const { kind, label, row } = orphan;
    const question = `Revoke ${kind} token ${row.jti} of ${label} in store ${orphan.storeHash}, which ${worksUntilIn(row)}? [y/N] `;
    const answer = (await system.input.ask(question)) ?? "";
    if (!/^y(es)?$/i.test(answer.trim())) {
      results.push({ orphan, result: "kept" });
      continue;
    }
    try {
      const holder = await heldByNow(system, orphan, before);
      if (holder) {
        results.push({ orphan, result: holder });
        continue;
      }
      const { channelIds, allowedCorsOrigins, expiresAt: expiry = "never" as const } = row;
      const { kind: result } = await revoker.revoke({
        ...{ ...orphan, jti: row.jti, hasOwnJti: true, name: row.jti, expiry, channelIds },
        ...(allowedCorsOrigins && { allowedCorsOrigins }),
      });
      results.push({ orphan, result });
    } catch (thrown) {
      results.push({ orphan, result: "failed", problem: asError(thrown).message });
    }
  }
  return results;
}

/** Between the question and the answer much can happen: what a state holds by then is left alone. */
async function heldByNow(
  system: System,
  orphan: Orphan,
  before: Look,
): Promise<"recorded by now" | "held by another stack" | undefined> {
  const { backend, deployment } = await lookAround(system, before.stack);
  if (backend.url !== before.backend.url) {
    throw new TokensError("backend_changed", "Pulumi is logged in to another backend than before");
  }
  if (recordedTokensOf(deployment).has(orphan.row)) return "recorded by now";
  const { held, unread } = await searchOtherStacks(system, before.stack, [orphan]);
  if (unread[0] !== undefined) throw new TokensError("orphan_refused", unread[0]);
  return held.length > 0 ? "held by another stack" : undefined;
}

const KEPT: ReadonlySet<Result["result"]> = new Set(["kept", "recorded by now", "held by another stack"]);

function exitCodeOf(
  { orphans: found, problems, gaps, unread }: OrphanSearch,
  results: readonly Result[] | undefined,
) {
  if (results) {
    if (results.some(({ problem }) => problem !== undefined)) return EXIT.error;
    return results.some(({ result }) => KEPT.has(result)) ? EXIT.person : EXIT.ok;
  }
  if (problems.length > 0) return EXIT.error;
  return found.length + gaps.length + unread.length > 0 ? EXIT.person : EXIT.ok;
}
