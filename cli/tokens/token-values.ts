import { isToken } from "../../provider/domain/claims";
import { TokensError } from "../../provider/errors";
import { fingerprint } from "../../provider/domain/fingerprint";
import { readerOf } from "../pulumi/property-values";
import { exportState } from "../pulumi/states";
import type { System } from "../system";

/** The values of a stack's tokens, for revoking by value; they stay in memory, and only as long as this does. */
export interface TokenValues {
  /** Throws where the state has no such token, or cannot be decrypted. */
  of(name: string): Promise<string>;
}

/** The state is decrypted when the first value is asked for, once. */
export function createTokenValues(system: Pick<System, "run">, stack: string | undefined): TokenValues {
  let read: Promise<ReadonlyMap<string, string>> | undefined;
  return {
    async of(name) {
      read ??= readValues(system, stack);
      const value = (await read).get(name);
      if (value !== undefined) return value;
      throw new TokensError("token_unreadable", `the state holds no readable value of token ${name}`);
    },
  };
}

async function readValues(
  system: Pick<System, "run">,
  stack: string | undefined,
): Promise<ReadonlyMap<string, string>> {
  const { deployment } = await exportState(system, stack, "--show-secrets");
  return new Map(
    deployment.resources.flatMap(({ outputs }) => {
      const reader = readerOf(outputs);
      const values = [reader.text("token"), reader.text("previousToken")];
      // Whatever stands there is sent nowhere unless it is a token.
      return values.filter(isToken).map((value) => [fingerprint(value), value] as const);
    }),
  );
}
