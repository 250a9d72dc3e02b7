import { constants } from "node:os";

import { createVoice } from "./say.mjs";
import { STAY, stay } from "./stay.mjs";
import { STEPS, tellStory } from "./story.mjs";

/** Of a failed command's output. */
const MAX_LINES = 60;

const started = Date.now();
const stop = new AbortController();
const undos = [];
const secrets = [];
const args = process.argv.slice(2);
const stays = args.length > 0;
const voice = createVoice({
  stream: process.stdout,
  env: process.env,
  titles: [...Object.values(STEPS), ...(stays ? [STAY] : [])],
  secrets: () => secrets.flatMap((ask) => ask()),
});

// Not `once`: under npm one Ctrl-C arrives twice, and the second must not cut the tidying short.
for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.on(name, () => stop.abort(Object.assign(new Error(name), { signal: name })));
}
// A reader that went away, as in `npm run demo | head`.
process.stdout.on("error", (error) => stop.abort(error));

let report;
try {
  if (args.some((arg) => arg !== "--stay")) {
    throw new Error("it takes one option, --stay, as in `npm run demo -- --stay`");
  }
  const left = await tellStory({
    voice,
    stop: stop.signal,
    defer: (undo) => undos.push(undo),
    keepSecret: (ask) => secrets.push(ask),
  });
  report = left.report;
  if (stays) await stay(left.project, { voice, stop: stop.signal });
} catch (error) {
  fail(error);
}
for (const undo of undos.reverse()) {
  try {
    await undo();
  } catch (error) {
    fail(error);
  }
}
voice.rest();
if (!process.exitCode) {
  voice.gap();
  voice.say(`done and tidied up in ${Math.round((Date.now() - started) / 1000)} s`);
  voice.say("what to try next:");
  for (const [text, address] of next()) {
    voice.say(`- ${text}`);
    voice.result(`  ${address}`);
  }
}

function next() {
  return [
    stays
      ? ["read what each command and each page is for", "docs/README.md"]
      : ["keep stack and store for commands of your own", "npm run demo -- --stay"],
    ["do the same by hand, from an empty folder", "docs/tutorial/first-token.md"],
    ["open the report of this run, which stays, in a browser", report],
  ];
}

function fail(error) {
  process.exitCode = error.signal ? 128 + constants.signals[error.signal] : 1;
  try {
    voice.failure("");
    voice.failure(
      error.signal ? `Stopped by ${error.signal}, tidying up.` : `The demo failed: ${error.message}`,
    );
    const output = error.output?.trimEnd().split("\n") ?? [];
    for (const line of output.slice(-MAX_LINES)) voice.quote(line);
  } catch {
    voice.failure("What it printed is withheld: there is a secret in it.");
  }
}
