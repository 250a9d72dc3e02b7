import type { ListedToken } from "../../../provider/bigcommerce/token-list-page";
import { worksUntil } from "../../../provider/domain/expiry";

/** Until when a token of a list works. */
export function worksFor({ expiresAt }: ListedToken): string {
  return worksUntil(expiresAt ?? "never");
}
