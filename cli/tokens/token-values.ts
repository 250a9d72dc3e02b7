import { isToken } from "../../provider/domain/claims";
import { TokensError } from "../../provider/errors";
import { fingerprint } from "../../provider/domain/fingerprint";
import { readerOf } from "../pulumi/property-values";
import { exportState } from "../pulumi/states";
import type { System } from "../system";

/** The values of a stack's tokens, for revoking by value. They are kept in memory only. */
export interface TokenValues {
  /** Takes a fingerprint. Throws if the state has no such token, or cannot be decrypted. */
  of(fingerprint: string): Promise<string>;
}

/** Decrypts the state once, when the first value is asked for. */
export function createTokenValues(system: Pick<System, "run">, stack: string | undefined): TokenValues {
  let read: Promise<ReadonlyMap<string, string>> | undefined;
  return {
    async of(print) {
      read ??= readValues(system, stack);
      const value = (await read).get(print);
      if (value !== undefined) return value;
      throw new TokensError("token_unreadable", `the state has no readable value of token ${print}`);
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
      // Anything but a token must never be sent.
      return values.filter(isToken).map((value) => [fingerprint(value), value] as const);
    }),
  );
}
