import { type Emulator, type Fault, startEmulator } from "../../emulator";
import { exchange, type Exchange, type WireRequest } from "../../provider/bigcommerce/transport";
import { type InProcessEmulator, startInProcess } from "../handlers/support/in-process";

const NOW = 1_800_000_000;
const CREDENTIAL = "an-access-token-of-the-emulator";
const REST = "/stores/abc123/v3/storefront/api-token-private";
const OPTIONS = {
  generation: 2,
  now: NOW,
  quota: { requests: 4, windowMs: 30_000 },
  stores: [
    {
      hash: "abc123",
      accounts: [{ clientId: "client-a", accessToken: CREDENTIAL, scopes: ["store_storefront_api"] }],
    },
  ],
} as const;

interface Sent {
  readonly method?: WireRequest["method"];
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly maxBodyBytes?: number;
  readonly deadline?: AbortSignal;
}

const MINT: Sent = {
  method: "POST",
  headers: { "X-Auth-Token": CREDENTIAL },
  body: JSON.stringify({ channel_ids: [1], scopes: ["Customer"], expires_at: NOW + 86_400 }),
};

function sentTo(
  url: string,
  { path = REST, headers = {}, maxBodyBytes = 65_536, ...rest }: Sent,
): WireRequest {
  const { method = "GET", body, deadline = new AbortController().signal } = rest;
  return {
    ...{ method, url: new URL(path, url), maxBodyBytes, deadlines: [deadline] },
    headers: {
      ...{ Accept: "application/json", "Accept-Encoding": "identity", "User-Agent": "a client" },
      ...(body !== undefined && { "Content-Type": "application/json" }),
      ...headers,
    },
    connectBy: new AbortController().signal,
    ...(body !== undefined && { body }),
  };
}

let server: Emulator;
let inProcess: InProcessEmulator;
beforeEach(async () => {
  [server, inProcess] = [await startEmulator(OPTIONS), startInProcess(OPTIONS)];
});
afterEach(() => Promise.all([server, inProcess].map((each) => each.close({ allowProblems: true }))));

