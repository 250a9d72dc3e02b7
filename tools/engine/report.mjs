import { undoOnExit } from "./leftovers.mjs";

const EVERY_MS = 15_000;

/**
 * Tells a person how far the tool `name` is: `say` prints a line that stays, `progress` one that the next line replaces.
 * Without a terminal nothing can be replaced: there a progress line appears `everyMs` after the line before it.
 */
export function reportTo(stream, { name = "engine", everyMs = EVERY_MS } = {}) {
  const inPlace = stream.isTTY === true && process.env.TERM !== "dumb";
  let printedAt = -Infinity;
  let withdraw;

  function say(line) {
    withdraw?.();
    stream.write(`${withdraw ? "\r\x1b[K" : ""}${name}: ${line}\n`);
    withdraw = undefined;
    printedAt = Date.now();
  }

  function progress(text) {
    if (inPlace) {
      const room = stream.columns > 0 ? stream.columns - 1 : undefined;
      stream.write(`\r\x1b[K${`${name}: ${text}`.slice(0, room)}`);
      // The shell's prompt, or an error, must not follow in the same row.
      withdraw ??= undoOnExit(() => stream.write("\n"));
    } else if (Date.now() - printedAt >= everyMs) {
      say(text);
    }
  }

  return { say, progress };
}

/** `95 s`, `3 min 20 s` */
export function durationSince(started) {
  const seconds = Math.round((Date.now() - started) / 1000);
  return seconds < 120 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
