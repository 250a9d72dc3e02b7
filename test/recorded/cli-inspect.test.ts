import { createHash } from "node:crypto";

import { cli, type FakeSystemOptions } from "../cli/fake-system";
import { historyFiles } from "../cli/histories";
import { DAY, day, exported, NOW, previous, token } from "../cli/states";
import { jsonAnswer, labelsAnswer, linesAnswer } from "./support/command";
import { compareWithRecording } from "./support/recording";

const PROSE = ["endings[].what", "limits[]", "problems[]", "searched[]"];

/** As BigCommerce makes them; the signature is none. */
function jwt(claims: Readonly<Record<string, unknown>>): string {
  const usual = {
    ...{ cid: [1, 2], cors: [], eat: NOW + 20 * DAY, iat: NOW - 10 * DAY, iss: "BC", jti: "0b51-77" },
    ...{ sid: 1_000_000_001, sub: "client-a", sub_type: 2, token_type: 3, ...claims },
  };
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ typ: "JWT", alg: "ES256" })}.${part(usual)}.${"s1gn".repeat(20)}`;
}

const print = (text: string) => createHash("sha256").update(text).digest("hex").slice(0, 16);

const SERVER = jwt({});
const WEB = jwt({ token_type: 1, cors: ["https://shop.example"] });
const OLD_WEB = jwt({ token_type: 1, iat: Date.parse("2026-01-05T00:00:00Z") / 1000, eat: undefined });
const SUPPORT = jwt({ token_type: 2, jti: undefined, sub: undefined });
const ODD = `a.${"b".repeat(40)}.c`;
const FORMER = jwt({ jti: "before" });

const server = { outputs: { fingerprint: print(SERVER), apiAccount: "client-a" } };
const FILES = {
  held: exported(token("server", server)),
  adopted: exported(
    token("server", { outputs: { ...server.outputs, adopted: print(SERVER), verified: true } }),
  ),
  gone: exported(token("server", { outputs: { ...server.outputs, gone: true } })),
  pending: exported(token("server", { ...server, rest: { delete: true } })),
  previous: exported(
    token("server", { outputs: { previous: previous("x", { fingerprint: print(SERVER) }) } }),
  ),
  asked: exported(
    token("server", { outputs: { previous: previous("x", { fingerprint: print(SERVER), fate: "revoke" }) } }),
  ),
  empty: exported(),
  ...historyFiles([
    { day: -30, tokens: [token("server", { outputs: { fingerprint: print(FORMER) } })], message: "first" },
    { day: -20, tokens: [token("server", { outputs: { fingerprint: print(FORMER), rotateBefore: "20d" } })] },
    { day: -10, tokens: [token("server", server)] },
  ]),
};

/** A Pulumi of two stacks. */
const engine: FakeSystemOptions["pulumi"] = (args) => {
  if (args[0] === "whoami") return { stdout: '{"user":"me","url":"https://api.pulumi.com"}' };
  if (args[1] === "ls") return { stdout: '[{"name":"dev"},{"name":"prod"}]' };
  return args.includes("prod") ? { code: 255, stderr: "error: no network" } : { stdout: FILES.held };
};

const inspect = (stdin: string, args: readonly string[] = [], rest: FakeSystemOptions = {}) =>
  cli(["inspect", ...args], { stdin, now: NOW, files: FILES, ...rest });

const TOKENS: Readonly<Record<string, readonly [text: string, args?: readonly string[], rest?: FakeSystemOptions]>> =
  {
    "a private token": [SERVER],
    "a storefront token": [WEB],
    "a storefront token without origins and end": [OLD_WEB],
    "an impersonation token without id": [SUPPORT],
    "a token that says nothing": [ODD],
    "a token of another type": [jwt({ token_type: 9 })],
    ...Object.fromEntries(
      ["held", "adopted", "gone", "pending", "previous", "asked", "empty"].map((file) => [
        `a token of a state: ${file}`,
        [SERVER, ["--file", file]] as const,
      ]),
    ),
    "a token of a history": [FORMER, ["--file", "empty", "--history", "h"]],
    "a token of a stack": [SERVER, [], { pulumi: engine }],
    "a token of a named stack": [SERVER, ["--stack", "dev"], { pulumi: engine }],
    "an expired token": [SERVER, ["--file", "held"], { now: NOW + 80 * DAY }],
  }; // prettier-ignore

compareWithRecording(
  "cli-inspect",
  {
    ...Object.fromEntries(
      Object.entries(TOKENS).flatMap(([name, [text, args = [], rest]]) => [
        [`${name}, as JSON`, async () => jsonAnswer(await inspect(text, [...args, "--json"], rest), PROSE)],
        [`${name}, as text`, async () => labelsAnswer(await inspect(text, args, rest))],
      ]),
    ),
    "no token": async () => linesAnswer(await inspect("hello")),
    nothing: async () => linesAnswer(await inspect(" ")),
    "a token as an argument": async () => linesAnswer(await inspect("", [SERVER])),
    "a stack that is not there": async () => linesAnswer(await inspect(SERVER, ["--stack", "prod"], { pulumi: engine })),
    "an end that a state makes earlier": async () => {
      const files = { early: exported(token("server", { outputs: { ...server.outputs, expiresAt: day(1) } })) };
      return jsonAnswer(await inspect(SERVER, ["--file", "early", "--json"], { files }), PROSE);
    },
  },
  { isOrdered: true },
); // prettier-ignore
