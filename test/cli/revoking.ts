import type { IssuedToken } from "../../emulator";
import { type KindName, KINDS } from "../../provider/domain/kinds";
import type { FakeSystemOptions, Told } from "./fake-system";
import { commandIn, Store } from "./issuing";
import { type Exported, urnOf } from "./states";

export const KIND_NAMES = Object.keys(KINDS) as readonly KindName[];

const ORIGINS = { origins: ["https://shop.example"] };

/** The store at hand, and `revoke` with a token on standard input, which asks GraphQL once at the end. */
export function revoking(store: () => Store) {
  const run = commandIn(store, "revoke");
  return {
    run,
    revoke: (
      token: IssuedToken | string,
      args: readonly string[] = [],
      rest: FakeSystemOptions = {},
    ): Promise<Told> =>
      run([...args, "--wait", "0"], { stdin: typeof token === "string" ? token : token.token, ...rest }),
    mint: (kind: KindName = "private", storeHash = "abc123") =>
      store().mint({ kind, storeHash, ...(kind === "storefront" && ORIGINS) }),
    /** The resource that holds a token of that kind. */
    held: (
      name: string,
      issued: IssuedToken,
      kind: KindName = "private",
      outputs: Exported = {},
    ): Exported => {
      const urn = urnOf(name, kind);
      return { ...store().held(name, issued, outputs), urn, type: urn.split("::")[2] };
    },
    /** A Pulumi that fails at some commands. */
    failing: (fails: (line: string) => boolean): FakeSystemOptions => ({
      pulumi: (args) =>
        fails(args.join(" ")) ? { code: 255, stderr: "error: no network\n" } : store().system().pulumi!(args),
    }),
    /** A Pulumi whose stacks have these configurations. */
    configured: (configs: Readonly<Record<string, object>>): FakeSystemOptions => ({
      pulumi: (args) => {
        if (args[0] !== "config") return store().system().pulumi!(args);
        return { stdout: JSON.stringify(configs[args[args.indexOf("--stack") + 1] ?? ""] ?? {}) };
      },
    }),
    /** The environment without some variables. */
    without: (...names: readonly string[]): Record<string, string> =>
      Object.fromEntries(Object.entries(store().env).filter(([name]) => !names.includes(name))),
  };
}

export function byJti({ jti = "" }: IssuedToken, kind: KindName = "private"): string {
  return `DELETE /${KINDS[kind].family}/${jti}`;
}
