import { createSettings, type Settings } from "../../provider/settings/settings";
import { plaintextProblems } from "../../provider/domain/plaintext-credentials";
import { readConfig } from "../pulumi/config";
import type { System } from "../system";

/** Stores and credentials, from the same sources and in the same order as in an update. */
export interface StoreSettings extends Settings {
  /** Why the stack's configuration, or the secrets in it, could not be read. */
  readonly unread?: string;
  /** One line for each configuration key that holds a credential in plain text. */
  readonly plaintext: readonly string[];
  /** Why the configuration may name stores that are not known; absent if all are known. */
  readonly unknownStores?: string;
}

/** The keys of the configuration that name stores. */
const NAMING = ["bigcommerce:stores", "bigcommerce:storeHash"];

/** From the environment and the configuration of a stack. Without a stack: of the selected one. */
export async function readSettings(
  system: Pick<System, "env" | "run">,
  stack: string | undefined,
): Promise<StoreSettings> {
  const { values, plain, hidden, unread } = await readConfig(system, stack);
  const get = (key: string) => values.get(key);
  const plaintext = plaintextProblems({ get, isSecret: (key) => !plain.has(key) });
  const settings = { ...createSettings(system.env, { get }), plaintext };
  if (unread === undefined) return settings;
  const secret = NAMING.filter((key) => hidden?.includes(key)).join(" and ");
  if (hidden && secret === "") return { ...settings, unread };
  const what = hidden ? `configuration ${secret} is a secret that` : "the stack's configuration";
  const unknownStores = `${what} could not be read, and stores that it names were not searched: ${unread}`;
  return { ...settings, unread, unknownStores };
}
