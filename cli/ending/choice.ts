import { TokensError } from "../../provider/errors";
import { searchFor } from "../inspect/search";
import type { World } from "../world";
import type { Hunt, Orphan } from "./orphans";

interface Named {
  readonly jti: readonly string[];
  readonly fingerprint: readonly string[];
  readonly stack: string | undefined;
}

/** The orphans that were named; all of them can be revoked, or none is. */
export async function chosen(world: World, { orphans }: Hunt, named: Named): Promise<readonly Orphan[]> {
  const known: string[] = [];
  for (const fingerprint of named.fingerprint) known.push(await jtiOf(world, fingerprint, named.stack));
  return [...new Set([...named.jti, ...known])].map((jti) => {
    const orphan = orphans.find(({ row }) => row.jti === jti);
    if (!orphan) {
      throw new TokensError(
        "no_orphan",
        `${jti}: nothing was revoked, because no live token of that id carries a label of this stack and stands outside its state`,
      );
    }
    if (orphan.isYoung) {
      throw new TokensError(
        "too_young",
        `${jti}: nothing was revoked, because it is less than an hour old: an update may be about to record it`,
      );
    }
    return orphan;
  });
}

/** Lists show no fingerprints; a history does, of what a state held once. */
async function jtiOf(world: World, fingerprint: string, stack: string | undefined): Promise<string> {
  const { found } = await searchFor(world, fingerprint, { stack });
  const jti = found.map(({ token }) => token.jti).find((each) => each !== undefined);
  if (jti !== undefined) return jti;
  throw new TokensError(
    "no_orphan",
    `${fingerprint}: nothing was revoked, because the stack's history knows no such token, and the store's list shows no fingerprints: name it by --jti`,
  );
}
