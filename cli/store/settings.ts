import { createSettings, type Settings } from "../../provider/config";
import { pulumi } from "../pulumi";
import { asObject, parseJson } from "../state/export";
import type { World } from "../world";

/** Stores and credentials, from the same places and in the same order as in an update. */
export interface StoreSettings extends Settings {
  /** Why the stack's configuration, or the secrets in it, could not be read. */
  readonly unread?: string;
}

/** Of the environment, and of the configuration of a stack; none: of the one that is selected. */
export async function readSettings(
  world: Pick<World, "env" | "run">,
  stack: string | undefined,
): Promise<StoreSettings> {
  const { values, unread } = await readConfig(world, stack);
  const settings = createSettings(world.env, { get: (key) => values.get(key) });
  return { ...settings, ...(unread !== undefined && { unread }) };
}

type Config = { readonly values: ReadonlyMap<string, string>; readonly unread?: string };

/** Without the passphrase, what is no secret can be read still. */
async function readConfig(world: Pick<World, "run">, stack: string | undefined): Promise<Config> {
  const which = stack === undefined ? [] : ["--stack", stack];
  try {
    return { values: valuesOf(await pulumi(world, "config", "--json", "--show-secrets", ...which)) };
  } catch (thrown) {
    const unread = (thrown as Error).message;
    try {
      return { values: valuesOf(await pulumi(world, "config", "--json", ...which)), unread };
    } catch {
      return { values: new Map(), unread };
    }
  }
}

function valuesOf(text: string): ReadonlyMap<string, string> {
  const entries = Object.entries(asObject(parseJson(text, "pulumi config")) ?? {});
  return new Map(
    entries.flatMap(([key, entry]) => {
      const value = asObject(entry)?.["value"];
      return typeof value === "string" ? [[key, value] as const] : [];
    }),
  );
}
