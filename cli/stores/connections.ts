import { type Connection, createConnections } from "../../provider/bigcommerce/connection";
import { apiOrigin, DEFAULT_API_URL, type Target } from "../../provider/bigcommerce/endpoint";
import { readTokenList, type TokenList } from "../../provider/bigcommerce/token-list";
import { type KindName, KINDS } from "../../provider/domain/kinds";
import type { StoreAddress } from "../../provider/domain/store-address";
import { TokensError } from "../../provider/errors";
import type { StackState } from "../pulumi/states";
import { tokensOf } from "../tokens/held-token";
import type { System } from "../system";
import { readSettings, type StoreSettings } from "./settings";

/** Connections to the stores of several stacks, with the configuration of a stack that has tokens there. */
export interface StackConnections {
  /** `namedBy`: the stack whose configuration names the store, if no state does. Default: the selected one. */
  to(
    address: StoreAddress,
    namedBy?: string,
  ): Promise<{ readonly connection: Connection; readonly settings: StoreSettings }>;
  settings(stack: string | undefined): Promise<StoreSettings>;
}

/** 100,000 tokens: a person waits longer than an update does, and retries if a store is down. */
const REACH = { maxPages: 400, attempts: 3 };

/** Reads the configuration of a stack once, when it is needed. */
export function createStackConnections(system: System, stacks: readonly StackState[]): StackConnections {
  const connect = createConnections(system);
  const read = new Map<string | undefined, Promise<StoreSettings>>();
  const settingsOf = (stack: string | undefined) => {
    const found = read.get(stack) ?? readSettings(system, stack);
    read.set(stack, found);
    return found;
  };
  const holders = stacks.map(({ stack, deployment }) => ({
    stack,
    stores: new Set(tokensOf(deployment).map(({ storeHash }) => storeHash)),
  }));
  return {
    settings: settingsOf,
    async to(address, namedBy) {
      const own = holders.filter(({ stores }) => stores.has(address.storeHash)).map(({ stack }) => stack);
      let problem: unknown;
      for (const stack of own.length > 0 ? own : [namedBy]) {
        const settings = await settingsOf(stack);
        try {
          return { connection: connect(targetOf(settings, address)), settings };
        } catch (thrown) {
          problem ??= thrown;
        }
      }
      throw problem;
    },
  };
}

/** A store with its credential. Throws, before anything is sent, if there is none or the host is another one. */
export function targetOf(settings: StoreSettings, address: StoreAddress): Target {
  const { storeHash, apiUrl = DEFAULT_API_URL } = address;
  const host = settings.apiUrl(storeHash);
  // The credential goes where the environment or the configuration says, never where a file says.
  if (apiOrigin(apiUrl) !== host) {
    throw new TokensError(
      "host_changed",
      `store ${storeHash}: its tokens were minted at ${apiOrigin(apiUrl) ?? "an unreadable API host"}, and this run is set to ${host} ` +
        "(BIGCOMMERCE_API_URL, bigcommerce:apiUrl)",
    );
  }
  const credential = settings.credential(storeHash);
  if (!credential) {
    const unread = settings.unread === undefined ? "" : `; ${settings.unread}`;
    const remedy = settings.credentialRemedy(storeHash);
    throw new TokensError("credential_missing", `no credential for store ${storeHash}: ${remedy}${unread}`);
  }
  const { accessToken, source: credentialSource } = credential;
  return { apiUrl: host, storeHash, accessToken, credentialSource };
}

/** A connection, and another with the credential of the previous API account, if one is set. */
export function accountsOf(
  present: Connection,
  settings: Pick<StoreSettings, "previousCredential">,
): readonly [Connection, ...Connection[]] {
  const { target } = present;
  const previous = settings.previousCredential(target.storeHash);
  if (!previous || previous.accessToken === target.accessToken) return [present];
  const { accessToken, source: credentialSource } = previous;
  return [present, { ...present, target: { ...target, accessToken, credentialSource } }];
}

/** Every token that the credential's API account issued in a family, also expired and revoked ones. */
export function readWholeList(connection: Connection, family: string, timeoutMs: number): Promise<TokenList> {
  return readTokenList(connection, family, timeoutMs, REACH);
}

export function listName(storeHash: string, kind: KindName): string {
  return `the list of ${kind} tokens in store ${storeHash}`;
}

/** Why a list could not be read, for people. */
export function whyUnread(
  storeHash: string,
  kind: KindName,
  { failed: { failure, stopped } }: Extract<TokenList, { kind: "unreadable" }>,
): string {
  const title = failure.title === undefined ? "" : `, "${failure.title}"`;
  const { oauthScope } = KINDS[kind];
  const scope = failure.status === 403 ? `; the API account needs the OAuth scope ${oauthScope}` : "";
  const why = `${listName(storeHash, kind)}: ${failure.what}${title}${scope}`;
  return stopped === undefined ? why : `${why}. ${stopped}`;
}
