import { createSettings, type Settings } from "../../provider/settings/settings";
import { pulumi } from "../pulumi/run";
import { asObject, parseJson } from "../pulumi/json";
import type { System } from "../system";

/** Stores and credentials, from the same places and in the same order as in an update. */
export interface StoreSettings extends Settings {
  /** Why the stack's configuration, or the secrets in it, could not be read. */
  readonly unread?: string;
  /** Why stores that the configuration may name are not known; absent where all of them are. */
  readonly unknownStores?: string;
}

/** The keys of the configuration that name stores. */
const NAMING = ["bigcommerce:stores", "bigcommerce:storeHash"];

/** Of the environment, and of the configuration of a stack; none: of the one that is selected. */
export async function readSettings(
  system: Pick<System, "env" | "run">,
  stack: string | undefined,
): Promise<StoreSettings> {
  const { values, hidden, unread } = await readConfig(system, stack);
  const settings = createSettings(system.env, { get: (key) => values.get(key) });
  const secret = NAMING.filter((key) => hidden?.includes(key)).join(" and ");
  if (unread === undefined) return settings;
  const unknownStores =
    hidden === undefined
      ? `the stack's configuration could not be read, and stores that it names were not looked into: ${unread}`
      : `configuration ${secret} is a secret that could not be read, and stores that it names were not looked into: ${unread}`;
  return { ...settings, unread, ...((hidden === undefined || secret !== "") && { unknownStores }) };
}

interface Config {
  readonly values: ReadonlyMap<string, string>;
  /** Keys whose values could not be decrypted; absent where none could be read at all. */
  readonly hidden?: readonly string[];
  readonly unread?: string;
}

/** Without the passphrase, what is no secret can be read still. */
async function readConfig(system: Pick<System, "run">, stack: string | undefined): Promise<Config> {
  const which = stack === undefined ? [] : ["--stack", stack];
  try {
    return valuesOf(await pulumi(system, "config", "--json", "--show-secrets", ...which));
  } catch (thrown) {
    const unread = (thrown as Error).message;
    try {
      return { ...valuesOf(await pulumi(system, "config", "--json", ...which)), unread };
    } catch {
      return { values: new Map(), unread };
    }
  }
}

function valuesOf(text: string): Config {
  const values = new Map<string, string>();
  const hidden: string[] = [];
  for (const [key, entry] of Object.entries(asObject(parseJson(text, "pulumi config")) ?? {})) {
    const value = asObject(entry)?.["value"];
    if (typeof value === "string") values.set(key, value);
    else hidden.push(key);
  }
  return { values, hidden };
}
