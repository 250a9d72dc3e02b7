import type { Command } from "commander";

import { asError } from "../../../provider/notices";
import { createRevoker, revocationTargetOf, type Revoker } from "../../stores/revoker";
import { type RetiredToken, retiredJson, type RetireReport, retiredText } from "./report";
import { findRevokedBefore } from "./revoked-before";
import { findUsers } from "./users";
import { resourcesWithoutUse } from "../../tokens/holders";
import { holderText } from "../../tokens/next-steps";
import { createTokenValues, type TokenValues } from "../../tokens/token-values";
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
The state still names it until it expires; at most, \`pulumi up\` warns that it was revoked before. A token that the
store's list shows revoked is not offered again; without a list this cannot be known.
Exit code: 0; with --yes, 1 if one could not be revoked, or was kept because the token that replaced it is gone or
not in use yet, or because a resource of another stack uses the previous token itself.`;

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
  const previous = held.filter((token) => token.role === "predecessor" && isLive(token, now));
  if (previous.length === 0) {
    show(system, { stack: state.name, now, retired: [], isDone: yes, revoked: [], unknown: [] }, asJson);
    return;
  }
  const settings = await readSettings(system, state.stack);
  const revoker = createRevoker(system, settings);
  const { revoked, unknown } = await findRevokedBefore(revoker, settings, previous);
  const live = previous.filter((token) => !revoked.has(token));
  // Then dependents still use the previous token.
  const unused = resourcesWithoutUse(held);
  const kept = live.filter(({ urn }) => unused.has(urn));
  const others = live.filter(({ urn }) => !unused.has(urn));
  const { users, unread } = await findUsers(system, state.stack, others);
  if (unread.length > 0)
    system.output.stderr(unread.map((why) => `not searched, and may use a token: ${why}`));
  const userOf = ({ fingerprint = "" }: HeldToken) => users.get(fingerprint);
  const free = others.filter((token) => !userOf(token));
  const retired = [
    ...kept.map((token): RetiredToken => ({ token, isKept: true, problem: KEPT })),
    ...others.flatMap((token): readonly RetiredToken[] => {
      const user = userOf(token);
      return user ? [{ token, isKept: true, problem: `kept, because it is also ${holderText(user)}` }] : [];
    }),
    ...(yes
      ? await revokeAll(revoker, createTokenValues(system, state.stack), free)
      : free.map((token): RetiredToken => ({ token }))),
  ];
  show(system, { stack: state.name, now, retired, isDone: yes, revoked: [...revoked], unknown }, asJson);
  if (yes && retired.some(({ problem }) => problem !== undefined)) system.setExitCode(EXIT.error);
}

function show({ output }: System, report: RetireReport, asJson: boolean): void {
  output.stdout(asJson ? json(retiredJson(report)) : retiredText(report, output));
}

/** Revokes one after the other, each by itself, so that the others are revoked even if one fails. */
async function revokeAll(
  revoker: Revoker,
  values: TokenValues,
  tokens: readonly HeldToken[],
): Promise<readonly RetiredToken[]> {
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
