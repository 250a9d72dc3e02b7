/** How long a step prints nothing before the reader is told how long it has taken, and how often afterwards. */
const TERMINAL = { silentMs: 2_000, everyMs: 1_000 };
const PLAIN = { silentMs: 10_000, everyMs: 10_000 };

/** To the beginning of the row, and nothing in it. */
const CLEAR = "\r\x1b[K";

/**
 * Shows how long a step has taken while it prints nothing: on a terminal in one line that is rewritten, and cleared before
 * the next line; elsewhere in a plain line now and then.
 */
export function createElapsed({ stream, isTerminal, now = Date.now, repeat = repeatUnref }) {
  const { silentMs, everyMs } = isTerminal ? TERMINAL : PLAIN;
  let [startedAt, printedAt, isShown] = [0, 0, false];
  let stop = () => {};

  const clear = () => {
    if (isShown) stream.write(CLEAR);
    isShown = false;
  };
  const tick = () => {
    if (now() - printedAt < silentMs) return;
    const text = `    ... ${Math.round((now() - startedAt) / 1000)} s so far`;
    stream.write(isTerminal ? `${CLEAR}${text}` : `${text}\n`);
    isShown = isTerminal;
    if (!isTerminal) printedAt = now();
  };

  return {
    /** At the beginning of a step. */
    begin() {
      this.rest();
      startedAt = printedAt = now();
      stop = repeat(tick, everyMs);
    },
    /** Before a line is printed. */
    beforeLine() {
      clear();
      printedAt = now();
    },
    /** While nobody waits for the demo. */
    rest() {
      stop();
      clear();
    },
  };
}

function repeatUnref(work, everyMs) {
  const timer = setInterval(work, everyMs);
  // The demo ends when its work is done.
  timer.unref();
  return () => clearInterval(timer);
}
