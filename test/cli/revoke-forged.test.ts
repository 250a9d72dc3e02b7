import { fingerprint } from "../../provider/domain/fingerprint";
import { forgedFrom } from "../support/forged";
import { commandIn, Store } from "./issuing";

let store: Store;
const revoke = commandIn(() => store, "revoke");
const retire = commandIn(() => store, "retire");

const deletes = () => store.requests().filter((line) => line.startsWith("DELETE"));
/** GraphQL answers nothing of use, as on a channel without a site. */
const silence = () => {
  store.emulator.faults.push({ kind: "status", status: 404, path: "/graphql", times: Infinity });
};

describe.each(["private", "storefront", "impersonation"] as const)("a text with the id of a %s token in use", (kind) => {
  const mint = () => store.mint({ kind, ...(kind === "storefront" && { origins: ["https://shop.example"] }) });

  it("is no token of BigCommerce: nothing is revoked, exit 1", async () => {
    store = await Store.open();
    const { token } = await mint();
    const { code, stdout, stderr } = await revoke(["--store", "abc123"], { stdin: forgedFrom(token) });
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/nothing was revoked: the GraphQL API of store abc123 says that its signature is invalid: it is no token of BigCommerce/); // prettier-ignore
    expect(store.requests()).toEqual(["POST /graphql"]);
    expect(store.revoked()).toEqual([]);
  });

  it("goes by its text alone where GraphQL cannot be asked, and no list stands for its end", async () => {
    store = await Store.open();
    const { token } = await mint();
    silence();
    const { code } = await revoke(["--store", "abc123", "--wait", "0"], { stdin: forgedFrom(token) });
    expect(code).toBe(1);
    expect(deletes()).toEqual(["DELETE /api-token"]);
    expect(store.requests().filter((line) => line.startsWith("GET"))).toEqual([]);
    expect(store.revoked()).toEqual([]);
  });

  it("that a state adopted is not revoked by that id, by --fingerprint or by retire", async () => {
    store = await Store.open();
    const issued = await mint();
    const forged = forgedFrom(issued.token);
    const print = fingerprint(forged);
    silence();
    const resource = store.held("by-hand", issued, { fingerprint: print, adopted: print });
    store.resources = [{ ...resource, type: typeOf(kind) }];
    store.values[print] = forged;
    expect((await revoke(["--fingerprint", print])).code).toBe(1);
    const previous = store.previous(issued, { fingerprint: print, unproven: true });
    store.resources = [{ ...store.held("web", await mint(), { previous }), type: typeOf(kind) }];
    expect((await retire(["--yes"])).code).toBe(1);
    expect(deletes()).toEqual(["DELETE /api-token", "DELETE /api-token"]);
    expect(store.revoked()).toEqual([]);
  });
}); // prettier-ignore

it("an adopted token that GraphQL accepted is revoked by its id, and read from no state", async () => {
  store = await Store.open();
  const issued = await store.mint();
  store.resources = [store.held("x", issued, { adopted: issued.fingerprint, verified: true })];
  store.hasPassphrase = false;
  expect((await revoke(["--fingerprint", issued.fingerprint])).code).toBe(3);
  expect(store.requests()).toEqual([`DELETE /api-token-private/${issued.jti ?? ""}`]);
  expect(store.revoked()).toEqual([issued.fingerprint]);
});

it("an adopted token that GraphQL did not accept yet is asked about first", async () => {
  store = await Store.open();
  const issued = await store.mint();
  store.resources = [store.held("x", issued, { adopted: issued.fingerprint })];
  expect((await revoke(["--fingerprint", issued.fingerprint])).code).toBe(0);
  expect(store.requests()[0]).toBe("POST /graphql");
  expect(deletes()).toEqual([`DELETE /api-token-private/${issued.jti ?? ""}`]);
});

it.each([
  ["jti", "accepts its text", () => undefined],
  ["value", "does not answer", silence],
])("retire says by %s of an unproven predecessor where GraphQL %s, in a table and in JSON", async (by, _, meet) => {
  store = await Store.open();
  const [old, fresh] = [await store.mint(), await store.mint()];
  store.resources = [store.held("web", fresh, { previous: store.previous(old, { unproven: true }) })];
  const before = await retire();
  expect(before.stdout).toMatch(new RegExp(`\\n\\S+ +private +abc123 +${old.fingerprint} .* value *\\n`));
  meet();
  const { stdout } = await retire(["--yes"]);
  expect(stdout).toMatch(new RegExp(`${old.fingerprint} .* ${by} +revoke accepted *\\n`));
  expect(JSON.parse((await retire(["--yes", "--json"])).stdout)).toMatchObject({ predecessors: [{ by }] });
  expect(store.revoked()).toEqual([old.fingerprint]);
}); // prettier-ignore

function typeOf(kind: "private" | "storefront" | "impersonation"): string {
  const name = {
    private: "PrivateToken",
    storefront: "StorefrontToken",
    impersonation: "ImpersonationToken",
  };
  return `pulumi-nodejs:dynamic/bigcommerce:${name[kind]}`;
}
