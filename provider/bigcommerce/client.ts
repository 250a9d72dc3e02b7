import type { Clock } from "../clock";
import { type FreshToken, whyRefused } from "./graphql-check";
import { endpointOf, type Site, type Target } from "./endpoint";
import { createFuel, type Fuel } from "./retry-budget";
import { createGenerations, type Detected } from "./list-support";
import { askGraphql, type Bearer, type Word } from "./graphql";
import { createInventories, type Inventory } from "./token-list";
import { mint, type Minted, type MintRequest } from "./mint";
import { beginOperation, type Connection } from "./operation";
import { createGate, type Gate, MAX_GATE_WAIT_MS } from "./rate-limiter";
import { revoke, type Revoked, type RevokeRequest } from "./revoke";

export type { FreshToken } from "./graphql-check";
export type { Site, Target } from "./endpoint";
export type { Detected } from "./list-support";
export type { Inventory } from "./token-list";
export type { ListedToken } from "./token-list-page";
export type { Minted, MintRequest } from "./mint";
export type { Bearer, Word } from "./graphql";
export type { Revoked, RevokeRequest } from "./revoke";

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
  detect(target: Target, family: string): Promise<Detected>;
  /** All tokens of a family that the credential's account issued; reads once, and never fails. */
  inventory(target: Target, family: string): Promise<Inventory>;
  /** Mints one token; rejects with an `ApiError` that says whether one may exist. */
  mint(target: Target, request: MintRequest, preparation?: Preparation): Promise<Minted>;
  /** Tries a token at GraphQL, until it is accepted or the time is up, without a credential; resolves to why it is not. */
  verify(site: Site, fresh: FreshToken): Promise<string | undefined>;
  /** What GraphQL says of a token, asked twice at most and without a credential; nothing where it does not tell. */
  ask(site: Site, token: Bearer): Promise<Word | undefined>;
  /** Resolves once BigCommerce accepted the revocation, which takes up to about 60 s to hold, or the token is proven dead. */
  revoke(target: Target, request: RevokeRequest): Promise<Revoked>;
}

export interface ClientOptions {
  readonly clock: Clock;
  /** The deadline of one operation, over all its attempts and waits, milliseconds. */
  readonly timeoutMs: () => number;
}

export function createClient({ clock, timeoutMs }: ClientOptions): Client {
  const shared = new Map<string, { readonly gate: Gate; readonly fuel: Fuel }>();
  const generations = createGenerations();
  const inventories = createInventories();

  const connect = (target: Target): Connection => {
    const key = `${target.apiUrl} ${target.storeHash}`;
    const own = shared.get(key) ?? { gate: createGate(clock), fuel: createFuel() };
    shared.set(key, own);
    return { clock, target, ...own };
  };
  const visit = ({ apiUrl, storeHash }: Site): Connection =>
    connect({ apiUrl, storeHash, accessToken: "", credentialSource: "nowhere" });

  return {
    detect: async (target, family) => {
      // A target that cannot be trusted fails before anything waits.
      endpointOf(target, "POST", family);
      return generations.detect(connect(target), family, timeoutMs());
    },
    inventory: async (target, family) => inventories.read(connect(target), family, timeoutMs()),
    mint: async (target, request, { spentMs, queuedMs, ...rest } = { spentMs: 0, queuedMs: 0 }) => {
      const leftMs = Math.max(0, timeoutMs() - spentMs);
      const queueMs = Math.max(0, MAX_GATE_WAIT_MS - queuedMs);
      return mint(beginOperation(connect(target), leftMs, queueMs), request, rest);
    },
    verify: async (site, fresh) => whyRefused(beginOperation(visit(site), timeoutMs()), fresh),
    ask: async (site, token) => askGraphql(beginOperation(visit(site), timeoutMs()), token),
    revoke: async (target, request) => revoke(beginOperation(connect(target), timeoutMs()), request),
  };
}
