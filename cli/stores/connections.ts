import { apiOrigin, DEFAULT_API_URL } from "../../provider/bigcommerce/endpoint";
import { createRetryBudget } from "../../provider/bigcommerce/retry-budget";
import { beginOperation, type Connection, type Operation } from "../../provider/bigcommerce/operation";
import { createRateLimiter } from "../../provider/bigcommerce/rate-limiter";
import type { StoreAddress } from "../../provider/domain/store-address";
import { missingCredential } from "../../provider/settings/credentials";
import { TokensError } from "../../provider/errors";
import type { System } from "../system";
import type { StoreSettings } from "./settings";

/** Ways to the stores; all operations on one store share its quota. */
export interface Connections {
  /** Throws, before anything is sent, where there is no credential or another host. */
  to(address: StoreAddress): Connection;
  begin(address: StoreAddress): Operation;
}

export function createConnections(system: Pick<System, "clock">, settings: StoreSettings): Connections {
  const open = new Map<string, Connection>();
  const to = ({ storeHash, apiUrl = DEFAULT_API_URL }: StoreAddress): Connection => {
    const host = settings.apiUrl(storeHash);
    // The credential goes where the environment or the configuration says, never where a file says.
    if (apiOrigin(apiUrl) !== host) {
      throw new TokensError(
        "other_host",
        `store ${storeHash}: its tokens were minted at ${apiOrigin(apiUrl) ?? "an unreadable API host"}, and this run is set to ${host} ` +
          "(BIGCOMMERCE_API_URL, bigcommerce:apiUrl)",
      );
    }
    const credential = settings.credential(storeHash);
    if (!credential) {
      const unread = settings.unread === undefined ? "" : `; ${settings.unread}`;
      throw new TokensError("credential_missing", missingCredential(storeHash) + unread);
    }
    const found = open.get(storeHash);
    if (found) return found;
    const { accessToken, source: credentialSource } = credential;
    const target = { apiUrl: host, storeHash, accessToken, credentialSource };
    const { clock } = system;
    const connection = {
      clock,
      target,
      rateLimiter: createRateLimiter(clock),
      retryBudget: createRetryBudget(),
    };
    open.set(storeHash, connection);
    return connection;
  };
  return { to, begin: (address) => beginOperation(to(address), settings.timeoutMs()) };
}
