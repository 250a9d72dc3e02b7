import { type ExitCode, EXIT } from "../../exit-codes";
import { quoted } from "../../shell";
import { interruptedMints, type Judged, judge } from "../../tokens/condition";
import type { StackState } from "../../pulumi/states";
import { type HeldToken, tokensOf } from "../../tokens/held-token";
import { type Finding, isAlarming, type UntrackedToken } from "../../stores/compare";

export interface Row extends Judged {
  /** The name of its stack, as it was asked for. */
  readonly from: string;
  /** What the store says, where it was asked. */
  readonly finding?: Finding;
  /** What it does within the time that was asked about. */
  readonly upcoming?: "due" | "expires";
}

/** Everything that `status` says, before it is put into words or JSON. */
export interface Report {
  /** Unix seconds. */
  readonly now: number;
  readonly stacks: readonly string[];
  readonly rows: readonly Row[];
  readonly strays: readonly UntrackedToken[];
  /** Names of tokens that an interrupted update may have minted, by stack. */
  readonly interrupted: readonly { readonly from: string; readonly resource: string }[];
  /** What could not be compared with the store, and why. */
  readonly problems: readonly string[];
  /** What the store's lists hold besides, that this report is not about. */
  readonly remarks: readonly string[];
}

export interface Comparison extends Pick<Report, "strays" | "problems" | "remarks"> {
  findingOn(token: HeldToken): Finding;
}

/** One row a live token, those of a stack together, a predecessor behind its successor. */
export function reportOn(
  stacks: readonly StackState[],
  now: number,
  options: { readonly within?: number; readonly comparison?: Comparison } = {},
): Report {
  const { within = 0, comparison } = options;
  const rows = stacks.flatMap(({ name, stack, deployment }) =>
    [...tokensOf(deployment)].sort(byName).flatMap((token): readonly Row[] => {
      const finding = comparison?.findingOn(token);
      const judged = settledBy(finding, judge(token, now) ?? givenUp(token, finding), stack);
      if (!judged) return [];
      const upcoming = upcomingOf(judged, now + within);
      return [{ ...judged, from: name, ...(finding && { finding }), ...(upcoming && { upcoming }) }];
    }),
  );
  return {
    now,
    stacks: stacks.map(({ name }) => name),
    rows,
    strays: comparison?.strays ?? [],
    interrupted: stacks.flatMap(({ name, deployment }) =>
      interruptedMints(deployment).map((resource) => ({ from: name, resource })),
    ),
    problems: comparison?.problems ?? [],
    remarks: comparison?.remarks ?? [],
  };
}

/** The highest that applies; `--within` changes nothing of it. */
export function exitCodeOf({ rows, strays, interrupted, problems }: Report): ExitCode {
  if (problems.length > 0) return EXIT.error;
  const alarming = rows.some(
    ({ token, finding, needsPerson }) => needsPerson || (finding && isAlarming(token, finding)),
  );
  if (alarming || strays.length > 0 || interrupted.length > 0) return EXIT.person;
  return rows.some(({ rotates }) => rotates) ? EXIT.rotate : EXIT.ok;
}

/** What the store's list says of a token whose revocation no update tries: what is dead needs nobody. */
const DEAD: ReadonlySet<Finding> = new Set(["revoked", "expired", "gone"]);

/** Of a token that an interrupted replacement left, how to end it now, as long as the store does not call it dead. */
function settledBy(
  finding: Finding | undefined,
  judged: Judged | undefined,
  stack: string | undefined,
): Judged | undefined {
  if (judged?.condition !== "interrupted replacement") return judged;
  const { note = "", token, ...rest } = judged;
  if (finding && DEAD.has(finding)) return { ...rest, token, needsPerson: false };
  if (token.fingerprint === undefined) return judged;
  const which = stack === undefined ? "" : ` --stack ${quoted(stack)}`;
  return { ...judged, note: `${note}. To revoke it now: revoke --fingerprint ${token.fingerprint}${which}` };
}

/** A token whose revocation was asked for counts as live only where the store says so. */
function givenUp(token: HeldToken, finding: Finding | undefined): Judged | undefined {
  const isAsked = token.role === "predecessor" || token.role === "pending replacement";
  if (!isAsked || token.isGone || finding !== "live") return undefined;
  const note = "its revocation was asked for, but the store's list shows it live";
  return { token, condition: "unproven", rotates: false, isOverdue: false, needsPerson: true, note };
}

function upcomingOf({ token, condition }: Judged, until: number): Row["upcoming"] {
  const { rotateAt, expiry } = token;
  if (condition !== "ok" && condition !== "left to expire") return undefined;
  if (rotateAt !== undefined) return rotateAt <= until ? "due" : undefined;
  return typeof expiry === "number" && expiry <= until ? "expires" : undefined;
}

function byName(one: HeldToken, other: HeldToken): number {
  return (
    compare(one.resource, other.resource) ||
    compare(one.urn, other.urn) ||
    ROLES.indexOf(one.role) - ROLES.indexOf(other.role)
  );
}

const ROLES: readonly HeldToken["role"][] = [
  "current",
  "pending delete",
  "pending replacement",
  "predecessor",
];

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
