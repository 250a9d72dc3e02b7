import { createServer } from "node:http";

import type { IssuedToken, RecordedRequest } from "./entities";
import { createRequestHandler } from "./request-handler";
import { createFaultScript, type FaultScript } from "./faults";
import { createSigner } from "./jwt";
import { createLedger } from "./ledger";
import { listen } from "./listener";
import { withDefaults, type EmulatorOptions } from "./options";
import { createQuotas } from "./quota";
import { createTestClock } from "./test-clock";
import { createTokenStore } from "./token-store";

export type { Account, IssuedToken, OAuthScope, RecordedRequest, TokenType } from "./entities";
export type { Fault, FaultAction, FaultKind, FaultScript, GoodAnswer, ReplyFields } from "./faults";
export type { EmulatorOptions, Generation, StoreOptions } from "./options";

export interface Emulator {
  /** `http://127.0.0.1:<port>`: what stands for `https://api.bigcommerce.com`. */
  readonly url: string;
  /** Live: every token minted since the start or the last `reset`, oldest first. */
  readonly issued: readonly IssuedToken[];
  /**
   * Live: the requests since the start or the last `reset`, in the order of arrival; the latest 10,000, and 16 MiB of
   * them at the most. What web pages send is not among them.
   */
  readonly requests: readonly RecordedRequest[];
  readonly faults: FaultScript;
  readonly clock: {
    /** Whole Unix seconds. */
    now(): number;
    /** Moves the clock, and with it quotas and revocation delays; a negative number moves it back. */
    advance(seconds: number): void;
  };
  /** Ends one of `issued` and forgets it: no list shows it, no revocation finds it. `issued` keeps it, as revoked. */
  forget(token: IssuedToken): void;
  /** Back to the start: forgets tokens, requests, faults, quotas and advanced time; cuts unanswered requests. */
  reset(): void;
  /**
   * Destroys all connections and resolves once the server is closed. Then rejects if a request had a `problem`,
   * unless `allowProblems` says that the caller has seen them. A second call only waits for the first.
   */
  close(options?: { readonly allowProblems?: boolean }): Promise<void>;
}

/** Node.js takes 16 KiB; a token of many channels fills that alone. */
const MAX_HEADER_BYTES = 64 * 1024;

/** Starts BigCommerce's token API on 127.0.0.1. Rejects if the port is taken or the options are impossible. */
export async function startEmulator(options: EmulatorOptions): Promise<Emulator> {
  const settings = withDefaults(options);
  const clock = createTestClock(settings.now);
  const tokens = createTokenStore(settings, clock);
  const quotas = createQuotas(settings.quota, clock);
  const faults = createFaultScript();
  const ledger = createLedger();
  const context = { settings, clock, tokens, signer: createSigner() };
  const server = createServer(
    { maxHeaderSize: MAX_HEADER_BYTES },
    createRequestHandler(context, { quotas, faults, ledger }),
  );
  const listener = await listen(server, settings.port);

  return {
    url: listener.url,
    issued: tokens.issued,
    requests: ledger.requests,
    faults,
    clock: {
      now: () => clock.now(),
      advance: (seconds) => {
        clock.advance(seconds);
      },
    },
    forget: (token) => {
      tokens.forget(token);
    },
    reset() {
      clock.endDelays();
      for (const part of [clock, tokens, quotas, ledger]) part.reset();
      faults.clear();
    },
    async close({ allowProblems = false } = {}) {
      const first = !listener.closing();
      clock.endDelays();
      await listener.close();
      const problems = ledger.problems();
      if (first && !allowProblems && problems !== undefined) throw new Error(problems);
    },
  };
}
