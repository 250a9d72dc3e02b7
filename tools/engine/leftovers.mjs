import { constants } from "node:os";

const undos = new Set();
let listening = false;

/**
 * Has `undo` run if this process ends first, be it by a signal or by an error; returns what withdraws it.
 * The latest runs first, and each must be synchronous: nothing else runs while a process exits.
 */
export function undoOnExit(undo) {
  if (!listening) listen();
  undos.add(undo);
  return () => undos.delete(undo);
}

function listen() {
  listening = true;
  process.once("exit", () => {
    for (const undo of [...undos].reverse()) undo();
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.once(signal, () => process.exit(128 + constants.signals[signal]));
  }
}
