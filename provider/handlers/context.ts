import type { Client } from "../bigcommerce/client";
import type { Clock } from "../clock";
import type { Settings } from "../config";
import type { Kind } from "../kinds";
import type { Memory } from "../memory";
import type { Notices } from "../notices";

/** What a handler works with; one for all resources of a kind in a process. */
export interface Context {
  readonly kind: Kind;
  readonly clock: Clock;
  readonly settings: Settings;
  readonly memory: Memory;
  readonly notices: Notices;
  readonly client: () => Client;
}

/** Unix seconds. */
export function nowSeconds({ clock }: Pick<Context, "clock">): number {
  return Math.floor(clock.now() / 1000);
}
