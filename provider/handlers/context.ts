import type { Client } from "../bigcommerce/client";
import type { Clock } from "../clock";
import { DEFAULT_API_URL } from "../bigcommerce/endpoint";
import type { Settings } from "../settings/settings";
import type { Kind } from "../domain/kinds";
import type { RunRecord } from "./run-record";
import { notice } from "../notice-formats";
import type { Notices } from "../notices";
import type { OnDelete } from "../domain/fate";

/** The same for all resources of a kind in a process. */
export interface Context {
  readonly kind: Kind;
  readonly clock: Clock;
  readonly settings: Settings;
  readonly record: RunRecord;
  readonly notices: Notices;
  readonly client: Client;
  /** 128 random bits as 32 hex digits. */
  readonly nonce: () => string;
}

/** Unix seconds. */
export function nowSeconds({ clock }: Context): number {
  return Math.floor(clock.now() / 1000);
}

/** `BIGCOMMERCE_ON_DELETE`. A notice says once a process that it is set. */
export function overrideOf({ settings, notices }: Context): OnDelete | undefined {
  const onDelete = settings.onDeleteOverride();
  if (onDelete) notices.sayOnce(notice("on_delete_override", { onDelete }));
  return onDelete;
}

/** The API host of a store. A notice says once a process that it is not BigCommerce's own. */
export function hostOf({ settings, notices }: Context, storeHash: string): string {
  const apiUrl = settings.apiUrl(storeHash);
  if (apiUrl !== DEFAULT_API_URL) notices.sayOnce(notice("api_url", { storeHash, apiUrl }));
  return apiUrl;
}
