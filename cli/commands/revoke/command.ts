import type { Command } from "commander";

import { bearerOf } from "../../../provider/bigcommerce/graphql";
import { STORE_HASH } from "../../../provider/domain/store-address";
import { KINDS } from "../../../provider/domain/kinds";
import { TokensError } from "../../../provider/errors";
import { durationSeconds, isLongPast } from "../../../provider/domain/expiry";
import { untilRefused, verdictOn } from "./confirm";
import { createRevoker } from "../../stores/revoker";
import { holderLines, type Incident, incidentJson, incidentText, noticeLines } from "./report";
import { givenToken, heldToken, type IncidentToken } from "./incident-token";
import { EXIT } from "../../exit-codes";
import type { StoreSettings } from "../../stores/settings";
import { createStackConnections, type StackConnections } from "../../stores/connections";
import { json } from "../../render/json";
import type { System } from "../../system";

interface Options {
  readonly store?: string;
  readonly fingerprint?: string;
  readonly stack?: string;
  readonly wait: string;
  readonly json?: boolean;
}

const MAX_WAIT_S = 600;

const HELP = `
The token comes from standard input, never as an argument: printf %s "$TOKEN" | ... revoke
The command searches the states of all stacks of the backend for the token (with --stack: that stack alone). Before it
acts, standard error says which resources hold the token, and what the revocation means for each; afterwards the command
prints what to run next. Keep what it prints for \`audit --events\`. A state that holds the token names its store.
Otherwise the store is the only one that configuration and environment name, or --store names it. A token that a refresh
saw gone is revoked all the same. A state that cannot be read is reported, and the token is revoked all the same.
The token is revoked by its id if the provider minted it and a state holds it, or if the store's GraphQL API knows it.
Otherwise it is revoked by its value alone. A text with the id of another token that a state holds is refused.
Exit code: 0 revoked, and refused by the store's GraphQL API, 3 accepted, but not refused in the time given,
1 the command failed: the token may still work.`;

export function revoke(program: Command, system: System): void {
  program
    .command("revoke")
    .description("revokes one token, waits until it is refused, and tells the times")
    .option("--store <hash>", "the store of a token from standard input, if nothing else names it")
    .option("--fingerprint <digits>", "a token that the stack's state holds, in place of standard input")
    .option(
      "--stack <name>",
      "this stack's state and configuration (default: the selected one; of a token from standard input: every stack)",
    )
    .option("--wait <span>", "how long to wait for the refusal, up to 10m; 0 asks once", "2m")
    .option("--json", "prints JSON")
    .addHelpText("after", HELP)
    .action((options: Options) => run(system, options));
}

async function run(system: System, options: Options): Promise<void> {
  const waitMs = waitOf(options.wait) * 1000;
  const { store, fingerprint } = options;
  if (store !== undefined && !STORE_HASH.test(store)) {
    throw new TokensError("usage", "--store takes a store hash: 1 to 32 lower-case letters and digits");
  }
  const connections = createStackConnections(system, []);
  const token = await (fingerprint === undefined
    ? givenToken(system, connections, options)
    : heldToken(system, fingerprint, options));
  const incident = await revokeToken(system, connections, token, { waitMs, isJson: options.json ?? false });
  system.output.stdout(options.json ? json(incidentJson(incident)) : incidentText(incident));
  system.setExitCode(incident.asked && incident.asked.verdict.kind !== "refused" ? EXIT.person : EXIT.ok);
}

async function revokeToken(
  system: System,
  connections: StackConnections,
  token: IncidentToken,
  { waitMs, isJson }: { readonly waitMs: number; readonly isJson: boolean },
): Promise<Incident> {
  const { clock, output } = system;
  const unsent = unsentFor(token, Math.floor(clock.now() / 1000));
  if (unsent) return { token, begunAt: clock.now(), unsent };
  const settings = await settingsFor(connections, token);
  const revoker = createRevoker(system, settings);
  // A token from outside does not tell the host that minted it: the host of this run is taken.
  const here = token.held ? {} : { apiUrl: settings.apiUrl(token.target.storeHash) };
  const target = { ...token.target, ...here };
  const warnings = holderLines(token);
  if (warnings.length > 0) output.stderr(warnings);
  const begunAt = clock.now();
  const revoked = await revoker.revoke(target);
  // At once: whoever interrupts the wait for the refusal has the line all the same.
  const notices = noticeLines(token, revoked);
  if (notices.length > 0 && isJson) output.stderr(notices);
  else if (notices.length > 0) output.stdout(notices);
  const incident = { token, begunAt, revoked, endedAt: clock.now() };
  if (revoked.kind === "expired") return incident;
  // A revocation by jti needs no passphrase; only the proof does.
  const value = await target.value?.().catch(() => undefined);
  if (value === undefined) {
    const why = "its value cannot be read from the state, so that the store's GraphQL API cannot be asked";
    return { ...incident, asked: { verdict: { kind: "unclear", why }, at: clock.now() } };
  }
  const bearer = bearerOf(target.kind && KINDS[target.kind], { ...target, token: value });
  const connection = revoker.connect(target);
  return { ...incident, asked: await untilRefused(clock, waitMs, () => verdictOn(connection, bearer)) };
}

function unsentFor({ target, held, isGiven }: IncidentToken, now: number): Incident["unsent"] {
  if (held?.isGone && !isGiven) return "gone";
  return isLongPast(target.expiry, now) ? "expired long ago" : undefined;
}

/** The settings of the first stack that has a credential for the store. */
async function settingsFor(
  connections: StackConnections,
  { stacks, target }: IncidentToken,
): Promise<StoreSettings> {
  for (const stack of stacks) {
    const settings = await connections.settings(stack);
    if (hasCredential(settings, target.storeHash)) return settings;
  }
  return connections.settings(stacks[0]);
}

function hasCredential(settings: StoreSettings, storeHash: string): boolean {
  try {
    return Boolean(settings.credential(storeHash) ?? settings.previousCredential(storeHash));
  } catch {
    return false;
  }
}

function waitOf(text: string): number {
  const seconds = /^0[smhdw]?$/.test(text) ? 0 : durationSeconds(text);
  if (seconds !== undefined && seconds <= MAX_WAIT_S) return seconds;
  throw new TokensError("usage", "--wait takes 0, or a span of at most 10m, such as 90s or 2m");
}
