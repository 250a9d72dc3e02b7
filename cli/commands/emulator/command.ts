import { type Command, Option } from "commander";

import type { Emulator, EmulatorOptions, Generation } from "../../../emulator";
import { TokensError } from "../../../provider/errors";
import { formatExpiry } from "../../../provider/domain/expiry";
import { mintSeed, readSeed } from "./seed";
import { EXIT } from "../../exit-codes";
import { readText } from "../../files/read-text";
import { json } from "../../render/json";
import type { System } from "../../system";

interface Options {
  readonly port: string;
  readonly generation: string;
  readonly seed?: string;
}

const HELP = `
Prints one JSON object when it listens: url, storeHash, accessToken, and the environment variables that point Pulumi at
it. The tokens that it mints give access to nothing. If it got a request that no correct client sends, it names that
request at the end, with exit code 1. npm passes no signal on: in a script, start it in the background as
node_modules/.bin/pulumi-bigcommerce-tokens emulator, and stop it with kill $!.`;

/** The length of BigCommerce's credentials. */
const CREDENTIAL_CHARACTERS = 31;

export function emulator(program: Command, system: System): void {
  program
    .command("emulator")
    .description("runs BigCommerce's token API on 127.0.0.1, for tests, until SIGINT or SIGTERM")
    .option("--port <port>", "its port (0: any free one)", "0")
    .addOption(
      new Option("--generation <number>", "1: mint and revoke; 2: also lists, names and jti")
        .choices(["1", "2"])
        .default("2"),
    )
    .option("--seed <file>", "JSON: stores, accounts, tokens and options to start with; - is standard input")
    .addHelpText("after", HELP)
    .action((options: Options) => run(system, options));
}

async function run(system: System, options: Options): Promise<void> {
  // From here on, a signal stops the emulator, not the process.
  const interrupted = system.interrupted();
  const { seed: file } = options;
  const seed = readSeed(file === undefined ? undefined : await readText(system, file), file ?? "", () =>
    system.randomHex(16).slice(0, CREDENTIAL_CHARACTERS),
  );
  const generation: Generation = options.generation === "1" ? 1 : 2;
  const { stores } = seed;
  const running = await start({ ...seed.options, generation, stores, port: portOf(options.port) });
  try {
    const [first] = stores;
    const tokens = [];
    for (const token of seed.tokens) {
      const hash = token.storeHash ?? first?.hash ?? "";
      const store = stores.find((each) => each.hash === hash) ?? { hash, accounts: [] };
      const { jti, fingerprint, expiresAt = "never" } = await mintSeed(running, store, generation, token);
      tokens.push({ ...token, storeHash: hash, jti, fingerprint, expiresAt: formatExpiry(expiresAt) });
    }
    const { url } = running;
    const storeHash = first?.hash;
    const accessToken = first?.accounts[0]?.accessToken ?? "";
    const env = {
      BIGCOMMERCE_API_URL: url,
      BIGCOMMERCE_STORE_HASH: storeHash,
      BIGCOMMERCE_ACCESS_TOKEN: accessToken,
    };
    system.output.stdout(json({ url, storeHash, accessToken, generation, env, stores, tokens }));
    await interrupted;
  } catch (thrown) {
    await running.close({ allowProblems: true });
    throw thrown;
  }
  await close(system, running);
}

async function start(options: EmulatorOptions): Promise<Emulator> {
  try {
    return await load().startEmulator(options);
  } catch (thrown) {
    const { code, message } = thrown as NodeJS.ErrnoException;
    if (code === "EADDRINUSE") {
      const taken = `port ${options.port ?? 0} is in use`;
      throw new TokensError("port_taken", `${taken}: give another one by --port, or 0 for any free one`);
    }
    if (thrown instanceof TypeError) throw new TokensError("file_invalid", message);
    throw thrown;
  }
}

/** The package has the emulator in files of its own, which no other command needs. */
function load(): typeof import("../../../emulator") {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require("../../../emulator") as typeof import("../../../emulator");
}

/** Fails if a request came that no correct client sends, so that a CI run shows it. */
async function close(system: System, running: Emulator): Promise<void> {
  try {
    await running.close();
  } catch (thrown) {
    system.output.stderr((thrown as Error).message.split("\n"));
    system.setExitCode(EXIT.error);
  }
}

function portOf(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  if (port <= 65_535) return port;
  throw new TokensError("usage", "--port takes a number from 0 to 65535");
}
