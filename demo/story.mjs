import { setTimeout as sleep } from "node:timers/promises";

import { createReader } from "./engine-lines.mjs";
import { countRequests, countTokens, describeRequests, describeTokens } from "./ledger.mjs";
import { tellReport } from "./report.mjs";
import { findEngine, openFolder, openProject, openStore } from "./stage.mjs";
import { askStorefront } from "./storefront.mjs";

const UP = ["up", "--yes", "--skip-preview"];

/** The titles of the steps, in their order. */
export const STEPS = {
  store: "BigCommerce's token API, emulated on loopback",
  engine: "A Pulumi engine",
  project: "The package in a project of its own: demo/program",
  preview: "A preview: nothing is sent to BigCommerce",
  mint: "Three tokens",
  again: "The same again: nothing is due, nothing is sent",
  use: "The server uses its token (read into memory, not printed)",
  rotate: "Rotation, by a plain `pulumi up`",
  narrow: "A scope is taken away: the old token must not keep it",
  destroy: "The stack is destroyed: every token is revoked",
  anew: "The stack made anew, with the lifetimes that a team would give it",
  ledger: "The emulator's ledger",
  report: "Which tokens are valid until when, from Pulumi's state alone",
};

/** How long a token that was rotated still works: longer than the rest of the demo on any machine. */
const WINDOW_S = 900;

/** Tells the story, and returns what it leaves: the project, and the file of the report. */
export async function tellStory({ voice, stop, defer, keepSecret }) {
  const { step, say, result } = voice;
  const reader = createReader();

  step(STEPS.store);
  const folder = openFolder(defer);
  const store = await openStore({ voice, stop, defer });
  const { emulator } = store;
  keepSecret(() => [store.credential, ...emulator.issued.map(({ token }) => token)]);
  say(`listens on ${emulator.url}`);

  step(STEPS.engine);
  const engine = await findEngine({ voice, stop });

  step(STEPS.project);
  const project = await openProject(folder, engine, store, { voice, stop });
  const { pulumi, edit } = project;
  await pulumi(["stack", "init", "dev"]);

  let seen = 0;
  /** Says what BigCommerce received since the last call, and insists that it was this. */
  const received = (wanted) => {
    const counts = countRequests(emulator.requests.slice(seen));
    seen = emulator.requests.length;
    insist(`requests: ${describeRequests(counts)}`, `requests: ${wanted}`);
    result(`requests received: ${wanted}`);
  };
  const readOutputs = async () => JSON.parse(await pulumi(["stack", "output", "--json", "--show-secrets"]));
  const ask = async (what, token, status, text) => {
    const answer = await askStorefront(emulator.url, token, stop);
    insist(`${answer.status} ${answer.text}`, `${status} ${text}`);
    result(`POST /graphql with ${what}: ${status} ${text}`);
  };

  step(STEPS.preview);
  const preview = await timed(() => pulumi(["preview"], reader.tell));
  received("none");

  // The token must not become due before the update that shows that nothing changes.
  const dueAfterS = Math.min(60, Math.max(10, Math.ceil(2.5 * preview)));
  step(STEPS.mint);
  say("each kind of token is listed before its first mint, so that a mint whose answer is lost can be found");
  say(`here the server's token is due for rotation in ${dueAfterS} seconds instead of 60 days`);
  say("(an update warns of so short a window; that warning is left out here):");
  const hurry = [
    ['lifetime: "90d"', `lifetime: "${dueAfterS + WINDOW_S}s"`],
    ['rotateBefore: "30d"', `rotateBefore: "${WINDOW_S}s"`],
  ];
  for (const [patient, hasty] of hurry) edit(patient, hasty);
  await pulumi(UP, reader.tell);
  received("3 mint, 3 list");

  step(STEPS.again);
  await pulumi(UP, reader.tell);
  received("none");

  step(STEPS.use);
  const first = await readOutputs();
  await ask("the token", first.serverToken, 200, "Store abc123");
  seen = emulator.requests.length;

  step(STEPS.rotate);
  const waitMs = Math.max(0, Date.parse(first.serverRotatesAt) - Date.now());
  say(`due at ${first.serverRotatesAt}: waiting ${Math.ceil(waitMs / 1000)} s`);
  await sleep(waitMs, undefined, { signal: stop }).catch(() => stop.throwIfAborted());
  await pulumi([...UP, "--diff"], reader.tellDiff());
  received("1 mint, 1 list");
  const second = await readOutputs();
  if (second.serverToken === first.serverToken) throw new Error("the token was not rotated");
  await ask("the new token", second.serverToken, 200, "Store abc123");
  await ask("the old one", first.serverToken, 200, "Store abc123");
  seen = emulator.requests.length;

  step(STEPS.narrow);
  edit('scopes: ["Unauthenticated", "Customer"]', 'scopes: ["Unauthenticated"]');
  await pulumi([...UP, "--diff"], reader.tellDiff());
  received("1 mint, 2 revoke, 1 list");
  const third = await readOutputs();
  await ask("the new token", third.serverToken, 200, "Store abc123");
  await ask("the old one", second.serverToken, 401, "Unknown JWT token");
  await ask("the one before that", first.serverToken, 401, "Unknown JWT token");
  seen = emulator.requests.length;

  step(STEPS.destroy);
  await pulumi(["destroy", "--yes", "--skip-preview"], reader.tell);
  received("3 revoke");

  step(STEPS.anew);
  for (const [patient, hasty] of hurry) edit(hasty, patient);
  await pulumi(UP, reader.tell);
  received("3 mint, 3 list");

  step(STEPS.ledger);
  const tokens = describeTokens(countTokens(emulator.issued, emulator.clock.now()));
  insist(tokens, "8 tokens minted, 5 revoked, 0 expired, 3 live now");
  result(tokens);
  result(`${emulator.requests.length} requests: ${describeRequests(countRequests(emulator.requests))}`);

  step(STEPS.report);
  const report = await tellReport(project, voice);
  received("none");
  return { project, report };
}

function insist(actual, wanted) {
  if (actual !== wanted) throw new Error(`expected "${wanted}", got "${actual}"`);
}

async function timed(work) {
  const started = Date.now();
  await work();
  return (Date.now() - started) / 1000;
}
