import { type Connection, createConnections } from "../../provider/bigcommerce/connection";
import type { StoreAddress } from "../../provider/domain/store-address";
import type { StackState } from "../pulumi/states";
import { tokensOf } from "../tokens/held-token";
import type { System } from "../system";
import { targetOf } from "./connections";
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

/** Reads the configuration of a stack once, when it is needed. */
export function createStackConnections(system: System, stacks: readonly StackState[]): StackConnections {
  const connect = createConnections(system);
  const read = new Map<string, Promise<StoreSettings>>();
  const settingsOf = (stack: string | undefined) => {
    const found = read.get(stack ?? "") ?? readSettings(system, stack);
    read.set(stack ?? "", found);
    return found;
  };
  const holders = stacks.map(({ stack, deployment }) => ({
    stack,
    stores: new Set(tokensOf(deployment).map(({ storeHash }) => storeHash)),
  }));
  return {
    settings: settingsOf,
    async to(address, namedBy) {
      const own: readonly { stack?: string | undefined }[] = holders.filter(({ stores }) =>
        stores.has(address.storeHash),
      );
      let problem: unknown;
      for (const { stack } of own.length > 0 ? own : [{ stack: namedBy }]) {
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
