import type { Command } from "commander";

import { asError } from "../../../provider/notices";
import { createRevoker, revocationTargetOf } from "../../stores/revoker";
import { type RetiredToken, retiredJson, retiredText } from "./report";
import { createTokenValues } from "../../tokens/token-values";
import { EXIT } from "../../exit-codes";
import { readNamedState } from "../../pulumi/states";
import { type HeldToken, isLive, tokensOf } from "../../tokens/held-token";
import { readSettings } from "../../stores/settings";
import { json } from "../../render/json";
import type { System } from "../../system";

interface Options {
  readonly stack?: string;
  readonly yes?: boolean;
  readonly json?: boolean;
}

const KEPT =
  "kept, because the token that replaced it is gone or not in use yet: run `pulumi up`, then this again";

const HELP = `
A previous token is one that was replaced and left to expire. Revoke it when everything that used it has the new token.
The state still names it until it expires; at most, \`pulumi up\` warns that it was revoked before.
Exit code: 0; with --yes, 1 if one could not be revoked, or was kept because the token that replaced it is gone or not in use yet.`;

export function retire(program: Command, system: System): void {
  program
    .command("retire")
    .description("revokes the previous tokens that still work; without --yes, shows them")
    .option("--stack <name>", "this stack (default: the selected one)")
    .option("--yes", "revokes them")
    .option("--json", "prints JSON")
    .addHelpText("after", HELP)
    .action((options: Options) => run(system, options));
}

async function run(system: System, { stack, yes = false, json: asJson = false }: Options): Promise<void> {
  const state = await readNamedState(system, stack);
  const now = Math.floor(system.clock.now() / 1000);
  const held = tokensOf(state.deployment);
  const live = held.filter((token) => token.role === "predecessor" && isLive(token, now));
  // Then dependents still use the previous token. An adopted token is in use before GraphQL accepts it.
  const isUnused = ({ isGone, isUnproven, isAdopted, role }: HeldToken) =>
    isGone || (isUnproven && !isAdopted) || role === "pending replacement";
  const unused = new Set(held.filter(isUnused).map(({ urn }) => urn));
  const kept = live.filter(({ urn }) => unused.has(urn));
  const others = live.filter(({ urn }) => !unused.has(urn));
  const retired = [
    ...kept.map((token): RetiredToken => ({ token, isKept: true, problem: KEPT })),
    ...(yes
      ? await revokeAll(system, state.stack, others)
      : others.map((token): RetiredToken => ({ token }))),
  ];
  const report = { stack: state.name, now, retired, isDone: yes };
  system.output.stdout(asJson ? json(retiredJson(report)) : retiredText(report, system.output));
  if (yes && retired.some(({ problem }) => problem !== undefined)) system.setExitCode(EXIT.error);
}

/** Revokes one after the other, each by itself, so that the others are revoked even if one fails. */
async function revokeAll(
  system: System,
  stack: string,
  tokens: readonly HeldToken[],
): Promise<readonly RetiredToken[]> {
  if (tokens.length === 0) return [];
  const revoker = createRevoker(system, await readSettings(system, stack));
  const values = createTokenValues(system, stack);
  const retired: RetiredToken[] = [];
  for (const token of tokens) {
    try {
      retired.push({ token, revocation: await revoker.revoke(revocationTargetOf(token, values)) });
    } catch (thrown) {
      retired.push({ token, problem: asError(thrown).message });
    }
  }
  return retired;
}
