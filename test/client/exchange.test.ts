import { createClient } from "../../provider/bigcommerce/client";
import type { Exchange, WireRequest } from "../../provider/bigcommerce/transport";
import { CREDENTIAL, failed, fastClock, MINT, REVOKE, targetAt, TOKEN, USER_AGENT } from "./fixtures";

/** A client that sends through a function of the test's, and what it was given. */
function clientOver(...replies: readonly Exchange[]) {
  const sent: WireRequest[] = [];
  const exchange = (request: WireRequest) => {
    sent.push(request);
    const reply = replies[sent.length - 1];
    return reply ? Promise.resolve(reply) : Promise.reject(new Error("one request too many"));
  };
  const client = createClient({ clock: fastClock(), timeoutMs: () => 60_000, exchange });
  return { client, sent };
}

const answered = (status: number, body: unknown, headers = {}): Exchange => ({
  ...{ kind: "reply", status, headers, body: JSON.stringify(body) },
});
const TARGET = targetAt("https://api.bigcommerce.com");

it("sends every request through the exchange that it was given, and by no other way", async () => {
  const { client, sent } = clientOver(answered(200, { data: { token: TOKEN } }), answered(200, {}));
  expect(await client.mint(TARGET, MINT)).toEqual({ token: TOKEN });
  await client.revoke([TARGET], REVOKE);
  expect(sent.map(({ method, url }) => `${method} ${url.href}`)).toEqual([
    "POST https://api.bigcommerce.com/stores/abc123/v3/storefront/api-token-private",
    "DELETE https://api.bigcommerce.com/stores/abc123/v3/storefront/api-token",
  ]);
  expect(sent.map(({ headers }) => [headers["User-Agent"], headers["X-Auth-Token"]])).toEqual([
    [USER_AGENT, CREDENTIAL],
    [USER_AGENT, CREDENTIAL],
  ]);
});

it("classifies, paces and retries what the exchange answers as it does a network's", async () => {
  const limited = answered(429, {}, { "x-rate-limit-time-reset-ms": "1500" });
  const { client, sent } = clientOver(limited, answered(200, { data: { token: TOKEN } }));
  expect(await client.mint(TARGET, MINT)).toEqual({ token: TOKEN });
  expect(sent).toHaveLength(2);

  const broken: Exchange = {
    ...{
      kind: "broken",
      sent: true,
      code: "connection_failed",
      detail: "the connection broke off",
      headers: {},
    },
  };
  const error = await failed(clientOver(broken).client.mint(TARGET, MINT));
  expect(error).toMatchObject({ code: "connection_failed", failure: { outcome: "UNKNOWN" } });
});
