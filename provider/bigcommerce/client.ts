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

/** One store with the credentials to be tried, in this order. */
export type Targets = readonly [Target, ...Target[]];

/** What a mint knows of the store before it begins. */
export interface Preparation {
  /** Time that finding out about the store has cost already, milliseconds. */
  readonly spentMs: number;
  /** How long it stood in the gate for that, milliseconds. */
  readonly queuedMs: number;
  /** Called at the moment of sending; what it throws keeps the request from being sent. */
  readonly onSend?: () => void;
  /** Told what became of a first attempt whose token was lost, before another one is made. */
  readonly onLost?: (aftermath: string) => void;
  /** A new, unique name for each attempt, where the store has a list. */
  readonly newName?: () => string;
}

/** One for a process: all its requests to a store share a gate. */
export interface Client {
  /** Whether the store has a list of its tokens; asks once per store and family, and never fails. */
  detect(target: Target, family: string): Promise<DetectedList>;
  /** All tokens of a family that the credential's account issued; reads once, and never fails. */
  tokenList(target: Target, family: string): Promise<TokenList>;
  /** Mints one token; rejects with an `ApiError` that says whether one may exist. */
  mint(target: Target, request: MintRequest, preparation?: Preparation): Promise<Minted>;
  /** Tries a token at GraphQL, until it is accepted or the time is up, without a credential; resolves to why it is not. */
  verify(site: Site, fresh: UnverifiedToken): Promise<string | undefined>;
  /** What GraphQL says of a token, asked twice at most and without a credential; nothing where it does not tell. */
  ask(site: Site, token: Bearer): Promise<GraphqlAnswer | undefined>;
  /** Resolves once BigCommerce accepted the revocation, which takes up to about 60 s to hold, or the token is proven dead. */
  revoke(
    targets: Targets,
    request: RevokeRequest,
    options?: Pick<RevokeOptions, "isMinterFirst">,
  ): Promise<Revoked>;
}

export interface ClientOptions extends ConnectionOptions {
  /** The deadline of one operation, over all its attempts and waits, milliseconds. */
  readonly timeoutMs: () => number;
}

export function createClient({ timeoutMs, ...options }: ClientOptions): Client {
  const connect = createConnections(options);
  const generations = createListSupport();
  const inventories = createTokenLists();

  const visit = ({ apiUrl, storeHash }: Site): Connection =>
    connect({ apiUrl, storeHash, accessToken: "", credentialSource: "nowhere" });

  return {
    detect: async (target, family) => {
      // A target that cannot be trusted fails before anything waits.
      endpointOf(target, "POST", family);
      return generations.detect(connect(target), family, timeoutMs());
    },
    tokenList: async (target, family) => inventories.read(connect(target), family, timeoutMs()),
    mint: async (target, request, { spentMs, queuedMs, ...rest } = { spentMs: 0, queuedMs: 0 }) => {
      const leftMs = Math.max(0, timeoutMs() - spentMs);
      const queueMs = Math.max(0, MAX_RATE_LIMIT_WAIT_MS - queuedMs);
      return mint(beginOperation(connect(target), leftMs, queueMs), request, rest);
    },
    verify: async (site, fresh) => whyRefused(beginOperation(visit(site), timeoutMs()), fresh),
    ask: async (site, token) => askGraphql(beginOperation(visit(site), timeoutMs()), token),
    revoke: async ([first, ...others], request, options) =>
      revoke([connect(first), ...others.map(connect)], request, { ...options, timeoutMs: timeoutMs() }),
  };
}
