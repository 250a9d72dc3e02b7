import { constants } from "node:os";

const undos = new Set();
let listening = false;

/**
 * Has `undo` run if SIGINT, SIGTERM or SIGHUP ends this process; returns a function that withdraws it.
 * The latest runs first, and each must be synchronous: nothing runs after process.exit.
 */
export function undoOnSignal(undo) {
  if (!listening) listen();
  undos.add(undo);
  return () => undos.delete(undo);
}

function listen() {
  listening = true;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.once(signal, () => {
      for (const undo of [...undos].reverse()) undo();
      process.exit(128 + constants.signals[signal]);
    });
  }
}
