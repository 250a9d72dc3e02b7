import { cli, type FakeSystemOptions } from "../cli/fake-system";
import { commandIn, Store } from "../cli/issuing";
import { day, deployment, type Exported, exported, NOW, previous, SECRET, token, urnOf } from "../cli/states";
import { jsonAnswer, linesAnswer, tableAnswer } from "./support/command";
import { namesOf } from "./support/names";
import { type Cases, compareWithRecording } from "./support/recording";

const PROSE = ["tokens[].note", "problems[]"];
const FIXED = { lifetime: undefined, rotateBefore: undefined };
const DUE = { expiresAt: day(29) };

const pendingMint = (...resources: readonly Exported[]) => {
  const resource = { urn: urnOf("lost"), type: "pulumi-nodejs:dynamic/bigcommerce:PrivateToken" };
  const pending = { ...deployment(...resources), pending_operations: [{ type: "creating", resource }] };
  return JSON.stringify({ version: 3, deployment: pending });
};

const EACH_CONDITION = [
  token("web", { kind: "storefront", outputs: { allowedCorsOrigins: ["https://a.example"] } }),
  token("server", { outputs: { previous: previous("older") } }),
  token("support", {
    kind: "impersonation",
    outputs: { ...FIXED, expiresAt: "never", apiAccount: undefined },
  }),
  token("due", { outputs: DUE }),
  token("overdue", { outputs: { expiresAt: day(14) } }),
  token("expired", { outputs: { expiresAt: day(-1) } }),
  token("fixed", { outputs: { ...FIXED, expiresAt: day(9) } }),
  token("protected", { outputs: DUE, rest: { protect: true } }),
  token("pending", { rest: { delete: true } }),
  token("first", { rest: { pendingReplacement: true } }),
  token("gone", { outputs: { gone: true } }),
  token("tainted", { rest: { taint: true } }),
  token("unproven", { outputs: { verified: false } }),
  token("adopted", { outputs: { adopted: "0123456789abcdef", fingerprint: "0123456789abcdef" } }),
  token("secret", { outputs: { storeHash: SECRET, channelIds: SECRET, expiresAt: SECRET } }),
  token("elsewhere", { outputs: { apiUrl: "https://api.example.com", id: undefined } }),
];

const STATES: Readonly<Record<string, string>> = {
  empty: exported(),
  well: exported(token("web")),
  due: exported(token("web", { outputs: DUE })),
  all: exported(...EACH_CONDITION),
  interrupted: pendingMint(token("web")),
  damaged: '{"deployment":',
};

/** A Pulumi of two stacks. */
const engine: FakeSystemOptions["pulumi"] = (args) => {
  const stack = args[args.indexOf("--stack") + 1] ?? "";
  if (args[1] === "ls") return { stdout: '[{"name":"dev","current":true},{"name":"prod"}]' };
  return { stdout: exported(token(stack === "prod" ? "far" : "near", { stack: stack === "prod" ? "prod" : "dev" })) };
}; // prettier-ignore

const status = (...args: readonly string[]) =>
  cli(["status", ...args], { now: NOW, pulumi: engine, files: STATES });
const json = async (...args: readonly string[]) => jsonAnswer(await status(...args, "--json"), PROSE);
const table = async (...args: readonly string[]) => tableAnswer(await status(...args));

describe("status", () => {
  compareWithRecording(
    "cli-status",
    {
      ...Object.fromEntries(
        Object.keys(STATES).flatMap((name) => [
          [`${name}, as JSON`, () => json("--file", name)],
          [`${name}, as a table`, () => table("--file", name)],
        ]),
      ),
      "all, as a wide table": () => table("--file", "all", "--wide"),
      "all stacks, as a wide table": () => table("--all", "--wide"),
      "what comes within 30 days, as JSON": () => json("--file", "all", "--within", "30d"),
      "all stacks, as JSON": () => json("--all"),
      "all stacks, as a table": () => table("--all"),
      "the selected stack, as JSON": () => json(),
      "a named stack, as JSON": () => json("--stack", "prod"),
      "arguments of an update": async () => linesAnswer(await status("--file", "all", "--urns-due")),
      "arguments of no update": async () => linesAnswer(await status("--file", "well", "--urns-due")),
      "a bad span": async () => linesAnswer(await status("--within", "soon")),
      "arguments for several stacks": async () => linesAnswer(await status("--all", "--urns-due")),
      "a file that is not there": async () => linesAnswer(await status("--file", "nowhere")),
    },
    { isOrdered: true },
  );
});

describe("status --live", () => {
  let store: Store;
  const run = commandIn(() => store, "status");
  const live = async (...args: readonly string[]) => {
    const told = await run(["--live", ...args]);
    return args.includes("--json")
      ? jsonAnswer(told, PROSE, namesOf(store.emulator.issued, store.emulator.url))
      : tableAnswer(told);
  };
  const revoke = async ({ token: value }: { readonly token: string }) => {
    await fetch(`${store.emulator.url}/stores/abc123/v3/storefront/api-token`, {
      method: "DELETE",
      headers: {
        "X-Auth-Token": store.credentials["client-a"],
        Accept: "application/json",
        "Sf-Api-Token": value,
      },
    });
  };
  /** A token of each finding, and one that stands in no state. */
  const each = async () => {
    store = await Store.open();
    const [alive, revoked, waiting, older] = [await store.mint(), await store.mint(), await store.mint(), await store.mint()]; // prettier-ignore
    const foreign = await store.mint({ account: "client-b" });
    await store.mint({ listName: `acme/shop/dev/private/lost#${"0f".repeat(16)}` });
    const brief = await store.mint({ expiresAt: NOW + 3_600 });
    for (const dead of [revoked, waiting, older]) await revoke(dead);
    store.emulator.clock.advance(7_200);
    const apiUrl = store.emulator.url;
    store.resources = [
      store.held("alive", alive, { previous: store.previous(older) }),
      store.held("revoked", revoked),
      { ...store.held("waiting", waiting), delete: true },
      store.held("foreign", foreign),
      store.held("brief", brief),
      token("gone", { outputs: { apiUrl } }),
      token("nameless", { id: "0123456789abcdef", outputs: { apiUrl, fingerprint: "0123456789abcdef" } }),
    ];
  };
  const cases: Cases = {
    "each finding, as JSON": async () => {
      await each();
      return live("--json");
    },
    "each finding, as a table": async () => {
      await each();
      return live();
    },
    "each finding, as a wide table": async () => {
      await each();
      return live("--wide");
    },
    "a store without a list, as JSON": async () => {
      store = await Store.open({ generation: 1 });
      store.resources = [store.held("alive", await store.mint())];
      return live("--json");
    },
    "a list that cannot be read, as JSON": async () => {
      store = await Store.open();
      store.resources = [store.held("alive", await store.mint())];
      store.emulator.faults.push({ kind: "status", status: 403, method: "GET", times: Infinity });
      return live("--json");
    },
  };
  compareWithRecording("cli-status-live", cases, { isOrdered: true });
});
