import { type Connection, type ConnectionOptions, createConnections } from "./connection";
import { endpointOf, type Site, type Target } from "./endpoint";
import { type UnverifiedToken, whyRefused } from "./graphql-check";
import { createListSupport, type DetectedList } from "./list-support";
import { askGraphql, type Bearer, type GraphqlAnswer } from "./graphql";
import { createTokenLists, type TokenList } from "./token-list";
import { mint, type Minted, type MintRequest } from "./mint";
import { beginOperation } from "./operation";
import { MAX_RATE_LIMIT_WAIT_MS } from "./rate-limiter";
import { revoke, type Revoked, type RevokeOptions, type RevokeRequest } from "./revoke";

export type { UnverifiedToken } from "./graphql-check";
export type { Site, Target } from "./endpoint";
export type { DetectedList } from "./list-support";
export type { TokenList } from "./token-list";
export type { ListedToken } from "./token-list-page";
export type { Minted, MintRequest } from "./mint";
export type { Bearer, GraphqlAnswer } from "./graphql";
export type { Revoked, RevokeRequest } from "./revoke";

/** One store with one or more credentials. They are tried in this order. */
export type Targets = readonly [Target, ...Target[]];

/** What `detect` found out before the mint. */
export interface Preparation {
  /** The part of the operation's time that `detect` used, milliseconds. */
  readonly spentMs: number;
  /** How long `detect` waited for the rate limiter, milliseconds. */
  readonly queuedMs: number;
  /** Called just before the request is sent. If it throws, nothing is sent. */
  readonly onSend?: () => void;
  /** Called before a second attempt, with what became of the token of the first one. */
  readonly onLost?: (aftermath: string) => void;
  /** Makes a new, unique name for each attempt. Only for stores that list their tokens. */
  readonly newName?: () => string;
}

/** Create one per process: all requests to a store share its rate limit. */
export interface Client {
  /** Finds out whether the store lists its tokens. Asks once per store and family. Never rejects. */
  detect(target: Target, family: string): Promise<DetectedList>;
  /** All tokens of a family that the credential's API account issued. Reads them once. Never rejects. */
  tokenList(target: Target, family: string): Promise<TokenList>;
  /** Mints one token. Rejects with an `ApiError` that says whether a token may exist. */
  mint(target: Target, request: MintRequest, preparation?: Preparation): Promise<Minted>;
  /** Asks GraphQL without a credential until it accepts the token. Resolves to why it does not, if it does not in time. */
  verify(site: Site, fresh: UnverifiedToken): Promise<string | undefined>;
  /** Asks GraphQL about a token, at most twice a channel and without a credential. Undefined if it does not tell. */
  ask(site: Site, token: Bearer): Promise<GraphqlAnswer | undefined>;
  /** Resolves once BigCommerce accepts the revocation, which it applies within about 60 s, or the token is proven dead. */
  revoke(
    targets: Targets,
    request: RevokeRequest,
    options?: Pick<RevokeOptions, "isMinterFirst">,
  ): Promise<Revoked>;
}

export interface ClientOptions extends ConnectionOptions {
  /** The deadline of one operation with all its attempts and waits, milliseconds. */
  readonly timeoutMs: () => number;
}

export function createClient({ timeoutMs, ...options }: ClientOptions): Client {
  const connect = createConnections(options);
  const listSupport = createListSupport();
  const tokenLists = createTokenLists();

  const withoutCredential = ({ apiUrl, storeHash }: Site): Connection =>
    connect({ apiUrl, storeHash, accessToken: "", credentialSource: "nowhere" });

  return {
    detect: async (target, family) => {
      // An invalid target fails before anything waits.
      endpointOf(target, "POST", family);
      return listSupport.detect(connect(target), family, timeoutMs());
    },
    tokenList: async (target, family) => tokenLists.read(connect(target), family, timeoutMs()),
    mint: async (target, request, { spentMs, queuedMs, ...rest } = { spentMs: 0, queuedMs: 0 }) => {
      const leftMs = Math.max(0, timeoutMs() - spentMs);
      const queueMs = Math.max(0, MAX_RATE_LIMIT_WAIT_MS - queuedMs);
      return mint(beginOperation(connect(target), leftMs, queueMs), request, rest);
    },
    verify: async (site, fresh) => whyRefused(beginOperation(withoutCredential(site), timeoutMs()), fresh),
    ask: async (site, token) => askGraphql(beginOperation(withoutCredential(site), timeoutMs()), token),
    revoke: async ([first, ...others], request, options) =>
      revoke([connect(first), ...others.map(connect)], request, { ...options, timeoutMs: timeoutMs() }),
  };
}
