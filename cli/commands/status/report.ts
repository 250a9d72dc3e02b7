import { defined } from "../../../provider/defined";
import { type ExitCode, EXIT } from "../../exit-codes";
import { isPast } from "../../../provider/domain/expiry";
import { quoted } from "../../../provider/domain/shell";
import { interruptedMints, type Assessment, assess, type SettledBy } from "../../tokens/condition";
import type { StackState, UnreadState } from "../../pulumi/states";
import { type Comparison, type Finding, isContradiction } from "./compare-live";
import { type HeldToken, tokensOf } from "../../tokens/held-token";

export interface Row extends Assessment {
  /** The name of its stack, as it was asked for. */
  readonly from: string;
  /** What the store's token list shows. Only set with `--live`. */
  readonly finding?: Finding;
  /** True if that contradicts the state. */
  readonly isContradicted?: true;
  /** The command that revokes it now. */
  readonly revocation?: string;
  /** Set if the token becomes due or expires within the time of `--within`. */
  readonly upcoming?: "due" | "expires";
}

/** The result of `status`, as data. */
export interface Report extends Omit<Comparison, "findingOn"> {
  /** Unix seconds. */
  readonly now: number;
  readonly stacks: readonly string[];
  readonly rows: readonly Row[];
  /** Resources whose token an interrupted update may have minted. */
  readonly interrupted: readonly { readonly from: string; readonly resource: string }[];
}

/** One row for each valid token, by stack. A previous token comes after the token that replaced it. */
export function reportOn(
  { stacks, unread }: { readonly stacks: readonly StackState[]; readonly unread: readonly UnreadState[] },
  now: number,
  within: number,
  comparison: Comparison | undefined,
): Report {
  const rows = stacks.flatMap(({ name, stack, deployment }) =>
    [...tokensOf(deployment)].sort(byName).flatMap((token): readonly Row[] => {
      const finding = comparison?.findingOn(token);
      const revocation = revocationOf(token, stack);
      const judged = assess(token, now) ?? givenUp(token, finding) ?? unminted(token, now);
      if (!judged) return [];
      const row = { ...judged, from: name, ...defined({ finding, revocation }) };
      return [{ ...withFinding(row, now), ...defined({ upcoming: upcomingOf(judged, now + within) }) }];
    }),
  );
  const interrupted = stacks.flatMap(({ name, deployment }) =>
    interruptedMints(deployment).map((resource) => ({ from: name, resource })),
  );
  const { strays = [], remarks = [] }: Partial<Comparison> = comparison ?? {};
  const unreadStacks = unread.map(({ stack = "", error }) => `${stack}: ${error.message}`);
  const problems = [...unreadStacks, ...(comparison?.problems ?? [])];
  return { now, stacks: stacks.map(({ name }) => name), rows, interrupted, strays, problems, remarks };
}

/** The highest code that applies. `--within` does not change it. */
export function exitCodeOf({ rows, strays, interrupted, problems }: Report): ExitCode {
  if (problems.length > 0) return EXIT.error;
  const isFor = (who: SettledBy) => rows.some(({ settledBy }) => settledBy === who);
  if (isFor("person") || strays.length > 0 || interrupted.length > 0) return EXIT.person;
  return isFor("up") ? EXIT.up : EXIT.ok;
}

/** What the store's list adds to the condition of a token. */
function withFinding(row: Row, now: number): Row {
  const { token, finding, condition, settledBy, rotates, revocation, note = "" } = row;
  if (finding && isContradiction(token, finding, now)) {
    // An expired token is minted anew where it is due.
    const isSettled = finding === "expired" && rotates;
    return { ...row, isContradicted: true, settledBy: isSettled ? "up" : "person" };
  }
  if (condition !== "interrupted replacement" || settledBy === "up") return row;
  if (finding && DEAD.has(finding)) {
    return {
      ...row,
      settledBy: "up",
      note: unmintedNote("the store's list shows that its token works no more"),
    };
  }
  return revocation === undefined ? row : { ...row, note: `${note}. To revoke it now: ${revocation}` };
}

/** The token of an interrupted replacement on which the store's list shows this works no more. */
const DEAD: ReadonlySet<Finding> = new Set(["revoked", "expired", "gone"]);

function revocationOf({ fingerprint }: HeldToken, stack: string | undefined): string | undefined {
  if (fingerprint === undefined) return undefined;
  return `revoke --fingerprint ${fingerprint}${stack === undefined ? "" : ` --stack ${quoted(stack)}`}`;
}

/** A resource without a token that works: an update deleted its token, and was interrupted before it minted the new one. */
function unminted(token: HeldToken, now: number): Assessment | undefined {
  if (token.role !== "pending replacement") return undefined;
  const why = isPast(token.expiry ?? "never", now) ? "its token has expired" : token.isGone ? "its token is gone" : "its token was to be revoked"; // prettier-ignore
  const open = { rotates: false, isOverdue: false, settledBy: "up" } as const;
  return { token, condition: "interrupted replacement", ...open, note: unmintedNote(why) };
}

function unmintedNote(why: string): string {
  return `an update was interrupted before it minted the new token, and ${why}: the next \`pulumi up\` mints the new one`;
}

/** A token whose revocation was requested. It is reported only if the store's list shows it as valid. */
function givenUp(token: HeldToken, finding: Finding | undefined): Assessment | undefined {
  const isAsked = token.role === "predecessor" || token.role === "pending replacement";
  if (!isAsked || token.isGone || finding !== "live") return undefined;
  const note = "its revocation was requested, but the store's list shows it as valid";
  return { token, condition: "unproven", rotates: false, isOverdue: false, settledBy: "person", note };
}

function upcomingOf({ token, condition }: Assessment, until: number): Row["upcoming"] {
  const { rotateAt, expiry } = token;
  if (condition !== "ok" && condition !== "left to expire") return undefined;
  if (rotateAt !== undefined) return rotateAt <= until ? "due" : undefined;
  return typeof expiry === "number" && expiry <= until ? "expires" : undefined;
}

const ROLES: readonly string[] = ["current", "pending delete", "pending replacement", "predecessor"];

function byName(one: HeldToken, other: HeldToken): number {
  return (
    compare(one.resource, other.resource) ||
    compare(one.urn, other.urn) ||
    ROLES.indexOf(one.role) - ROLES.indexOf(other.role)
  );
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
