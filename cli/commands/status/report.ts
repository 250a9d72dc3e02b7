import { defined } from "../../../provider/defined";
import { type ExitCode, EXIT } from "../../exit-codes";
import { quoted } from "../../shell";
import { interruptedMints, type Assessment, assess, type SettledBy } from "../../tokens/condition";
import type { StackState, UnreadState } from "../../pulumi/states";
import { type Comparison, type Finding, isAlarming } from "./compare-live";
import { type HeldToken, tokensOf } from "../../tokens/held-token";

export interface Row extends Assessment {
  /** The name of its stack, as it was asked for. */
  readonly from: string;
  /** What the store's token list shows. Only set with `--live`. */
  readonly finding?: Finding;
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
      const judged = withStore(finding, assess(token, now) ?? givenUp(token, finding), stack);
      if (!judged) return [];
      const upcoming = upcomingOf(judged, now + within);
      const alarm = isAlarming(token, finding) ? ({ settledBy: "person" } as const) : {};
      return [{ ...judged, ...alarm, from: name, ...defined({ finding, upcoming }) }];
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

/** If the store's list shows this for the token of an interrupted replacement, nothing is to be done. */
const DEAD: ReadonlySet<Finding> = new Set(["revoked", "expired", "gone"]);

/** Adds to the token of an interrupted replacement how to revoke it now, unless the store shows that it is not valid. */
function withStore(
  finding: Finding | undefined,
  judged: Assessment | undefined,
  stack: string | undefined,
): Assessment | undefined {
  if (judged?.condition !== "interrupted replacement") return judged;
  const { note = "", token, ...rest } = judged;
  if (finding && DEAD.has(finding)) return { ...rest, token, settledBy: "up" };
  if (token.fingerprint === undefined) return judged;
  const which = stack === undefined ? "" : ` --stack ${quoted(stack)}`;
  return { ...judged, note: `${note}. To revoke it now: revoke --fingerprint ${token.fingerprint}${which}` };
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
