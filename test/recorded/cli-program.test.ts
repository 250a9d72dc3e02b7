import { cli, fakeSystem, type Told } from "../cli/fake-system";
import { linesAnswer } from "./support/command";
import { named, namesOf } from "./support/names";
import { compareWithRecording } from "./support/recording";
import { type IssuedToken, runProgram } from "./support/sources";

const COMMANDS = ["status", "audit", "audit diff", "inspect", "doctor", "emulator", "preview", "revoke", "retire", "orphans"]; // prettier-ignore

/** Options with their arguments, and the arguments of the command, as its help shows them. */
async function usageOf(command: string): Promise<unknown> {
  const { code, stdout } = await cli([...command.split(" "), "--help"]);
  const options = [...stdout.matchAll(/^ {2}(-.*?)(?: {2}.*)?$/gm)].map(([, option]) => option);
  return { code, usage: stdout.split("\n")[0], options };
}

describe("the program", () => {
  compareWithRecording("cli-program", {
    ...Object.fromEntries(COMMANDS.map((command) => [`the options of ${command}`, () => usageOf(command)])),
    commands: async () => {
      const { stdout } = await cli(["--help"]);
      return [...stdout.matchAll(/^ {2}([a-z]+)(?: .*)?$/gm)].map(([, name]) => name).sort();
    },
    "no command": async () => withoutHelp(await cli([])),
    "an unknown command": async () => linesAnswer(await cli(["rotate"])),
    "an unknown option": async () => linesAnswer(await cli(["status", "--no-such-option"])),
    "no pulumi": async () => linesAnswer(await cli(["status"])),
  });
});

function withoutHelp({ code, stdout }: Told): unknown {
  return { code, stdout: stdout === "" };
}

interface Printed {
  readonly url: string;
  readonly tokens: readonly IssuedToken[];
  readonly stores: readonly { readonly accounts: readonly { readonly accessToken: string }[] }[];
}

describe("emulator", () => {
  const SEED = JSON.stringify({
    stores: [{ hash: "def456", accounts: [{ clientId: "ci", accessToken: "of-the-seed" }], channels: [1, 7] }, { hash: "ghi789" }],
    tokens: [
      { kind: "private", name: "one", channelIds: [7], scopes: ["Customer"], expiresAt: 4_000_000_000 },
      { kind: "impersonation", storeHash: "ghi789", channelIds: [1], expiresAt: 0 },
    ],
    quota: { requests: 30, windowMs: 60_000 },
  }); // prettier-ignore

  /** Runs the command until it listens, sends a request to a path, and interrupts it. */
  async function running(args: readonly string[], path?: string): Promise<unknown> {
    let interrupt: () => void = () => undefined;
    const interrupted = new Promise<void>((resolve) => (interrupt = resolve));
    const { system, told } = fakeSystem(["emulator", ...args], { files: { seed: SEED, bad: '{"latency":5}' }, interrupted }); // prettier-ignore
    const ended = runProgram(system);
    while (told().stdout === "" && told().stderr === "")
      await new Promise((resolve) => setImmediate(resolve));
    const printed = JSON.parse(told().stdout || "{}") as Printed;
    if (path !== undefined) await fetch(`${printed.url}${path}`);
    interrupt();
    await ended;
    const { code, stdout, stderr } = told();
    if (stdout === "") return { code, linesOfError: stderr.split("\n").length - 1 };
    const credentials = printed.stores.flatMap(({ accounts }) =>
      accounts.map(({ accessToken }) => accessToken),
    );
    const names = [
      ...namesOf(printed.tokens, printed.url),
      ...credentials.map((each) => [each, `<credential of ${each.length} characters>`] as const),
    ];
    return { code, linesOfError: stderr.split("\n").length - 1, json: JSON.parse(named(stdout, names)) };
  }

  compareWithRecording(
    "cli-emulator",
    {
      "without options": () => running([]),
      "of generation 1": () => running(["--generation", "1"]),
      "with a seed": () => running(["--seed", "seed"]),
      "with a bad seed": () => running(["--seed", "bad"]),
      "asked for what no client asks for": () => running([], "/v2/store"),
    },
    { isOrdered: true },
  );
});