/** Outcomes, or what was thrown, and the requests as the emulator recorded them; without what differs by chance. */
async function seenAt(
  emulator: Emulator,
  send: typeof exchange,
  requests: readonly Sent[],
  faults: readonly Fault[],
) {
  for (const fault of faults) emulator.faults.push(fault);
  const outcomes: unknown[] = [];
  for (const request of requests) {
    const outcome = send(sentTo(emulator.url, request));
    outcomes.push(await outcome.catch((error: unknown) => String(error)));
  }
  const ledger = emulator.requests.map(({ arrivedAtMs: _, ...rest }) => rest);
  const text = JSON.stringify({ outcomes, ledger, unfired: emulator.faults.unfired() });
  return JSON.parse(
    text
      .replaceAll(/[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/g, "<id>")
      .replaceAll(/eyJ[\w-]+\.[\w-]+\.[\w-]+/g, "<token>")
      .replaceAll(new URL(emulator.url).host, "<host>")
      // What is left of a window of real time.
      .replaceAll(/("x-rate-limit-time-reset-ms":")\d+/g, "$1<ms>"),
  ) as { outcomes: (Exchange | string)[] };
}

const REPLY = { kind: "reply" } as const;

describe("an exchange in process is the exchange over a socket", () => {
  it.each<[string, readonly Sent[], readonly Fault[], Partial<Exchange> | string]>([
    ["a mint", [MINT], [], { ...REPLY, status: 200 }],
    ["the store's list, with a query", [MINT, { ...MINT, method: "GET", path: `${REST}?limit=50&sort=issued_at` }], [], REPLY],
    ["GraphQL at a storefront's host", [{ method: "POST", path: "/graphql", headers: { Host: "store-abc123-1.mybigcommerce.com", Authorization: "Bearer none" }, body: "{}" }], [], REPLY],
    ["a mint without a credential, which is a problem", [{ ...MINT, headers: {} }], [], { ...REPLY, status: 401 }],
    ["a revocation, which has no body", [{ ...MINT, method: "DELETE", path: `${REST}/none` }], [], REPLY],
    ["a foreign Host, which is not recorded", [{ ...MINT, headers: { Host: "shop.example" } }], [], { ...REPLY, status: 421 }],
    ["a store over its quota", Array<Sent>(5).fill(MINT), [], { ...REPLY, status: 429 }],
    ["a reply beyond the limit", [{ ...MINT, maxBodyBytes: 10 }], [], { kind: "broken", code: "reply_malformed" }],
    ["a header that arrives with another value", [{ ...MINT, headers: { "X-Auth-Token": "\u00e9" } }], [], "TokensError: Nothing was sent, because the header X-Auth-Token cannot carry its value unchanged."],
    ["a host where nobody listens", [{ ...MINT, path: "http://127.0.0.1:1/" }], [], { kind: "broken", sent: false, code: "connection_failed" }],
    ["a deadline that was over before", [{ ...MINT, deadline: AbortSignal.abort() }], [], { kind: "broken", sent: false, code: "timeout" }],
    ["a status instead", [MINT], [{ kind: "status", status: 503, headers: { "Retry-After": "7" }, body: { title: "down" } }], { ...REPLY, status: 503 }],
    ["text, with a byte order mark", [MINT], [{ kind: "status", status: 200, body: "\uFEFFno JSON: \u00e9" }], REPLY],
    ["no body", [MINT], [{ kind: "status", status: 204 }], { ...REPLY, status: 204 }],
    ["a redirect, which is not followed", [MINT], [{ kind: "redirect", location: "https://elsewhere.example/" }], { ...REPLY, status: 307 }],
    ["changed fields of the reply", [MINT], [{ kind: "reply", reply: ({ body }) => ({ status: 207, body, headers: { date: undefined, "X-Request-Id": "one" } }) }], { ...REPLY, status: 207 }],
    ["other claims", [MINT], [{ kind: "claims", claims: { eat: NOW + 60 } }], REPLY],
    ["a delay", [MINT], [{ kind: "delay", ms: 20 }], REPLY],
    ["a reset before the mint", [MINT], [{ kind: "reset-before" }], { kind: "broken", sent: true, code: "connection_failed" }],
    ["a reset after the mint", [MINT], [{ kind: "reset-after" }], { kind: "broken", sent: true, code: "connection_failed" }],
    ["half a reply", [MINT], [{ kind: "truncate" }], { kind: "broken", sent: true, status: 200 }],
    ["half of no reply", [MINT], [{ kind: "status", status: 204, after: 1 }, { kind: "truncate", method: "GET" }], REPLY],
    ["a fault that fails", [MINT], [{ kind: "reply", reply: () => ({ headers: { "X-A": "one\r\ntwo" } }) }], { kind: "broken", sent: true }],
  ])("%s", async (_, requests, faults, last) => {
    const overSocket = await seenAt(server, exchange, requests, faults);
    expect(await seenAt(inProcess, inProcess.exchange, requests, faults)).toEqual(overSocket);
    const outcome = overSocket.outcomes.at(-1);
    if (typeof last === "string") expect(outcome).toEqual(last);
    else expect(outcome).toMatchObject(last);
  }); // prettier-ignore

  it.each(["hang", "hang-after"] as const)("%s until the deadline", async (kind) => {
    const requests = () => [{ ...MINT, deadline: AbortSignal.timeout(200) }];
    const overSocket = await seenAt(server, exchange, requests(), [{ kind }]);
    expect(overSocket.outcomes).toMatchObject([{ kind: "broken", sent: true, code: "timeout" }]);
    expect(await seenAt(inProcess, inProcess.exchange, requests(), [{ kind }])).toEqual(overSocket);
    expect(inProcess.issued).toHaveLength(kind === "hang" ? 0 : 1);
  });

  it.each<[string, Fault]>([
    ["drips", { kind: "drip" }],
    ["is no HTTP", { kind: "raw", bytes: "HTTP/1.1 200 OK\r\n\r\n" }],
    [
      "is shorter than its Content-Length",
      { kind: "status", status: 200, headers: { "content-length": "9" } },
    ],
    ["is compressed", { kind: "status", status: 200, headers: { "content-encoding": "gzip" } }],
    ["has a header twice", { kind: "status", status: 200, headers: { date: ["one", "two"] } }],
    ["is an interim one", { kind: "status", status: 103 }],
  ])("an answer that %s is refused in process", async (_, fault) => {
    inProcess.faults.push(fault);
    const sending = inProcess.exchange(sentTo(inProcess.url, MINT));
    await expect(sending).rejects.toThrow("start the world with sockets");
  });
});

it("fails at the end for a request that no correct client sends, in process too", async () => {
  await inProcess.exchange(sentTo(inProcess.url, { path: "/unknown" }));
  await expect(inProcess.close()).rejects.toThrow("GET /unknown: unknown route");
});
