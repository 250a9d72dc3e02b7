import { defined } from "../../provider/defined";
import { type Expiry, isPast } from "../../provider/domain/expiry";
import { urnProblem } from "../pulumi/urn";
import { jsonText } from "../render/json";
import type { Line } from "../render/line";
import { quoted } from "../../provider/domain/shell";
import { ownCommand } from "../shell";
import type { HeldToken } from "./held-token";
import { type Holder, isUsed } from "./holders";

/** What a person does next about a token that leaked. */
export interface NextStep {
  readonly text: string;
  /** The whole command, quoted for a shell. Absent if no command does it. */
  readonly command?: string;
}

const ROLES: Readonly<Record<HeldToken["role"], string>> = {
  current: "token",
  predecessor: "previous token",
  "pending delete": "token that is still to be deleted",
  "pending replacement": "token that is still to be replaced",
};

interface Moment {
  /** Unix seconds. */
  readonly now: number;
  /** True if the token has just been revoked. */
  readonly isRevoked: boolean;
}

/** The steps until nothing accepts the token, and all that used it has another one. In the order of their commands. */
export function nextSteps(
  holder: Holder,
  { now, isRevoked }: Moment,
  holders: readonly Holder[] = [holder],
): readonly NextStep[] {
  const { token, isStillUsed } = holder;
  const { role, isGone, lifetime, expiry } = token;
  const [up, revoke] = [upOf(holder), revokeOf(holder)];
  const user = holders.find((each) => each.token.role === "current" && isUsed(each.token));
  const isOver = isRevoked || isGone || (expiry !== undefined && isPast(expiry, now));
  switch (role) {
    case "predecessor":
      if (isStillUsed) {
        return [{ text: "gives dependents, which still use this token, another one", command: up }, ...(isOver ? [] : [revoke])];
      }
      if (isOver) return [{ text: "nothing is left to do: the state names it until it expires" }];
      return user ? [{ text: `nothing of its own: it is also ${holderText(user)}, and is revoked with that` }] : [revoke];
    case "pending delete":
      return [{ text: isOver ? "removes it from the state" : "revokes it, which an earlier update could not", command: up }];
    case "pending replacement":
      return [{ text: "gives dependents, which still use this token, another one", command: up }, ...(isOver ? [] : [revoke])];
    case "current":
  }
  if (isGone) return [...firstSteps(holder), { text: "mints another one", command: up }];
  if (isOver && !isRevoked) {
    const first = lifetime === undefined ? [{ text: "give it a later expiresAt in the program" }] : [];
    return [...firstSteps(holder), ...first, { text: "mints another one", command: up }];
  }
  if (!isUsed(token)) {
    // A refresh sees that it is revoked. Without one, the update would only try this token again.
    const settle = { text: "mints another one, and keeps the previous token", command: `${up} --refresh` };
    return [...(isRevoked ? [] : [revoke]), ...firstSteps(holder), settle];
  }
  return [...(isRevoked ? [] : [revoke]), ...firstSteps(holder), replaceOf(holder, isRevoked)];
} // prettier-ignore

/** For a token that no state holds. */
export function stepsForUnheld(storeHash: string | undefined, expiry: Expiry | undefined, now: number): readonly NextStep[] {
  if (expiry !== undefined && isPast(expiry, now)) return [{ text: "nothing is left to do: it has expired" }];
  const store = storeHash === undefined ? [] : ["--store", storeHash];
  return [{ text: "revokes it", command: `printf %s "$TOKEN" | ${ownCommand("revoke", ...store)}` }];
} // prettier-ignore

/** Each holder with its steps, those whose own token it is first. The last line is a command, if the last step has one. */
export function nextStepLines(holders: readonly Holder[], moment: Moment): readonly Line[] {
  const isCurrent = ({ token }: Holder) => token.role === "current";
  const ordered = [...holders.filter(isCurrent), ...holders.filter((each) => !isCurrent(each))];
  return ordered.flatMap((holder) => [
    `Next for ${holderText(holder)}, in the folder of project ${holder.token.project}:`,
    ...stepLines(nextSteps(holder, moment, holders)),
  ]);
}

export function stepLines(steps: readonly NextStep[]): readonly Line[] {
  return steps.flatMap(({ text, command }) =>
    command === undefined ? [`  ${text}`] : [`  ${text}:`, `    ${command}`],
  );
}

/** Such as `the token of server (private) in stack dev`. */
export function holderText({ token: { resource, kind, role }, stack }: Holder): string {
  return `the ${ROLES[role]} of ${resource} (${kind}) in stack ${stack}`;
}

/** Who still hands the token out, and what its revocation means there. */
export function consequenceOf({ token, isStillUsed }: Holder): string {
  const untilThen = "and BigCommerce will refuse it there until an update mints another one";
  if (token.role === "pending replacement" || isStillUsed) return `dependents still use it, ${untilThen}`;
  switch (token.role) {
    case "predecessor":
      return "what does not have the new token yet still uses it, and BigCommerce will refuse it there";
    case "pending delete":
      return "no dependent uses it any more";
    case "current":
      if (token.isGone) return `outputs and dependents hand it out, although a refresh saw that it is gone`;
      return isUsed(token) ? `outputs and dependents hand it out, ${untilThen}` : "no dependent has it";
  }
}

function upOf({ stack }: Holder): string {
  return `pulumi up --stack ${quoted(stack)}`;
}

function revokeOf({ token, stack }: Holder): NextStep {
  const { role, fingerprint = "" } = token;
  const isInUse = role === "current" && isUsed(token);
  return {
    text: isInUse
      ? "to stop it at once, before anything has another token"
      : "revokes it at once",
    command: ownCommand("revoke", "--fingerprint", fingerprint, "--stack", stack),
  };
} // prettier-ignore

/** What the replacement of a current token needs first. */
function firstSteps({ token: { urn, isProtected, isAdopted }, stack }: Holder): readonly NextStep[] {
  const command =
    urnProblem(urn) === undefined
      ? `pulumi state unprotect --yes --stack ${quoted(stack)} ${quoted(urn)}`
      : undefined;
  return [
    ...(isAdopted ? [{ text: "take adopt out of the program, if it is still there" }] : []),
    ...(isProtected
      ? [
          {
            text: "take protect out of the program, and lift it in the state: no update replaces a protected token",
            ...defined({ command }),
          },
        ]
      : []),
  ];
}

function replaceOf(holder: Holder, isRevoked: boolean): NextStep {
  const { urn } = holder.token;
  const problem = urnProblem(urn);
  if (problem !== undefined) {
    return { text: `rename the resource, because ${problem} (${jsonText(urn)}), then replace it by its new URN` };
  }
  return {
    text: isRevoked ? "mints another one" : "mints another one, gives it to all dependents, then revokes this one",
    command: `${upOf(holder)} --replace ${quoted(urn)}`,
  };
} // prettier-ignore
