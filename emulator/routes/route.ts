import type { IncomingHttpHeaders } from "node:http";

import type { Account, Answer } from "../entities";
import type { Claims, Signer } from "../jwt";
import type { Settings, StoreSettings } from "../options";
import type { TestClock } from "../test-clock";
import type { TokenStore } from "../token-store";

/** The parts of the emulator that routes use. */
export interface RouteContext {
  readonly settings: Settings;
  readonly clock: TestClock;
  readonly tokens: TokenStore;
  readonly signer: Signer;
}

/** A request as passed to a route. */
export interface Incoming {
  readonly method: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** From a `claims` fault: replaces claims of the minted token. */
  readonly claims: Claims | undefined;
}

/** A request of a known API account of a known store. */
export interface Authorised extends Incoming {
  readonly store: StoreSettings;
  readonly account: Account;
}

export type Route = (request: Authorised, context: RouteContext) => Answer;
