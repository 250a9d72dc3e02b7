import { TokensError } from "../../../provider/errors";
import { findToken } from "../../tokens/find-token";
import type { System } from "../../system";
import type { OrphanSearch } from "./other-stacks";
import { youthOf } from "./report";
import type { Orphan } from "./search";

interface NamedTokens {
  readonly jti: readonly string[];
  readonly fingerprint: readonly string[];
  /** Its full name. */
  readonly stack: string;
}

/** The orphans that were named. Throws if one of them cannot be revoked: then none is. */
export async function chooseOrphans(
  system: System,
  search: OrphanSearch,
  named: NamedTokens,
): Promise<readonly Orphan[]> {
  const ids = [...named.jti];
  for (const fingerprint of named.fingerprint) ids.push(await jtiOf(system, fingerprint, named.stack));
  return [...new Set(ids)].map((jti) => {
    const orphan = search.orphans.find(({ row }) => row.jti === jti);
    const refusal = (why: string) =>
      new TokensError("orphan_refused", `${jti}: nothing was revoked, because ${why}`);
    if (!orphan) {
      const holder = search.held.find((each) => each.orphan.row.jti === jti);
      if (holder) throw refusal(`stack ${holder.stack} holds it`);
      throw refusal("no valid token with this id has a label of this stack without being in its state");
    }
    if (search.unread[0] !== undefined) throw refusal(search.unread[0]);
    if (orphan.isYoung) throw refusal(`it is ${youthOf(orphan)}: an update may still record it`);
    if ((!orphan.isCut && !orphan.mayBeForeign) || named.jti.includes(jti)) return orphan;
    const why = orphan.isCut
      ? "version 0.1.0 cut its label"
      : "the plugin puts no organization into its label";
    throw refusal(`${why} ${orphan.label}, which may belong to another stack: name the token by --jti`);
  });
}

/** Lists show no fingerprints. A history has those of the tokens that a state held. */
async function jtiOf(system: System, fingerprint: string, stack: string): Promise<string> {
  const { found } = await findToken(system, fingerprint, { stack });
  const jti = found.map(({ token }) => token.jti).find((each) => each !== undefined);
  if (jti !== undefined) return jti;
  throw new TokensError(
    "orphan_refused",
    `${fingerprint}: nothing was revoked, because the stack's history has no such token, and the store's list shows no fingerprints: name the token by --jti`,
  );
}
