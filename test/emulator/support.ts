import { request, type IncomingHttpHeaders } from "node:http";

import { startEmulator, type Emulator, type EmulatorOptions, type OAuthScope } from "../../emulator/index";

export const HASH = "abc123";
export const OTHER_HASH = "other9";
export const NOW = 1_800_000_000;
export const IN_A_DAY = NOW + 86_400;

const BOTH: OAuthScope[] = ["store_storefront_api", "store_storefront_api_customer_impersonation"];

/** Three accounts of one store, one of another; a clock that stands still unless a test moves it. */
export function start(options: Partial<EmulatorOptions> = {}): Promise<Emulator> {
  const accounts = [
    { clientId: "client-a", accessToken: "access-a", scopes: BOTH },
    { clientId: "client-b", accessToken: "access-b", scopes: BOTH },
    { clientId: "client-plain", accessToken: "access-plain", scopes: BOTH.slice(0, 1) },
  ];
  const others = [{ clientId: "client-o", accessToken: "access-o", scopes: BOTH }];
  return startEmulator({
    generation: 2,
    now: NOW,
    stores: [
      { hash: HASH, accounts, channels: [1, 2] },
      { hash: OTHER_HASH, accounts: others },
    ],
    ...options,
  });
}

/** The fields that answers of any route have, each where it has them. */
export interface Json {
  readonly status?: number;
  readonly title?: string;
  readonly errors?: Readonly<Record<string, string>>;
  readonly data?: { readonly token?: string } & readonly Readonly<Record<string, unknown>>[];
  readonly meta?: { readonly pagination?: Readonly<Record<string, number>> };
}

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** `{}` where the body is empty or no JSON. */
  readonly json: Json;
}

export interface Call {
  readonly body?: unknown;
  readonly as?: string;
  readonly headers?: Record<string, string | undefined>;
}

/** One request on a connection of its own; rejects with Node's error if the answer does not arrive whole. */
export function send(
  url: string,
  method: string,
  headers: Record<string, string>,
  body?: string,
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers, agent: false }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => (text += chunk));
      response.on("error", reject);
      response.on("end", () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json: parse(text) });
      });
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

/** A request as a correct client sends it; `headers` override, undefined leaves one out. */
export function call(emulator: Emulator, method: string, path: string, what: Call = {}): Promise<Reply> {
  const { body, as = "access-a", headers = {} } = what;
  const all: Record<string, string | undefined> = {
    accept: "application/json",
    "x-auth-token": as,
    ...(body !== undefined && { "content-type": "application/json" }),
    ...headers,
  };
  const given = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const text = body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body);
  return send(`${emulator.url}${path}`, method, Object.fromEntries(given), text);
}

export function at(resource: string, hash = HASH): string {
  return `/stores/${hash}/v3/storefront/${resource}`;
}

export const FAMILIES = {
  simple: "api-token",
  private: "api-token-private",
  customer_impersonation: "api-token-customer-impersonation",
} as const;

export type Kind = keyof typeof FAMILIES;

export function mint(
  emulator: Emulator,
  kind: Kind = "simple",
  fields: object = {},
  as?: string,
): Promise<Reply> {
  const body = {
    channel_ids: [1],
    expires_at: IN_A_DAY,
    ...(kind === "private" && { scopes: ["Unauthenticated"] }),
    ...fields,
  };
  return call(emulator, "POST", at(FAMILIES[kind]), { body, ...(as && { as }) });
}

/** The token that this mint issued. */
export async function minted(...args: Parameters<typeof mint>) {
  const reply = await mint(...args);
  const token = args[0].issued.find((candidate) => candidate.token === reply.json.data?.token);
  if (!token) throw new Error(`Nothing was minted: ${reply.status}`);
  return token;
}

export function revoke(emulator: Emulator, token: string, as?: string): Promise<Reply> {
  return call(emulator, "DELETE", at("api-token"), { headers: { "sf-api-token": token }, ...(as && { as }) });
}

export function graphql(
  emulator: Emulator,
  token: string | undefined,
  headers: Record<string, string> = {},
  path = `/stores/${HASH}/channels/1/graphql`,
): Promise<Reply> {
  const all = {
    accept: "application/json",
    "content-type": "application/json",
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
    ...headers,
  };
  const query = JSON.stringify({ query: "{ site { settings { storeName } } }" });
  return send(`${emulator.url}${path}`, "POST", all, query);
}

/** The timers that keep this process alive. */
export function countTimers(): number {
  return process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
}

export function claimsOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as Record<
    string,
    unknown
  >;
}

/** An emulator per test, closed after it: a request with a problem fails the test unless it says so. */
export function perTest(options: Partial<EmulatorOptions> = {}) {
  let emulator: Emulator;
  let allowProblems: boolean;
  beforeEach(async () => {
    allowProblems = false;
    emulator = await start(options);
  });
  afterEach(() => emulator.close({ allowProblems }));
  return {
    get it(): Emulator {
      return emulator;
    },
    expectProblems(): void {
      allowProblems = true;
    },
  };
}

function parse(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return {};
  }
}
