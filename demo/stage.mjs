import { randomBytes } from "node:crypto";
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";

import { ensureBuilt, installProgram, ROOT } from "./package.mjs";
import { run } from "./run.mjs";

const STORE = "abc123";
const SCOPES = ["store_storefront_api", "store_storefront_api_customer_impersonation"];

/** What the updates printed, beside the program. */
export const LOG = "up.log";

/** A folder that goes when the demo ends, however it ends. */
export function openFolder(defer) {
  const folder = mkdtempSync(join(tmpdir(), "bigcommerce-tokens-demo-"));
  // Thousands of small files: with rmSync this took six times as long.
  defer(() => rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 }));
  for (const name of ["home", "state", "tmp"]) mkdirSync(join(folder, name));
  return folder;
}

/** BigCommerce's token API on loopback; the credential exists for this run only. */
export async function openStore({ voice, stop, defer }) {
  await ensureBuilt({ voice, stop });
  const { startEmulator } = await import("pulumi-bigcommerce-tokens/emulator");
  const credential = randomBytes(16).toString("hex");
  const account = { clientId: "demo", accessToken: credential, scopes: SCOPES };
  const emulator = await startEmulator({ generation: 2, stores: [{ hash: STORE, accounts: [account] }] });
  // Rejects if the provider sent anything that no correct client sends.
  defer(() => emulator.close());
  return { emulator, credential };
}

/** The folder that holds `pulumi`. */
export async function findEngine({ voice, stop }) {
  voice.command("node tools/engine/ensure.mjs");
  const stdout = await run(process.execPath, [join("tools", "engine", "ensure.mjs")], {
    cwd: ROOT,
    env: process.env,
    stop,
    onLine: (line) => voice.quote(line),
  });
  return stdout.trim().split("\n").at(-1);
}

/** A project with the packed package in it, and `pulumi` on a backend of its own. */
export async function openProject(folder, engine, { emulator, credential }, { voice, stop }) {
  const program = await installProgram(folder, { voice, stop });
  const settings = {
    // What Pulumi and Node leave in the folder for temporary files goes with the demo's own.
    TMPDIR: join(folder, "tmp"),
    PATH: [engine, dirname(process.execPath), process.env.PATH].join(delimiter),
    PULUMI_HOME: join(folder, "home"),
    PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
    PULUMI_STACK: "dev",
    PULUMI_CONFIG_PASSPHRASE: "of no use outside this demo",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    BIGCOMMERCE_API_URL: emulator.url,
    BIGCOMMERCE_STORE_HASH: STORE,
    BIGCOMMERCE_ACCESS_TOKEN: credential,
  };
  const env = { ...inherited(), ...settings };
  return {
    program,
    /** What makes a shell's commands meet this stack and this store. */
    settings,

    /** Shows the command and those lines of its output for which `show` returns a text. */
    pulumi(args, show = () => undefined) {
      const isLogged = ["up", "destroy"].includes(args[0]);
      voice.command(`pulumi ${args.join(" ")}${isLogged ? ` 2>&1 | tee -a ${LOG}` : ""}`);
      const onLine = (line) => {
        if (isLogged) appendFileSync(join(program, LOG), `${line}\n`);
        const text = show(line);
        if (text !== undefined) voice.quote(text);
      };
      return run("pulumi", args, { cwd: program, env, stop, onLine });
    },

    /** Runs the package's command line, in the room that there is, and returns what it printed. */
    tokens(args, target = "") {
      voice.command(`npm exec --no -- pulumi-bigcommerce-tokens ${args.join(" ")}${target}`);
      const room = voice.room();
      return run("npm", ["exec", "--no", "--", "pulumi-bigcommerce-tokens", ...args], {
        cwd: program,
        env: { ...env, ...(room !== undefined && { COLUMNS: String(room) }) },
        stop,
      });
    },

    /** Changes one line of the program, and shows how. */
    edit(from, to) {
      const file = join(program, "index.ts");
      const text = readFileSync(file, "utf8");
      if (text.split(from).length !== 2) throw new Error(`demo/program/index.ts does not say ${from} once`);
      writeFileSync(file, text.replace(from, to));
      voice.quote(`- ${from}`);
      voice.quote(`+ ${to}`);
    },
  };
}

/** No more than a program needs: a real account's variables must not lead the demo to a real store. */
function inherited() {
  const names = ["HOME", "LANG", "USER"].filter((name) => process.env[name] !== undefined);
  return Object.fromEntries(names.map((name) => [name, process.env[name]]));
}
