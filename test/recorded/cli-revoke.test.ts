import { Store } from "../cli/issuing";
import { day, SECRET } from "../cli/states";
import { compareWithRecording } from "./support/recording";
import { answersIn } from "./support/store-command";

let store: Store;

/** Two resources, each with a predecessor that works; the second one's id is unknown to the route of its kind. */
async function overlaps(options: Parameters<typeof Store.open>[0] = {}) {
  store = await Store.open(options);
  const olds = [await store.mint(), await store.mint({ kind: "impersonation" })];
  const news = [await store.mint(), await store.mint()];
  store.resources = news.map((fresh, at) => store.held(`server${at}`, fresh, { previous: store.previous(olds[at] ?? fresh) })); // prettier-ignore
  return { olds, news };
}

describe("revoke", () => {
  const { json, labels } = answersIn(() => store, "revoke", ["graphql.why"]);
  const NOW_ONLY = ["--wait", "0"];

  compareWithRecording(
    "cli-revoke",
    {
      "a token of a state, as JSON": async () => {
        const { news } = await overlaps();
        return json(NOW_ONLY, { stdin: news[0]?.token ?? "" });
      },
      "a token of a state, as text": async () => {
        const { news } = await overlaps();
        return labels(NOW_ONLY, { stdin: news[0]?.token ?? "" });
      },
      "a predecessor, as JSON": async () => {
        const { olds } = await overlaps();
        return json(NOW_ONLY, { stdin: olds[0]?.token ?? "" });
      },
      "a token of no state, as JSON": async () => {
        store = await Store.open();
        const { token } = await store.mint({ kind: "storefront", origins: ["https://shop.example"] });
        return json(NOW_ONLY, { stdin: token });
      },
      "a token without an id, as JSON": async () => {
        store = await Store.open({ generation: 1 });
        return json(["--store", "abc123"], { stdin: (await store.mint()).token });
      },
      "by its fingerprint, as JSON": async () => {
        const { news } = await overlaps();
        return json(["--fingerprint", news[0]?.fingerprint ?? "", ...NOW_ONLY]);
      },
      "by its fingerprint without a passphrase, as JSON": async () => {
        const { news } = await overlaps();
        store.hasPassphrase = false;
        return json(["--fingerprint", news[0]?.fingerprint ?? "", ...NOW_ONLY]);
      },
      "one that is refused after a while, as JSON": async () => {
        store = await Store.open({ revocationDelayMs: 42_000 });
        return json([], { stdin: (await store.mint()).token });
      },
      "one that is still accepted, as JSON": async () => {
        store = await Store.open({ revocationDelayMs: 60_000 });
        return json(["--wait", "12s"], { stdin: (await store.mint()).token });
      },
      "one that is still accepted, as text": async () => {
        store = await Store.open({ revocationDelayMs: 60_000 });
        return labels(NOW_ONLY, { stdin: (await store.mint()).token });
      },
      "one of which nothing is proven, as JSON": async () => {
        store = await Store.open();
        store.emulator.faults.push({ kind: "status", status: 404, path: "/graphql", times: Infinity });
        return json(NOW_ONLY, { stdin: (await store.mint()).token });
      },
      "one that was revoked before, as JSON": async () => {
        store = await Store.open({ deadTokenRevocation: "refused" });
        const { token } = await store.mint();
        const headers = { "X-Auth-Token": store.credentials["client-a"], Accept: "application/json", "Sf-Api-Token": token }; // prettier-ignore
        await fetch(`${store.emulator.url}/stores/abc123/v3/storefront/api-token`, { method: "DELETE", headers }); // prettier-ignore
        return json(NOW_ONLY, { stdin: token });
      },
      "one that expired long ago, as JSON": async () => {
        const { news } = await overlaps();
        store.emulator.clock.advance(70 * 86_400);
        return json(["--fingerprint", news[0]?.fingerprint ?? ""]);
      },
      "one that expired just now, as JSON": async () => {
        const { news } = await overlaps();
        store.emulator.clock.advance(60 * 86_400 + 60);
        return json(["--fingerprint", news[0]?.fingerprint ?? ""]);
      },
      "one that a refresh saw gone, as JSON": async () => {
        store = await Store.open();
        const issued = await store.mint();
        store.resources = [store.held("server", issued, { gone: true })];
        return json(["--fingerprint", issued.fingerprint]);
      },
      "one whose store is a secret": async () => {
        store = await Store.open();
        const issued = await store.mint();
        store.resources = [store.held("server", issued, { storeHash: SECRET })];
        return json(["--fingerprint", issued.fingerprint, "--store", "abc123", ...NOW_ONLY]);
      },
      "one of another API account": async () => {
        store = await Store.open();
        return labels(NOW_ONLY, { stdin: (await store.mint({ account: "client-b" })).token });
      },
      "one of another store than the state says": async () => {
        const { news } = await overlaps();
        return labels(["--store", "def456"], { stdin: news[0]?.token ?? "" });
      },
      "a fingerprint that no state holds": async () => {
        await overlaps();
        return labels(["--fingerprint", "0".repeat(16)]);
      },
      "no token": async () => {
        store = await Store.open();
        return labels([], { stdin: "hello" });
      },
      "a wait that is too long": async () => {
        store = await Store.open();
        return labels(["--wait", "1h"], { stdin: "hello" });
      },
    },
    { isOrdered: true },
  );
});

describe("retire", () => {
  const { json, table } = answersIn(() => store, "retire", ["predecessors[].problem"]);

  compareWithRecording(
    "cli-retire",
    {
      "what would be revoked, as JSON": async () => {
        await overlaps();
        return json();
      },
      "what would be revoked, as a table": async () => {
        await overlaps();
        return table();
      },
      "revoked, as JSON": async () => {
        await overlaps();
        return json(["--yes"]);
      },
      "revoked, as a table": async () => {
        await overlaps();
        return table(["--yes"]);
      },
      "revoked by value, as JSON": async () => {
        await overlaps({ generation: 1 });
        return json(["--yes"]);
      },
      "one that is refused, as JSON": async () => {
        await overlaps({ revokedLimit: 1 });
        return json(["--yes"]);
      },
      "one whose successor is gone, as JSON": async () => {
        await overlaps();
        const [first, ...others] = store.resources;
        store.resources = [{ ...first, outputs: { ...(first?.["outputs"] as object), gone: true } }, ...others]; // prettier-ignore
        return json(["--yes"]);
      },
      "none, as JSON": async () => {
        store = await Store.open();
        const [old, fresh] = [await store.mint(), await store.mint()];
        store.resources = [
          store.held("expired", fresh, { previous: store.previous(old, { expiresAt: day(-1) }) }),
          store.held("asked", fresh, { previous: store.previous(old, { fate: "revoke" }) }),
        ];
        return json(["--yes"]);
      },
      "one that an unproven text names, as JSON": async () => {
        store = await Store.open();
        const [old, fresh] = [await store.mint(), await store.mint()];
        store.resources = [store.held("server", fresh, { previous: store.previous(old, { unproven: true }) })]; // prettier-ignore
        return json(["--yes"]);
      },
    },
    { isOrdered: true },
  );
});
