import type { Connection } from "../../provider/bigcommerce/operation";
import type { StoreSettings } from "./settings";

/** A connection, and another with the credential of the API account before, where one is set. */
export function accountsOf(
  present: Connection,
  settings: Pick<StoreSettings, "previousCredential">,
): readonly [Connection, ...Connection[]] {
  const { target } = present;
  const before = settings.previousCredential(target.storeHash);
  if (!before || before.accessToken === target.accessToken) return [present];
  const { accessToken, source: credentialSource } = before;
  return [present, { ...present, target: { ...target, accessToken, credentialSource } }];
}
