import type { Command } from "commander";

import { STORE_HASH } from "../../../provider/domain/store-address";
import { TokensError } from "../../../provider/errors";
import { asError } from "../../../provider/notices";
import { chooseOrphans } from "./choose";
import { type OrphanSearch, searchOtherStacks } from "./other-stacks";
import { createRevoker, type Revoker } from "../../stores/revoker";
import { requireUnlocked } from "../../pulumi/lock";
import { searchLists, type Orphan } from "./search";
import { fullNameOf, fullStackName, stackNameOf } from "../../pulumi/stacks";
import { exportState } from "../../pulumi/states";
import { orphansJson, orphansText, type Result, worksUntilIn } from "./report";
import { EXIT } from "../../exit-codes";
import { repeatedOption } from "../../repeated-option";
import { readBackend } from "../../pulumi/backend";
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
An orphan is a token that an interrupted update left in a store: it has a label of this stack, and no state that you can
read holds it. The command searches every store that the state, the configuration or the environment names. If it finds
a token, it also searches the states of the backend's other stacks, because tokens keep their labels if a stack is
renamed or state is moved. Stacks with the same full name in different backends share their labels: make sure whose
token it is before you revoke it.
Exit code: 0 there is no orphan, or each that was named is revoked, 1 the command failed, or the list of a store could not
be read, 3 there are orphans, or one that was named is kept, or the state of another stack could not be read, or there was
no store to search.`;

export function orphans(program: Command, system: System): void {
  program
    .command("orphans")
    .description("shows valid tokens with a label of this stack that no state you can read holds")
    .option("--stack <name>", "this stack (default: the selected one)")
    .addOption(repeatedOption("--store <hash>", "searches this store as well"))
    .option("--revoke", "revokes the tokens that are named, and asks for each")
    .addOption(repeatedOption("--jti <id>", "names a token by its id"))
    .addOption(repeatedOption("--fingerprint <digits>", "names a token of the stack's history"))
    .option("--json", "prints JSON")
    .addHelpText("after", HELP)
    .action((options: Options) => run(system, options));
}

async function run(system: System, options: Options): Promise<void> {
  const { revoke = false, jti, fingerprint, store: stores } = options;
  const isNamed = jti.length + fingerprint.length > 0;
  if (revoke && !isNamed) {
    throw new TokensError("usage", "--revoke needs --jti or --fingerprint, which name the tokens to revoke");
  }
  if (!revoke && isNamed) {
    throw new TokensError(
      "usage",
      "--jti and --fingerprint name what --revoke revokes: give --revoke as well",
    );
  }
  if (revoke && !system.input.isTty) {
    throw new TokensError("usage", "--revoke asks for each token: run it in a terminal");
  }
  if (!stores.every((hash) => STORE_HASH.test(hash))) {
    throw new TokensError("usage", "--store takes a store hash: 1 to 32 lower-case letters and digits");
  }
  // Another stack may be selected while this waits for an answer.
  const stack = await fullStackName(system, options.stack);
  const state = await readUnlocked(system, stack);
  const settings = await readSettings(system, stack);
  const revoker = createRevoker(system, settings);
  const now = Math.floor(system.clock.now() / 1000);
  const { tokens, ...listed } = await searchLists(revoker, settings, { ...state, now, stores });
  const search = { ...listed, ...(await searchOtherStacks(system, stack, tokens)) };
  const named = revoke ? await chooseOrphans(system, search, { jti, fingerprint, stack }) : undefined;
  const results = named && (await revokeEach(system, revoker, named, state));
  const remarks = [...search.remarks, state.lockUnknown ?? []].flat();
  const report = { stack: fullNameOf(state.name), stores, search: { ...search, remarks }, results };
  system.output.stdout(options.json ? json(orphansJson(report)) : orphansText(report, system.output));
  system.setExitCode(exitCodeOf(search, results));
}

type UnlockedState = Awaited<ReturnType<typeof readUnlocked>>;

/** The state of the stack, given its full name. Throws if an update is running that could change it. */
async function readUnlocked(system: System, stack: string) {
  const backend = await readBackend(system);
  const { deployment } = await exportState(system, stack);
  const name = await stackNameOf(system, stack, deployment);
  // Why it is not known whether an update is running.
  const lockUnknown = await requireUnlocked(system, name, backend);
  return { stack, backend, name, deployment, lockUnknown };
}

/** Revokes each by itself, so that the others are revoked even if one fails. */
async function revokeEach(
  system: System,
  revoker: Revoker,
  named: readonly Orphan[],
  before: UnlockedState,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (const orphan of named) {
    try {
      results.push({ orphan, result: await revokeIfAsked(system, revoker, orphan, before) });
    } catch (thrown) {
      results.push({ orphan, result: "failed", problem: asError(thrown).message });
    }
  }
  return results;
}

async function revokeIfAsked(
  system: System,
  revoker: Revoker,
  orphan: Orphan,
  before: UnlockedState,
): Promise<Result["result"]> {
  const { kind, label, storeHash, apiUrl, row } = orphan;
  const { jti, expiresAt: expiry = "never" as const } = row;
  const question = `Revoke ${kind} token ${jti} of ${label} in store ${storeHash}, which ${worksUntilIn(row)}? [y/N] `;
  const answer = (await system.input.ask(question)) ?? "";
  if (!/^y(es)?$/i.test(answer.trim())) return "kept";
  const holder = await holderNow(system, orphan, before);
  if (holder) return holder;
  const target = { ...row, storeHash, apiUrl, kind, name: jti, hasOwnJti: true, expiry };
  return (await revoker.revoke(target)).kind;
}

/** Which state holds the token now: a state may have recorded it between the question and the answer. */
async function holderNow(
  system: System,
  orphan: Orphan,
  before: UnlockedState,
): Promise<"recorded by now" | "held by another stack" | undefined> {
  const { backend, deployment } = await readUnlocked(system, before.stack);
  if (backend.url !== before.backend.url) {
    throw new TokensError(
      "backend_changed",
      "Pulumi was logged in to another backend in the meantime: run this again",
    );
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
