import { worksUntil } from "../../provider/schedule";
import type { ListedRow } from "../store/list";

/** Until when a token of a list works. */
export function worksFor({ expiresAt }: ListedRow): string {
  return worksUntil(expiresAt ?? "never");
}
