import { type Connection, type ConnectionOptions, createConnections } from "./connection";
import { endpointOf, type Site, type Target } from "./endpoint";
import { type UnverifiedToken, whyRefused } from "./graphql-check";
import { createListDetector, type DetectedList } from "./list-support";
import { askGraphql, type Bearer, type GraphqlAnswer } from "./graphql";
import { createTokenListReader, type TokenList } from "./token-list";
import { mint, type Minted, type MintOptions, type MintRequest } from "./mint";
import { beginOperation } from "./operation";
import { MAX_RATE_LIMIT_WAIT_MS } from "./rate-limiter";
import { revoke, type Revoked, type RevokeRequest } from "./revocation";

export type { Site, Target } from "./endpoint";
export type { Bearer, GraphqlAnswer } from "./graphql";
export type { UnverifiedToken } from "./graphql-check";
export type { MintRequest } from "./mint";
export type { Revoked, RevokeRequest } from "./revocation";
export type { TokenList } from "./token-list";
export type { ListedToken } from "./token-list-page";

/** One store with one or more credentials. They are tried in this order. */
export type Targets = readonly [Target, ...Target[]];

/** Create one per process: all requests to a store share its rate limit. */
export interface Client {
  /** Finds out whether the store lists its tokens. Asks once per store and family. Never rejects. */
  detect(target: Target, family: string): Promise<DetectedList>;
  /** All tokens of a family that the credential's API account minted. Reads them once. Never rejects. */
  tokenList(target: Target, family: string): Promise<TokenList>;
  /** Mints one token, in the time that `detect` left. Rejects with an `ApiError` that says whether a token may exist. */
  mint(
    target: Target,
    request: MintRequest,
    options?: MintOptions & Pick<DetectedList, "spentMs" | "queuedMs">,
  ): Promise<Minted>;
  /** Asks GraphQL without a credential until it accepts the token. Resolves to the last refusal if time runs out. */
  verify(site: Site, fresh: UnverifiedToken): Promise<string | undefined>;
  /** Asks GraphQL about a token, at most twice a channel and without a credential. Undefined if it does not tell. */
  ask(site: Site, token: Bearer): Promise<GraphqlAnswer | undefined>;
  /** Resolves once the revocation is accepted (applied within about 60 s), or the token is proven revoked or expired. */
  revoke(targets: Targets, request: RevokeRequest, options?: { isMinterFirst?: boolean }): Promise<Revoked>;
}

/** `timeoutMs`: the deadline of one operation with all its attempts and waits, milliseconds. */
export function createClient({
  timeoutMs,
  ...options
}: ConnectionOptions & { readonly timeoutMs: () => number }): Client {
  const connect = createConnections(options);
  const detectList = createListDetector();
  const readListOnce = createTokenListReader();

  const withoutCredential = ({ apiUrl, storeHash }: Site): Connection =>
    connect({ apiUrl, storeHash, accessToken: "", credentialSource: "nowhere" });

  return {
    detect: async (target, family) => {
      // An invalid target fails before anything waits.
      endpointOf(target, "POST", family);
      return detectList(connect(target), family, timeoutMs());
    },
    tokenList: async (target, family) => readListOnce(connect(target), family, timeoutMs()),
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
