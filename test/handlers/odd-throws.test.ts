import type { Client } from "../../provider/bigcommerce/client";
import { createDynamicHandlers } from "../../provider/host/dynamic";
import type { DynamicHandlers } from "../../provider/host/dynamic-handlers";
import type { Context } from "../../provider/handlers/context";
import { createSettings } from "../../provider/settings/settings";
import { KINDS } from "../../provider/domain/kinds";
import { createRunRecord } from "../../provider/handlers/run-record";
import { createNotices } from "../../provider/notices";
import { clockOf, NOW } from "./support/clock";
import { goodArgs, ODD_THROWS, SECRET } from "./support/samples";

const kind = KINDS.private;
const LABEL = "l";
const NEWS = { ...goodArgs(kind), label: LABEL, __provider: "code" };
const ENV = { BIGCOMMERCE_STORE_HASH: "abc123", BIGCOMMERCE_ACCESS_TOKEN: SECRET };
const TOKEN = "eyJhbGciOiJFUzI1NiJ9.eyJqdGkiOiJhIn0.c2ln";

const NO_LIST = {
  detect: () => Promise.resolve({ spentMs: 0, queuedMs: 0 }),
  tokenList: () =>
    Promise.resolve({
      kind: "no list",
      failed: {
        ok: false,
        failure: { code: "not_found", outcome: "REJECTED", what: "answered 404" },
        attempts: 1,
      },
    } as const),
};
const unused = () => fail(() => 0);
const UNUSED = { mint: unused, verify: unused, ask: unused };
const ACCEPTED = { kind: "accepted", says: "BigCommerce", by: "value", credentialSource: "a test" } as const;

function contextWith(change: Partial<Context>): Context {
  const refuse = () => Promise.reject(new Error("nothing is sent here"));
  return {
    kind,
    clock: clockOf(() => NOW),
    settings: createSettings(ENV, { get: () => undefined }),
    record: createRunRecord(),
    notices: createNotices(() => undefined),
    nonce: () => "0".repeat(32),
    client: { ...NO_LIST, verify: refuse, ask: refuse, mint: refuse, revoke: refuse },
    ...change,
  };
}

async function checked(): Promise<Record<string, unknown>> {
  return (await createDynamicHandlers(contextWith({})).check({}, NEWS)).inputs;
}

async function stateOf(): Promise<Record<string, unknown>> {
  const mint: Client["mint"] = () => Promise.resolve({ token: TOKEN });
  const context = contextWith({
    client: {
      ...NO_LIST,
      mint,
      verify: () => fail(() => 0),
      ask: () => fail(() => 0),
      revoke: () => Promise.resolve(ACCEPTED),
    },
  });
  return { ...(await createDynamicHandlers(context).create(await checked())).outs };
}

const METHODS: Readonly<Record<string, (handlers: DynamicHandlers) => Promise<unknown>>> = {
  check: (handlers) => handlers.check({}, NEWS),
  diff: async (handlers) => handlers.diff("a", await stateOf(), await checked()),
  create: async (handlers) => handlers.create(await checked()),
  update: async (handlers) => handlers.update("a", await stateOf(), await checked()),
  read: async (handlers) => handlers.read("a", await stateOf()),
  delete: async (handlers) => handlers.delete("a", await stateOf()),
};

/** Ends with anything at all. */
function fail(make: () => unknown): never {
  throw make();
}

async function thrownBy(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (thrown) {
    return thrown;
  }
  return "nothing was thrown";
}

describe.each(ODD_THROWS)(
  "[K13] %s, thrown by what a handler works with, becomes an Error that says nothing of it",
  (_, make) => {
    const get = () => fail(make);
    const fails = () => fail(make);
    const broken: Partial<Context> = {
      record: new Proxy(createRunRecord(), { get }),
      clock: { ...clockOf(() => NOW), now: () => fail(make) },
      client: { detect: fails, tokenList: fails, mint: fails, verify: fails, ask: fails, revoke: fails },
    };

    it.each(Object.keys(METHODS))("in %s", async (method) => {
      const thrown = await thrownBy(METHODS[method]!(createDynamicHandlers(contextWith(broken))));
      expect(thrown).toBeInstanceOf(Error);
      const { message, stack } = thrown as Error;
      expect(message).toMatch(/^internal error: /);
      expect(`${message}${stack ?? ""}`).not.toMatch(/[\r\n]/);
      expect(`${message}${stack ?? ""}`).not.toContain(SECRET);
    });

    it.each(["create", "read", "delete"])("in %s, when a request rejects with it", async (method) => {
      const reject = () => Promise.resolve().then(() => fail(make));
      const context = contextWith({
        client: {
          detect: reject,
          tokenList: reject,
          mint: reject,
          verify: reject,
          ask: reject,
          revoke: reject,
        },
      });
      const thrown = await thrownBy(METHODS[method]!(createDynamicHandlers(context)));
      expect(thrown).toMatchObject({ code: "internal" });
      expect(String(thrown)).not.toContain(SECRET);
    });
  },
);

it("a revocation that failed oddly is asked again in the same process", async () => {
  let calls = 0;
  const revoke = () => (++calls === 1 ? Promise.reject(new Error("odd")) : Promise.resolve(ACCEPTED));
  const handlers = createDynamicHandlers(contextWith({ client: { ...NO_LIST, ...UNUSED, revoke } }));
  const state = await stateOf();
  expect(await thrownBy(handlers.delete("a", state))).toMatchObject({ code: "internal" });
  await handlers.delete("a", state);
  await handlers.delete("a", state);
  expect(calls).toBe(2);
});

it("[R13] two deletes of one id at once send one request", async () => {
  let calls = 0;
  const revoke = () => {
    calls++;
    return Promise.resolve(ACCEPTED);
  };
  const handlers = createDynamicHandlers(contextWith({ client: { ...NO_LIST, ...UNUSED, revoke } }));
  const state = await stateOf();
  await Promise.all([handlers.delete("a", state), handlers.delete("a", state)]);
  expect(calls).toBe(1);
});

it.each(["", "damaged", "a.b", 5, null, undefined])(
  "[R6] a state whose token is %j sends nothing, and says how to go on",
  async (token) => {
    const handlers = createDynamicHandlers(contextWith({}));
    const { token: _, ...rest } = await stateOf();
    const thrown = await thrownBy(handlers.delete("a", { ...rest, ...(token !== undefined && { token }) }));
    expect(thrown).toMatchObject({ code: "token_unreadable" });
    expect((thrown as Error).message).toMatch(/restore the state.*BIGCOMMERCE_ON_DELETE=letExpire/);
  },
);

it("[E3,X9] read answers with the whole state", async () => {
  const state = await stateOf();
  expect(await createDynamicHandlers(contextWith({})).read("a", state)).toEqual({ id: "a", props: state });
});
