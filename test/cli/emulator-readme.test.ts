import { readFileSync } from "node:fs";
import { join } from "node:path";

import { readSeed } from "../../cli/commands/emulator/seed";
import { runProgram } from "../../cli/program";
import { fakeSystem } from "./fake-system";

const README = readFileSync(join(__dirname, "..", "..", "emulator", "README.md"), "utf8");
const SEED = /^```json\n([^`]+)```$/m.exec(README)?.[1] ?? "";

interface Printed {
  readonly url: string;
  readonly accessToken: string;
  readonly stores: readonly { readonly hash: string; readonly accounts: readonly unknown[] }[];
  readonly tokens: readonly Readonly<Record<string, string>>[];
}

it("the seed in the emulator's README has every key that a seed can have", () => {
  // Each is a key, or it would be refused.
  readSeed(SEED, "the README", () => "chance");
  const { stores, tokens, ...options } = JSON.parse(SEED) as Record<string, Record<string, unknown>[]>;
  const keys = (all: readonly object[] = []) => [...new Set(all.flatMap((each) => Object.keys(each)))].sort();
  const accounts = stores?.flatMap(({ accounts: each = [] }) => each as object[]);
  expect(keys(stores)).toEqual(["accounts", "channels", "hash"]);
  expect(keys(accounts)).toEqual(["accessToken", "clientId", "scopes"]);
  expect(keys(tokens)).toEqual([
    ...["allowedCorsOrigins", "channelIds", "expiresAt", "kind", "name", "scopes", "storeHash"],
  ]);
  expect(keys([options])).toEqual([
    ...[
      "deadTokenRevocation",
      "latencyMs",
      "quota",
      "revocationDelayMs",
      "revokedLimit",
      "storefrontServerToServer",
    ],
  ]);
});

it("the seed in the emulator's README starts it, with the defaults that the README tells", async () => {
  let interrupt: () => void = () => undefined;
  const interrupted = new Promise<void>((resolve) => (interrupt = resolve));
  const { system, told } = fakeSystem(["emulator", "--seed", "seed.json"], { files: { "seed.json": SEED }, interrupted }); // prettier-ignore
  const ended = runProgram(system);
  while (told().stdout === "" && told().stderr === "") await new Promise((resolve) => setImmediate(resolve));
  interrupt();
  await ended;
  expect({ code: told().code, stderr: told().stderr }).toEqual({ code: 0, stderr: "" });
  const { accessToken, stores, tokens } = JSON.parse(told().stdout) as Printed;
  expect(accessToken).toBe("for-tests-only");
  const scopes = ["store_storefront_api", "store_storefront_api_customer_impersonation"];
  const chance = expect.stringMatching(/^\w{31}$/) as unknown;
  expect(stores.flatMap(({ accounts }) => accounts)).toEqual([
    { clientId: "ci", accessToken: "for-tests-only", scopes: scopes.slice(0, 1) },
    { clientId: "ci-before", accessToken: chance, scopes },
    { clientId: "emulated", accessToken: chance, scopes },
  ]);
  expect(tokens.map(({ kind, storeHash, expiresAt }) => `${kind} ${storeHash} ${expiresAt}`)).toEqual([
    ...["storefront abc123 2099-01-01T00:00:00Z", "private abc123 never"],
    "impersonation def456 2099-01-01T00:00:00Z",
  ]);
});
