import type { IssuedToken } from "../../emulator";
import { commandIn, Store } from "./issuing";
import { type Exported, token } from "./states";

/** Storefront tokens without origins, at a BigCommerce that refuses them from servers in words of its own. */
let store: Store;
const revoke = commandIn(() => store, "revoke");
const retire = commandIn(() => store, "retire");
const status = commandIn(() => store, "status");

const WORDS = "Storefront tokens without allowed origins are not accepted from a server.";
const open = async (generation: 1 | 2, revocationDelayMs = 0) => {
  store = await Store.open({ generation, revocationDelayMs, storefrontServerToServer: "refused" });
  return store.mint({ kind: "storefront" });
};
const refuseRevocations = () => {
  const body = { status: 422, title: "The supplied JWT is invalid." };
  store.emulator.faults.push({ kind: "status", status: 422, body, method: "DELETE", times: Infinity });
};
const held = (name: string, { jti, fingerprint }: IssuedToken, outputs: Exported = {}) => {
  const own = { fingerprint, apiUrl: store.emulator.url, ...outputs };
  return token(name, { kind: "storefront", id: jti ?? fingerprint, outputs: own });
};
const questions = () => store.requests().filter((line) => line === "POST /graphql").length;

describe("revoke", () => {
  it.each([1, 2] as const)("does not take the refusal for the end, generation %i", async (generation) => {
    const { token: value, fingerprint } = await open(generation, 60_000);
    const { code, stdout } = await revoke(["--store", "abc123", "--wait", "12s"], { stdin: value });
    expect(code).toBe(3);
    expect(stdout).toMatch(new RegExp(`\\nopen .* not proven: ${WORDS}\\n`));
    expect(stdout).not.toMatch(/\nrefused /);
    expect([store.revoked(), questions() > 1]).toEqual([[fingerprint], true]);
  });

  it("says so in JSON", async () => {
    const { token: value } = await open(2, 60_000);
    const { stdout } = await revoke(["--store", "abc123", "--wait", "0", "--json"], { stdin: value });
    expect(JSON.parse(stdout)).toMatchObject({ graphql: { kind: "unclear" } });
  });

  it("sees the end once GraphQL calls the token unknown", async () => {
    const { token: value } = await open(2, 8_000);
    const { code, stdout } = await revoke(["--store", "abc123"], { stdin: value });
    expect(code).toBe(0);
    expect(stdout).toMatch(/\nrefused .* answers "Unknown JWT token"\n/);
  });

  it("fails where BigCommerce refuses the revocation: the refusal of the server proves nothing", async () => {
    const { token: value } = await open(1);
    refuseRevocations();
    const { code, stdout, stderr } = await revoke(["--store", "abc123"], { stdin: value });
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain("The supplied JWT is invalid.");
    expect([store.revoked(), questions()]).toEqual([[], 1]);
  });
});

it("retire leaves such a token as it is where BigCommerce refuses the revocation", async () => {
  const old = await open(1);
  const successor = await store.mint({ kind: "storefront" });
  store.resources = [held("web", successor, { previous: store.previous(old) })];
  refuseRevocations();
  const { code, stdout } = await retire(["--yes", "--json"]);
  expect(code).toBe(1);
  const [told] = (JSON.parse(stdout) as { predecessors: { fingerprint: string; result: string }[] }).predecessors;
  expect([told?.fingerprint, store.revoked()]).toEqual([old.fingerprint, []]);
  expect(told?.result).not.toMatch(/revoked|expired|accepted/);
}); // prettier-ignore

it("status --live goes by the list, and asks GraphQL of no token", async () => {
  const issued = await open(2);
  store.resources = [held("web", issued)];
  const { stdout } = await status(["--live"]);
  expect(stdout).toMatch(/^web +2\S+ .* ok +live$/m);
  expect(questions()).toBe(0);
});
