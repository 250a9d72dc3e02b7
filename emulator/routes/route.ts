import type { IncomingHttpHeaders } from "node:http";

import type { Account, Answer } from "../entities";
import type { Claims, Signer } from "../jwt";
import type { Settings, StoreSettings } from "../options";
import type { TestClock } from "../test-clock";
import type { TokenStore } from "../token-store";

/** What every route works on. */
export interface RouteContext {
  readonly settings: Settings;
  readonly clock: TestClock;
  readonly tokens: TokenStore;
  readonly signer: Signer;
}

/** A request as a route sees it. */
export interface Incoming {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** What a scripted fault merges over the claims of a minted token. */
  readonly claims?: Claims;
}

/** A request whose sender and store are known. */
export interface Authorised extends Incoming {
  readonly store: StoreSettings;
  readonly account: Account;
}

export type Route = (request: Authorised, context: RouteContext) => Answer;
