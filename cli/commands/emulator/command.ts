import { type Command, Option } from "commander";

import { type Emulator, type EmulatorOptions, type Generation, startEmulator } from "../../../emulator";
import { TokensError } from "../../../provider/errors";
import { formatExpiry } from "../../../provider/domain/expiry";
import { mintSeed } from "./mint-seed";
import { readSeed } from "./seed";
import { EXIT } from "../../exit-codes";
import { readText } from "../../files/read-text";
import { json } from "../../render/json";
import type { System } from "../../system";

interface Options {
  readonly port: string;
  readonly generation: string;
  readonly seed?: string;
}

const MORE = `
Prints one JSON object once it listens: url, storeHash, accessToken, and the environment that points Pulumi at it. The
tokens that it mints open nothing. A request that no correct client sends is named when it ends, and makes the exit code 1.`;

/** Of a credential, which BigCommerce makes of 31 characters. */
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
    .addHelpText("after", MORE)
    .action(async (options: Options) => {
      await run(system, options);
    });
}

async function run(system: System, options: Options): Promise<void> {
  // From here on a signal ends the emulator, not the process.
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
      const storeHash = token.storeHash ?? first?.hash ?? "";
      const { accounts = [] } = stores.find(({ hash }) => hash === storeHash) ?? {};
      const { jti, fingerprint, expiresAt } = await mintSeed(
        running,
        { storeHash, accounts, generation },
        token,
      );
      tokens.push({ ...token, storeHash, jti, fingerprint, expiresAt: formatExpiry(expiresAt ?? "never") });
    }
    const [account] = first?.accounts ?? [];
    const accessToken = account?.accessToken ?? "";
    system.output.stdout(
      json({
        ...{ url: running.url, storeHash: first?.hash, accessToken, generation },
        env: {
          BIGCOMMERCE_API_URL: running.url,
          BIGCOMMERCE_STORE_HASH: first?.hash,
          BIGCOMMERCE_ACCESS_TOKEN: accessToken,
        },
        stores,
        tokens,
      }),
    );
    await interrupted;
  } catch (thrown) {
    await running.close({ allowProblems: true });
    throw thrown;
  }
  await end(system, running);
}

async function start(options: EmulatorOptions): Promise<Emulator> {
  try {
    return await startEmulator(options);
  } catch (thrown) {
    const { code, message } = thrown as NodeJS.ErrnoException;
    if (code === "EADDRINUSE") throw new TokensError("port_taken", `port ${options.port ?? 0} is taken`);
    if (thrown instanceof TypeError) throw new TokensError("file_invalid", message);
    throw thrown;
  }
}

/** Tells what no correct client would have sent: a CI run should not pass over it. */
async function end(system: System, running: Emulator): Promise<void> {
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
