import { TokensError } from "../../../provider/errors";
import { findToken } from "../../tokens/find-token";
import type { System } from "../../system";
import type { OrphanSearch } from "./other-stacks";
import type { Orphan } from "./search";

interface NamedTokens {
  readonly jti: readonly string[];
  readonly fingerprint: readonly string[];
  /** By its full name. */
  readonly stack: string;
}

/** The orphans that were named; all of them can be revoked, or none is. */
export async function chooseOrphans(
  system: System,
  hunt: OrphanSearch,
  named: NamedTokens,
): Promise<readonly Orphan[]> {
  const known: string[] = [];
  for (const fingerprint of named.fingerprint) known.push(await jtiOf(system, fingerprint, named.stack));
  return [...new Set([...named.jti, ...known])].map((jti) => {
    const orphan = hunt.orphans.find(({ row }) => row.jti === jti);
    const refuse = (why: string): TokensError =>
      new TokensError("orphan_refused", `${jti}: nothing was revoked, because ${why}`);
    if (!orphan) {
      const holder = hunt.held.find((each) => each.orphan.row.jti === jti);
      const why = holder
        ? `stack ${holder.stack} holds it`
        : "no live token of that id carries a label of this stack and stands outside its state";
      throw refuse(why);
    }
    const [unread] = hunt.unread;
    if (unread !== undefined) throw refuse(unread);
    if (orphan.isYoung) {
      throw refuse("it is less than an hour old: an update may be about to record it");
    }
    if (orphan.isCut && !named.jti.includes(jti)) {
      const why = `its label ${orphan.label} was cut by version 0.1.0, and may be another stack's: name it by --jti`;
      throw refuse(why);
    }
    return orphan;
  });
}

/** Lists show no fingerprints; a history does, of what a state held once. */
async function jtiOf(system: System, fingerprint: string, stack: string): Promise<string> {
  const { found } = await findToken(system, fingerprint, { stack });
  const jti = found.map(({ token }) => token.jti).find((each) => each !== undefined);
  if (jti !== undefined) return jti;
  throw new TokensError(
    "orphan_refused",
    `${fingerprint}: nothing was revoked, because the stack's history knows no such token, and the store's list shows no fingerprints: name it by --jti`,
  );
}
