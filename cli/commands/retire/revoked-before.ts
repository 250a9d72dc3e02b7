import { judgeInLists, type TokenList } from "../../../provider/bigcommerce/token-list";
import { KINDS } from "../../../provider/domain/kinds";
import { asError } from "../../../provider/notices";
import { readWholeList, whyUnread } from "../../stores/connections";
import type { Revoker } from "../../stores/revoker";
import type { StoreSettings } from "../../stores/settings";
import type { HeldToken } from "../../tokens/held-token";

interface RevokedBefore {
  /** The tokens that the store's list shows revoked. */
  readonly revoked: ReadonlySet<HeldToken>;
  /** Why it is not known of other tokens whether they were revoked before. */
  readonly unknown: readonly string[];
}

/** Asks the store's list of each token's kind, as each of the store's API accounts gets it. */
export async function findRevokedBefore(
  revoker: Revoker,
  settings: StoreSettings,
  tokens: readonly HeldToken[],
): Promise<RevokedBefore> {
  const lists = new Map<string, Promise<readonly TokenList[]>>();
  const revoked = new Set<HeldToken>();
  const unknown = new Set<string>();
  for (const token of tokens) {
    const { storeHash, apiUrl, kind, jti, hasOwnJti, apiAccount, issuedAt } = token;
    if (storeHash === undefined) continue;
    const key = JSON.stringify([storeHash, apiUrl, kind]);
    const reading = lists.get(key) ?? readLists(revoker, settings, { ...token, storeHash });
    lists.set(key, reading);
    try {
      const verdict = judgeInLists(await reading, { jti: hasOwnJti ? jti : undefined, apiAccount, issuedAt });
      if (verdict.is === "revoked") revoked.add(token);
      if (verdict.is === "unknown") unknown.add(whyUnknown({ ...token, storeHash }, await reading));
    } catch (thrown) {
      unknown.add(asError(thrown).message);
    }
  }
  return { revoked, unknown: [...unknown] };
}

type StoredToken = HeldToken & { readonly storeHash: string };

function readLists(revoker: Revoker, settings: StoreSettings, token: StoredToken): Promise<TokenList[]> {
  const read = async () => {
    const accounts = revoker.accounts(token);
    return Promise.all(
      accounts.map((account) => readWholeList(account, KINDS[token.kind].family, settings.timeoutMs())),
    );
  };
  return read();
}

function whyUnknown(
  { storeHash, kind, jti, hasOwnJti, fingerprint = "" }: StoredToken,
  lists: readonly TokenList[],
): string {
  const unreadable = lists.find((list) => list.kind === "unreadable");
  if (unreadable) return whyUnread(storeHash, kind, unreadable);
  if (lists.every((list) => list.kind === "no list")) return `store ${storeHash} has no list of its tokens`;
  return jti === undefined || !hasOwnJti
    ? `${fingerprint} has no id of its own, by which the list of store ${storeHash} could show it`
    : `the list of store ${storeHash} does not show ${fingerprint}`;
}
