import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

export const STAY = "The stack and its store stay until Ctrl-C: try the commands in another terminal";

/** Leaves stack and store to the commands of another terminal, until the demo is asked to end. */
export async function stay({ program, settings }, { voice, stop }) {
  const lines = Object.entries(settings).map(([name, value]) => `export ${name}=${quoted(value)}\n`);
  // The credential in it is this emulator's own, and is printed nowhere.
  writeFileSync(join(dirname(program), "env.sh"), lines.join(""), { mode: 0o600 });
  voice.step(STAY);
  voice.command(`cd ${program} && . ../env.sh`);
  voice.command("npm exec --no -- pulumi-bigcommerce-tokens --help");
  voice.rest();
  await new Promise((resolve) => {
    stop.addEventListener("abort", resolve, { once: true });
    if (stop.aborted) resolve();
  });
}

function quoted(text) {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
