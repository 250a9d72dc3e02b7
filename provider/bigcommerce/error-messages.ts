import { defined } from "../defined";
import { clockSkew } from "../domain/clock-skew";
import { type Expiry, formatExpiry, formatMinutes, worksUntil } from "../domain/expiry";
import { REQUEST_ERRORS } from "../request-errors";
import { cut, type Failure } from "./classify";
import type { Endpoint, Target } from "./endpoint";
import { ApiError } from "./errors";
import type { Failed } from "./operation";

/** What was attempted. */
interface Attempt {
  readonly target: Target;
  readonly endpoint: Endpoint;
  readonly oauthScope: string;
  readonly expiry: Expiry;
  /** Of the token to revoke; absent for a mint. */
  readonly fingerprint?: string;
  /** The minted token's name in the store's list, if the store has one. */
  readonly listName?: string;
  /** This machine's time, Unix milliseconds. */
  readonly nowMs?: number;
}

type FailedAttempts = Pick<Failed, "failure" | "attempts" | "stopped">;

const MESSAGE_CHARS = 500;
const WHAT_CHARS = 200;
const SOURCE_CHARS = 160;
/** A shorter part of a sentence tells nothing. */
const MIN_PART_CHARS = 40;

/** The error of a failed request: what failed, at which store, what is known, and what to do next. */
export function apiError(attempted: Attempt, failed: FailedAttempts): ApiError {
  const { failure } = failed;
  const { outcome, status, title, requestId, serverTimeMs } = failure;
  const { endpoint, fingerprint, expiry, listName } = attempted;
  const mayExist = fingerprint === undefined && outcome === "UNKNOWN";
  const facts = defined({
    ...{ outcome, method: endpoint.method, pathTemplate: endpoint.pathTemplate },
    remedy: remedies(attempted, failure).join(" "),
    strayUntil: mayExist ? formatExpiry(expiry) : undefined,
    strayName: mayExist ? listName : undefined,
    ...{ status, title, requestId, serverTimeMs },
  });
  return new ApiError(failure.code, messageOf(attempted, failed), facts);
}

/** The certain facts come first and are never cut. The rest is cut to the length of a message. */
function messageOf(attempted: Attempt, { failure, attempts, stopped }: FailedAttempts): string {
  const { target, endpoint, fingerprint } = attempted;
  const action = fingerprint === undefined ? "Minting a token" : `Revoking token ${fingerprint}`;
  const what = [failure.what, failure.aftermath].filter((part) => part !== undefined);
  const head = `${action}: ${endpoint.method} ${endpoint.pathTemplate} (store ${target.storeHash}): ${cut(what.join("; "), WHAT_CHARS)}`;
  const request = failure.requestId === undefined ? "" : `, request ${failure.requestId}`;
  const known = `${failure.outcome}${request}${attempts > 1 ? `, ${attempts} attempts` : ""}`;
  let tail = `[${known}]. ${consequence(attempted, failure)}`.trim();
  for (const part of [stopped, ...remedies(attempted, failure)]) {
    const room = MESSAGE_CHARS - head.length - tail.length - 2;
    if (part !== undefined && room >= MIN_PART_CHARS) tail = `${tail} ${cut(part, room)}`;
  }
  const room = MESSAGE_CHARS - head.length - tail.length - 5;
  const title = failure.title === undefined || room < 8 ? "" : `, "${cut(failure.title, room)}"`;
  return cut(`${head}${title} ${tail}`.replace(/\s+/g, " ").trim(), MESSAGE_CHARS);
}

function consequence({ fingerprint, expiry, listName }: Attempt, { code, outcome }: Failure): string {
  const until = expiry === "never" ? "that never expires" : `valid until ${formatExpiry(expiry)}`;
  if (fingerprint === undefined) {
    const which = listName === undefined ? "" : ` named ${listName},`;
    return outcome === "UNKNOWN" ? `A token${which} ${until} may exist that nothing records.` : "";
  }
  if (code === "jwt_invalid" || code === "jti_not_found") return "";
  return `Until it is revoked, the token ${worksUntil(expiry)}.`;
}

/** What to do next; if a mint may have left a token, also what the next run does. */
function remedies(attempted: Attempt, failure: Failure): readonly string[] {
  const { code, outcome } = failure;
  const next = REQUEST_ERRORS[code].remedy
    .replace("{credential}", () => cut(attempted.target.credentialSource, SOURCE_CHARS))
    .replace("{scope}", () => attempted.oauthScope);
  if (code === "rejected") return [...clockRemedy(attempted, failure), next];
  if (attempted.fingerprint !== undefined || outcome !== "UNKNOWN") return [next];
  const again =
    attempted.listName === undefined
      ? "Another run mints another; this one works until it expires."
      : "Another run mints another, and names this one by its id if the list shows it.";
  return [next, again];
}

/** A wrong clock makes an expiration that BigCommerce refuses as past. */
function clockRemedy({ nowMs }: Attempt, { serverTimeMs }: Failure): readonly string[] {
  if (nowMs === undefined || serverTimeMs === undefined) return [];
  const skew = clockSkew(nowMs / 1000, serverTimeMs / 1000);
  if (!skew) return [];
  return [
    `This machine's clock is ${formatMinutes(skew.minutes)} ${skew.side === "ahead" ? "ahead of" : "behind"} BigCommerce's: set it.`,
  ];
}
