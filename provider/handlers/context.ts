import type { Client } from "../bigcommerce/client";
import type { Clock } from "../clock";
import { DEFAULT_API_URL } from "../bigcommerce/endpoint";
import type { Settings } from "../settings/settings";
import type { Kind } from "../domain/kinds";
import type { RunRecord } from "./run-record";
import { notice } from "../notice-formats";
import type { Notices } from "../notices";
import type { OnDelete } from "../domain/state";

/** What a handler works with; one for all resources of a kind in a process. */
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
export function nowSeconds({ clock }: Pick<Context, "clock">): number {
  return Math.floor(clock.now() / 1000);
}

/** `BIGCOMMERCE_ON_DELETE`, said once per process where it is set. */
export function overrideOf({
  settings,
  notices,
}: Pick<Context, "settings" | "notices">): OnDelete | undefined {
  const override = settings.onDeleteOverride();
  if (override) {
    notices.sayOnce(notice("on_delete_override", { onDelete: override }));
  }
  return override;
}

/** The API host of a store, said once per process where it is not BigCommerce's own. */
export function hostOf(
  { settings, notices }: Pick<Context, "settings" | "notices">,
  storeHash: string,
): string {
  const apiUrl = settings.apiUrl(storeHash);
  if (apiUrl !== DEFAULT_API_URL) notices.sayOnce(notice("api_url", { storeHash, apiUrl }));
  return apiUrl;
}
