import { type MintOptions, Store } from "../cli/issuing";
import { compareWithRecording } from "./support/recording";
import { answersIn } from "./support/store-command";

const HOUR = 3_600;
const nonce = (digit: string) => digit.repeat(32);

let store: Store;
const { json, table } = answersIn(() => store, "orphans", ["problems[]", "remarks[]", "results[].problem"]);

const listName = (name: string, digit = "0") => `acme/shop/dev/private/${name}#${nonce(digit)}`;
const lost = (name: string, digit: string, rest: MintOptions = {}) =>
  store.mint({ listName: listName(name, digit), ...rest });

/** Two orphans of two kinds beside a token that the state holds; two hours later, a third. */
async function opened(options: Parameters<typeof Store.open>[0] = {}) {
  store = await Store.open(options);
  store.resources = [store.held("held", await lost("held", "0"), { listName: listName("held") })];
  const one = await lost("one", "1");
  const web = await store.mint({
    ...{ kind: "storefront", listName: `acme/shop/dev/storefront/web#${nonce("2")}` },
    origins: ["https://shop.example"],
  });
  await store.mint({ listName: `acme/shop/prod/private/other#${nonce("3")}` });
  store.emulator.clock.advance(2 * HOUR);
  const young = await lost("young", "4", { expiresAt: 0 });
  return { one, web, young };
}

compareWithRecording(
  "cli-orphans",
  {
    "orphans, as JSON": async () => {
      await opened();
      return json();
    },
    "orphans, as a table": async () => {
      await opened();
      return table();
    },
    "none, as JSON": async () => {
      store = await Store.open();
      store.resources = [store.held("held", await lost("held", "0"))];
      return json();
    },
    "those that another stack holds, as JSON": async () => {
      const { one, web } = await opened();
      store.others = { "acme/shop/old": [store.held("one", one)], "acme/blog/dev": [store.held("web", web)] };
      return json();
    },
    "where another stack cannot be read, as JSON": async () => {
      await opened();
      store.others = { "acme/shop/old": { code: 255, stderr: "error: no network" } };
      return json();
    },
    "a label that version 0.1.0 cut, as JSON": async () => {
      store = await Store.open();
      const stack = `acme/shop/${"long".repeat(24)}`;
      const cut = `${`${stack}/private/server`.slice(0, 71)}-01234567`;
      await store.mint({ listName: `${cut}#${nonce("1")}` });
      store.emulator.clock.advance(2 * HOUR);
      store.others = { [stack]: [] };
      return json(["--stack", stack]);
    },
    "a store without a list, as JSON": async () => {
      store = await Store.open({ generation: 1 });
      store.resources = [store.held("held", await store.mint())];
      return json();
    },
    "a list that cannot be read, as JSON": async () => {
      await opened();
      store.emulator.faults.push({ kind: "status", status: 403, method: "GET", times: Infinity });
      return json();
    },
    "revoked, kept and refused, as JSON": async () => {
      const { one, web } = await opened({ revokedLimit: 1 });
      const extra = await lost("extra", "5");
      store.emulator.clock.advance(2 * HOUR);
      const jtis = [one, web, extra].flatMap(({ jti = "" }) => ["--jti", jti]);
      return json(["--revoke", ...jtis], { answers: ["y", "n", "y"] });
    },
    "revoked, as text": async () => {
      const { one } = await opened();
      return table(["--revoke", "--jti", one.jti ?? ""], { answers: ["y"] });
    },
    "one that a state holds by the time of the answer, as JSON": async () => {
      const { one } = await opened();
      let exports = 0;
      const pulumi = (args: readonly string[]) => {
        if (args[1] === "export" && (exports += 1) === 2)
          store.resources = [...store.resources, store.held("one", one)];
        return store.system().pulumi?.(args) ?? {};
      };
      return json(["--revoke", "--jti", one.jti ?? ""], { answers: ["y"], pulumi });
    },
    "one that is too young": async () => {
      const { young } = await opened();
      return table(["--revoke", "--jti", young.jti ?? ""], { answers: ["y"] });
    },
    "no terminal": async () => {
      const { one } = await opened();
      return table(["--revoke", "--jti", one.jti ?? ""]);
    },
    "nothing named": async () => {
      await opened();
      return table(["--revoke"], { answers: ["y"] });
    },
  },
  { isOrdered: true },
);
