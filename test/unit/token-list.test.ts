import { createClient } from "../../provider/bigcommerce/client";
import type { Target } from "../../provider/bigcommerce/endpoint";
import { WHY_NOT_WHOLE } from "../../provider/bigcommerce/token-list";
import type { Exchange } from "../../provider/bigcommerce/transport";
import { fastClock, NOW_MS } from "../client/fixtures";

const CREDENTIAL = ["q7x2k9m4v8b3", "n6c1z5w0r8t2"].join("");
const TARGET: Target = {
  ...{ apiUrl: "https://api.bigcommerce.com", storeHash: "abc123", accessToken: CREDENTIAL },
  credentialSource: "env BIGCOMMERCE_ACCESS_TOKEN",
};

const row = (jti: string, more: object = {}) => ({ jti, is_revoked: false, is_expired: false, ...more });
const answered = (status: number, data: readonly unknown[], pagination: object = {}, headers = {}): Exchange => ({
  ...{ kind: "reply", status, headers, body: JSON.stringify({ data, meta: { pagination } }) },
}); // prettier-ignore

/** A client that reads the answers in turn, and how many requests it sent. */
function clientOf(...answers: readonly Exchange[]) {
  let sent = 0;
  const exchange = () => Promise.resolve(answers[Math.min(sent++, answers.length - 1)]!);
  const client = createClient({ clock: fastClock(), timeoutMs: () => 60_000, exchange });
  return { sent: () => sent, read: (target = TARGET) => client.tokenList(target, "api-token-private") };
}

it.each(["x2", "2x"])("a count that only holds digits is no count: %j", async (total) => {
  const { read } = clientOf(answered(200, [row("a"), row("b")], { total, total_pages: 1 }));
  expect(await read()).toMatchObject({ isWhole: false, mayBeWhole: true });
});

it("a list with another status than 200 is unreadable", async () => {
  const { read } = clientOf(answered(203, [row("a")], { total: 1, total_pages: 1 }));
  expect((await read()).kind).toBe("unreadable");
});

it("a full page without counts may not be the last", async () => {
  const full = Array.from({ length: 250 }, (_, at) => row(`a-${at}`));
  const { read, sent } = clientOf(answered(200, full), answered(200, []));
  expect(await read()).toMatchObject({ kind: "listed", isWhole: false });
  expect(sent()).toBe(2);
});

it("rows that are not understood count when the end of a list is found", async () => {
  const first = answered(200, [row("a"), row("b"), { no: "id" }], { total: 4 });
  const { read, sent } = clientOf(first, answered(200, [row("c")], { total: 4 }));
  expect(await read()).toMatchObject({ isWhole: false, mayBeWhole: false });
  expect(sent()).toBe(2);
});

it("an account whose name holds the credential is not told", async () => {
  const { read } = clientOf(answered(200, [row("a", { principal: { id: `x-${CREDENTIAL}` } })]));
  expect(await read()).not.toHaveProperty("account");
});

it("a list is as old as its first page, whatever the clock of a later one says", async () => {
  const date = (ms: number) => ({ date: new Date(NOW_MS + ms).toUTCString() });
  const pages = { total: 2, total_pages: 2 };
  const { read } = clientOf(
    answered(200, [row("a")], pages, date(0)),
    answered(200, [row("b")], pages, date(-60_000)),
  );
  expect(await read()).toMatchObject({ asOf: NOW_MS / 1_000, isWhole: true });
});

it("the lists of two hosts are never taken for one", async () => {
  const { read, sent } = clientOf(answered(200, [row("a")], { total: 1, total_pages: 1 }));
  await read({ ...TARGET, apiUrl: "https://api.example.com", storeHash: "m1" });
  await read({ ...TARGET, apiUrl: "https://api.example.comm", storeHash: "1" });
  expect(sent()).toBe(2);
});

it("messages say why a list may hold more than was read", () => {
  expect(WHY_NOT_WHOLE).toBe("it is too long, not counted, not understood, or changed meanwhile");
});
