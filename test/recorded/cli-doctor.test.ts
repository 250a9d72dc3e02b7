import { normalize } from "node:path";

import { cli, type FakeSystemOptions, quickClock } from "../cli/fake-system";
import { exported, type Exported, NOW, token } from "../cli/states";
import { Stores } from "../cli/stores";
import { jsonAnswer, labelsAnswer } from "./support/command";
import { namesOf } from "./support/names";
import { type Cases, compareWithRecording } from "./support/recording";

const PROSE = ["findings[].checks[].text"];
const OWN = "pulumi-bigcommerce-tokens";
const MODULES = {
  "@pulumi/pulumi/package.json": "/m/sdk.json",
  [`${OWN}/package.json`]: "/m/own.json",
  ...Object.fromEntries(["storefront", "private", "impersonation"].map((kind) => [`${OWN}/lifecycle/${kind}`, "/m/x.js"])),
}; // prettier-ignore
const FILES = {
  "/program/Pulumi.yaml": "name: shop\nruntime: nodejs\n",
  "/program/package.json": `{"dependencies":{"${OWN}":"^0.1.0"}}`,
  "/m/sdk.json": '{"version":"3.270.0"}',
  "/m/own.json": '{"version":"0.1.0"}',
};

let stores: Stores;
afterEach(() => stores.emulator.close({ allowProblems: true }));

const engine =
  (...resources: readonly Exported[]): NonNullable<FakeSystemOptions["pulumi"]> =>
  ([command]) =>
    command === "version"
      ? { stdout: "v3.259.0\n" }
      : { stdout: command === "stack" ? exported(...resources) : "{}" };
const held = (name: string, outputs: Readonly<Record<string, unknown>> = {}) =>
  token(name, { outputs: { apiUrl: stores.emulator.url, ...outputs } });

/** As JSON has it: on Windows with backslashes. */
const FOLDER = JSON.stringify(normalize("/program")).slice(1, -1);
const doctor = async (args: readonly string[], options: FakeSystemOptions) => {
  const told = await cli(["doctor", ...args], {
    ...{ files: FILES, modules: MODULES, pulumi: engine(held("server")), clock: quickClock(NOW) },
    ...{ env: stores.env, ...options },
  });
  return { ...told, stdout: told.stdout.replaceAll(FOLDER, "/program") };
};
const json = async (options: FakeSystemOptions = {}, args: readonly string[] = []) =>
  jsonAnswer(
    await doctor([...args, "--json"], options),
    PROSE,
    namesOf(stores.emulator.issued, stores.emulator.url),
  );

const WORLDS: Readonly<Record<string, FakeSystemOptions>> = {
  "an old Node.js": { nodeVersion: "20.19.5" },
  "no Pulumi": { pulumi: () => ({ code: 1 }) },
  "an old SDK": { files: { ...FILES, "/m/sdk.json": '{"version":"3.250.9"}' } },
  "no package": { modules: {} },
  "no program": { files: {} },
  "no store": { env: {}, pulumi: engine() },
  "no credential": { env: { BIGCOMMERCE_STORE_HASH: "abc123" }, pulumi: engine() },
};

const cases: Cases = {
  "all is well, as JSON": async () => {
    stores = await Stores.open();
    await stores.mint("alive");
    return json();
  },
  "all is well, as text": async () => {
    stores = await Stores.open();
    return labelsAnswer(await doctor([], {}));
  },
  "a store without lists, as JSON": async () => {
    stores = await Stores.open({ generation: 1 });
    return json();
  },
  "tokens of another API account, as JSON": async () => {
    stores = await Stores.open();
    await stores.mint("own");
    return json({ pulumi: engine(held("a", { apiAccount: "client-b" }), held("b")) });
  },
  "a credential that is refused, as JSON": async () => {
    stores = await Stores.open();
    return json({ env: { ...stores.env, BIGCOMMERCE_ACCESS_TOKEN: "x".repeat(31) } });
  },
  "two stores, as JSON": async () => {
    stores = await Stores.open();
    return json({ pulumi: engine(held("a"), held("b", { storeHash: "def456" })) });
  },
  "an export, as JSON": async () => {
    stores = await Stores.open();
    return json({ files: { ...FILES, state: exported(held("a")) } }, ["--file", "state"]);
  },
  "an export that is not there": async () => {
    stores = await Stores.open();
    return json({}, ["--file", "nowhere"]);
  },
  ...Object.fromEntries(
    Object.entries(WORLDS).map(([name, options]) => [
      `${name}, as JSON`,
      async () => {
        stores = await Stores.open();
        return json(options);
      },
    ]),
  ),
};

compareWithRecording("cli-doctor", cases, { isOrdered: true });
