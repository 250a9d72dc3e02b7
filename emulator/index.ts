/**
 * BigCommerce's storefront token API on a real socket, for tests and CI: no account, no network, no dependency.
 *
 * @group API
 * @module pulumi-bigcommerce-tokens/emulator
 */

import { createServer } from "node:http";

import type { IssuedToken, RecordedRequest } from "./entities";
import type { FaultScript } from "./faults";
import { listen } from "./listener";
import type { EmulatorOptions } from "./options";
import { createService } from "./service";

export type { Account, IssuedToken, OAuthScope, RecordedRequest, TokenType } from "./entities";
export type { Fault, FaultAction, FaultKind, FaultScript, GoodAnswer, ReplyFields } from "./faults";
export type { EmulatorOptions, Generation, StoreOptions } from "./options";

/** A running emulator of BigCommerce's token API. */
export interface Emulator {
  /** `http://127.0.0.1:<port>`. Use it in place of `https://api.bigcommerce.com`. */
  readonly url: string;
  /** Every token minted since the start or the last `reset`, oldest first. The array is live. */
  readonly issued: readonly IssuedToken[];
  /**
   * The requests since the start or the last `reset`, in the order of arrival. The array is live. It holds the latest
   * 10,000 requests and at most 16 MiB. Requests of web pages are not recorded.
   */
  readonly requests: readonly RecordedRequest[];
  /** The scripted faults. */
  readonly faults: FaultScript;
  /** The emulator's time. */
  readonly clock: {
    /** The time in whole Unix seconds. */
    now(): number;
    /**
     * Moves the clock forward by seconds, and with it the quota windows and revocation delays. A negative number moves it
     * back.
     *
     * @throws TypeError for a number that is not finite.
     * @example
     * ```ts
     * import { startEmulator } from "pulumi-bigcommerce-tokens/emulator";
     *
     * const emulator = await startEmulator({ generation: 2, stores: [{ hash: "abc123", accounts: [] }] });
     * emulator.clock.advance(90 * 24 * 3600); // a token with a lifetime of 90 days has expired
     * await emulator.close();
     * ```
     */
    advance(seconds: number): void;
  };
  /**
   * Makes the store lose a token: GraphQL refuses it, no list shows it, no revocation finds it. It stays in `issued`,
   * with `revokedAt`.
   *
   * @throws TypeError for an object that is not in `issued`.
   */
  forget(token: IssuedToken): void;
  /** Deletes tokens, requests, faults, quotas and advanced time. Closes the connections of unanswered requests. */
  reset(): void;
  /**
   * Closes all connections, and resolves when the port is released. A second call waits for the first one.
   *
   * @param options `allowProblems: true` resolves also if a request had a `problem`. Default: `false`.
   * @throws Error that lists the requests with a `problem`, after the server was closed. Only the first call throws.
   */
  close(options?: { readonly allowProblems?: boolean }): Promise<void>;
}

/** A token of many channels alone has up to 16 KiB, which is Node.js's default limit. */
const MAX_HEADER_BYTES = 64 * 1024;

/**
 * Starts BigCommerce's token API on 127.0.0.1.
 *
 * @throws TypeError for invalid options; Error with the code `EADDRINUSE` if another process uses the port.
 * @example
 * ```ts
 * import { startEmulator } from "pulumi-bigcommerce-tokens/emulator";
 *
 * const account = { clientId: "ci", accessToken: "secret", scopes: ["store_storefront_api"] } as const;
 * const emulator = await startEmulator({ generation: 2, stores: [{ hash: "abc123", accounts: [account] }] });
 *
 * const response = await fetch(`${emulator.url}/stores/abc123/v3/storefront/api-token-private`, {
 *   method: "POST",
 *   headers: { "X-Auth-Token": "secret", Accept: "application/json", "Content-Type": "application/json" },
 *   body: JSON.stringify({ channel_ids: [1], scopes: ["Unauthenticated"], expires_at: 4070908800 }),
 * });
 * console.log(response.status, emulator.issued.length); // 200 1
 *
 * await emulator.close(); // rejects if a request was one that no correct client sends
 * ```
 */
export async function startEmulator(options: EmulatorOptions): Promise<Emulator> {
  const { port, handler, controls, endDelays, problems } = createService(options);
  const server = createServer({ maxHeaderSize: MAX_HEADER_BYTES }, handler);
  const listener = await listen(server, port);

  return {
    url: listener.url,
    ...controls,
    async close({ allowProblems = false } = {}) {
      const first = !listener.closing();
      endDelays();
      await listener.close();
      const found = problems();
      if (first && !allowProblems && found !== undefined) throw new Error(found);
    },
  };
}
