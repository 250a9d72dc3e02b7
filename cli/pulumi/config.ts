import { asObject, parseJson } from "./json";
import { pulumi, stackOption, type Runner } from "./run";

/** The configuration of a stack, as far as it can be read. */
interface Config {
  readonly values: ReadonlyMap<string, string>;
  /** Keys that are known to be no secrets. */
  readonly plain: ReadonlySet<string>;
  /** Keys whose values could not be decrypted; absent if no value could be read. */
  readonly hidden?: readonly string[];
  /** Why something could not be read. */
  readonly unread?: string;
}

/** Without the passphrase, values that are no secrets can still be read. */
export async function readConfig(system: Runner, stack: string | undefined): Promise<Config> {
  const read = async (...options: readonly string[]) =>
    valuesOf(await pulumi(system, "config", "--json", ...options, ...stackOption(stack)));
  try {
    return await read("--show-secrets");
  } catch (thrown) {
    const none: Config = { values: new Map(), plain: new Set() };
    return { ...(await read().catch(() => none)), unread: (thrown as Error).message };
  }
}

function valuesOf(text: string): Config {
  const values = new Map<string, string>();
  const plain = new Set<string>();
  const hidden: string[] = [];
  for (const [key, entry] of Object.entries(asObject(parseJson(text, "pulumi config")) ?? {})) {
    const { value, secret } = asObject(entry) ?? {};
    if (secret === false) plain.add(key);
    if (typeof value === "string") values.set(key, value);
    else hidden.push(key);
  }
  return { values, plain, hidden };
}
