import { inspect } from "node:util";

import { version } from "../../package.json";
import {
  createClient,
  type MintRequest,
  type Revoked,
  type RevokeRequest,
  type Target,
} from "../../provider/bigcommerce/client";
import { ApiError } from "../../provider/bigcommerce/errors";
import type { Clock } from "../../provider/clock";
import { ownTime } from "../support/own-time";

export const CREDENTIAL = 'canary+credential/"q"=0123456789';
export const TOKEN = "eyJhbGciOiJFUzI1NiJ9.eyJqdGkiOiJjYW5hcnktdG9rZW4ifQ.c2lnbmF0dXJlLWNhbmFyeQ-_";
export const USER_AGENT = `pulumi-bigcommerce-tokens/${version}`;
export const EXPIRES_AT = "2030-01-02T03:04:05Z";
export const EXPIRY = Date.parse(EXPIRES_AT) / 1_000;
export const NOW_MS = Date.parse("2026-10-01T12:00:00Z");

export interface FastClock extends Clock {
  /** Every wait that was asked for, in milliseconds. */
  readonly slept: number[];
}

/**
 * Waits pass at once, and count as time that went by. Deadlines are real; with `hurry` they pass so many times as fast, in
 * this process's own time, and `monotonic` shows that time.
 */
export function fastClock({ random = 0.5, hurry = 1 }: { random?: number; hurry?: number } = {}): FastClock {
  const slept: number[] = [];
  let skipped = 0;
  const hurried = ownTime();
  return {
    slept,
    now: () => NOW_MS + skipped,
    monotonic: () => (hurry === 1 ? performance.now() : hurried.now() * hurry) + skipped,
    random: () => random,
    deadline: (ms) => (hurry === 1 ? AbortSignal.timeout(ms) : hurried.deadline(ms / hurry)),
    sleep: (ms, signal) => {
      signal.throwIfAborted();
      slept.push(ms);
      skipped += ms;
      return Promise.resolve();
    },
  };
}

export function clientWith(clock: Clock = fastClock(), timeoutMs = 60_000) {
  return createClient({ clock, timeoutMs: () => timeoutMs });
}

export function targetAt(apiUrl: string, over: Partial<Target> = {}): Target {
  return {
    apiUrl,
    storeHash: "abc123",
    accessToken: CREDENTIAL,
    credentialSource: "env BIGCOMMERCE_ACCESS_TOKEN",
    ...over,
  };
}

export const MINT: MintRequest = {
  family: "api-token-private",
  oauthScope: '"Storefront API Tokens: manage" (store_storefront_api)',
  body: { channel_ids: [1], scopes: ["Unauthenticated"], expires_at: 1_893_553_445 },
  expiry: EXPIRY,
};

export const REVOKE: RevokeRequest = {
  family: "api-token-private",
  oauthScope: '"Storefront API Tokens: manage" (store_storefront_api)',
  token: TOKEN,
  fingerprint: "0123456789abcdef",
  channelIds: [1],
  expiry: EXPIRY,
};

/** What comes of a revocation that BigCommerce accepted from the fixture's own credential. */
export const ACCEPTED: Revoked = {
  ...{ kind: "accepted", says: "BigCommerce", by: "value" },
  credentialSource: "env BIGCOMMERCE_ACCESS_TOKEN",
};

/** The error of something that must fail, after a look at everything a reader or a log could see of it. */
export async function failed(promise: Promise<unknown>, secrets: readonly string[] = []): Promise<ApiError> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ApiError)) {
    throw new Error(`expected an ApiError, got ${error === undefined ? "success" : inspect(error)}`);
  }
  expectNoLeak(error, [CREDENTIAL, TOKEN, ...secrets]);
  expect(error.message).not.toMatch(/[\r\n]/);
  expect(error.message.length).toBeLessThanOrEqual(500);
  expect(error.failure.title?.length ?? 0).toBeLessThanOrEqual(200);
  return error;
}

/** Searches every channel of an error for every form of every secret. */
export function expectNoLeak(error: Error, secrets: readonly string[]): void {
  expect(error.cause).toBeUndefined();
  const channels: Record<string, string> = {
    message: error.message,
    stack: error.stack ?? "",
    string: String(error),
    json: JSON.stringify(error),
    inspect: inspect(error, { depth: 10, showHidden: true }),
    own: Reflect.ownKeys(error)
      .map((key) => inspect((error as never)[key], { depth: 10, showHidden: true }))
      .join("\n"),
  };
  for (const secret of secrets.flatMap(formsOf)) {
    for (const [channel, text] of Object.entries(channels)) {
      if (text.toLowerCase().includes(secret.toLowerCase())) {
        throw new Error(`the ${channel} of the error holds a secret: ${secret}`);
      }
    }
  }
}

function formsOf(secret: string): string[] {
  const base64 = Buffer.from(secret).toString("base64").replace(/=+$/, "");
  return [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    base64,
    base64.replaceAll("+", "-").replaceAll("/", "_"),
    secret.slice(0, 16),
    secret.slice(-16),
  ];
}
