import { rmSync, statSync } from "node:fs";
import { connect, createServer } from "node:net";
import { setTimeout as pause } from "node:timers/promises";

import { undoOnExit } from "./leftovers.mjs";
import { eachLine } from "./lines.mjs";

/** What fits a socket's address on macOS; Node.js cuts a longer path short. */
const MAX_PATH_BYTES = 103;
const BETWEEN_ATTEMPTS_MS = 100;

/**
 * Returns what `find` finds, or else what `work` makes; of several processes with the same `path` one works at a time.
 * The others show its reports, and look again when it ends, however it ends: the system closes a dead process's socket.
 * This spares double work, no more: `work` must be right even if another process does the same. `what` they all want is
 * for the person who waits.
 */
export async function oneAtATime(path, { what, report, find, work }) {
  for (;;) {
    const found = find();
    if (found !== undefined) return found;
    const turn = await takeTurn(path, report);
    if (!turn) {
      await followTurn(path, what, report);
      continue;
    }
    try {
      return find() ?? (await work(turn.report));
    } finally {
      turn.end();
    }
  }
}

/** A turn, undefined while another process has it. Where there can be no socket, each has a turn of its own. */
function takeTurn(path, report) {
  const alone = { report, end: () => undefined };
  if (Buffer.byteLength(path) > MAX_PATH_BYTES) return alone;
  const audience = createAudience(report);
  const server = createServer((follower) => audience.join(follower));
  return new Promise((resolve) => {
    server.once("error", (error) => resolve(error.code === "EADDRINUSE" ? undefined : alone));
    server.listen(path, () => {
      const withdraw = undoOnExit(() => rmSync(path, { force: true }));
      const end = () => {
        withdraw();
        server.close();
        audience.leave();
      };
      resolve({ report: audience.report, end });
    });
  });
}

/** Passes reports on to whoever follows; a late follower first hears what was said before. */
function createAudience(report) {
  const followers = new Set();
  const said = [];
  let latest = [];
  const tell = (kind, text) => {
    const message = `${JSON.stringify({ kind, text })}\n`;
    if (kind === "say") said.push(message);
    latest = kind === "progress" ? [message] : [];
    for (const follower of followers) follower.write(message);
    report[kind](text);
  };
  return {
    report: { say: (text) => tell("say", text), progress: (text) => tell("progress", text) },
    join(follower) {
      followers.add(follower);
      // A follower may end at any time, even before it is written to; only who reads notices the end.
      follower
        .on("error", () => undefined)
        .on("close", () => followers.delete(follower))
        .resume();
      follower.write([...said, ...latest].join(""));
    },
    leave() {
      for (const follower of followers) follower.end();
    },
  };
}

/** Shows the other process's reports until it ends. */
async function followTurn(path, what, report) {
  const before = inodeOf(path);
  if (await listenTo(path, what, report)) return;
  // A new process may be just about to answer.
  await pause(BETWEEN_ATTEMPTS_MS);
  if (await listenTo(path, what, report)) return;
  // A killed process left its socket. A younger socket belongs to another process.
  if (inodeOf(path) === before) rmSync(path, { force: true });
}

/** Whether somebody was there. */
function listenTo(path, what, report) {
  return new Promise((resolve) => {
    let met = false;
    const socket = connect(path, () => {
      met = true;
      report.say(`another process is getting ${what} already; waiting for it`);
    });
    eachLine(socket, (line) => {
      const { kind, text } = JSON.parse(line);
      report[kind](text);
    });
    socket.on("error", () => undefined).on("close", () => resolve(met));
  });
}

function inodeOf(path) {
  return statSync(path, { throwIfNoEntry: false })?.ino;
}
