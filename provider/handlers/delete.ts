import type { Target } from "../bigcommerce/client";
import { ApiError } from "../bigcommerce/errors";
import { TOKEN_SHAPE } from "../claims";
import { type Cause, causeOf, effectiveExpiry, endOf, isLongPast, isPast, livePredecessor } from "../ending";
import { TokensError } from "../errors";
import { type Effect, effectLine } from "../notices";
import { type Expiry, formatExpiry, readExpiry } from "../schedule";
import type { Fate, TokenState } from "../state";
import { type Context, nowSeconds, overrideOf } from "./context";
import { requireHost, revokeRequest, targetOf } from "./requests";

/** A token that ends with this delete: the resource's own, or the predecessor that its state still answers for. */
interface Ending {
  readonly id: string;
  readonly label: string;
  readonly token: string;
  readonly fingerprint: string;
  readonly expiry: Expiry;
  readonly storeHash: string;
  readonly apiUrl?: string;
  readonly cause: Cause | "predecessor";
}

/** BigCommerce's answers that asking again will not change. */
const DEFINITE = new Set(["jti_not_found", "jwt_invalid", "other_account", "revocation_limit"]);

/** What a token that has expired may be refused with. */
const REFUSALS = new Set([...DEFINITE, "not_found", "rejected"]);

/** Ends the token by its rule, its live predecessor first. Throws where the token must stay in the state. */
export async function remove(context: Context, id: string, state: TokenState): Promise<void> {
  const { memory } = context;
  const now = nowSeconds(context);
  const override = overrideOf(context);
  const named = memory.named.get(id);
  const end = causeOf({
    replaced: memory.fates.get(id),
    named: named && memory.checks.has(named.by) ? named.fate : undefined,
    checked: memory.checks.has(state.label),
  });
  const own: Ending = { ...state, id, expiry: effectiveExpiry(state), cause: end.cause };
  const fate = endOf(end, state.onDelete, override);
  const live = livePredecessor(state, now);
  const older: Ending | undefined = live && {
    ...live.facts,
    label: state.label,
    token: live.token,
    expiry: readExpiry(live.facts.expiresAt),
    cause: "predecessor",
  };
  // A predecessor shares the end of a removed token; a replaced or forced one takes it along.
  const olderFate = end.cause === "removed" ? fate : (override ?? "revoke");
  const steps = [...(older ? [plan(context, older, olderFate)] : []), plan(context, own, fate)];
  for (const step of steps) await step();
}

/** Looks up all that the end needs, so that nothing is sent for one token where another's credential is missing. */
function plan(context: Context, ending: Ending, fate: Fate): () => Promise<void> {
  const expiresAt = formatExpiry(ending.expiry);
  const say = (effect: Effect) => {
    context.notices.say(effectLine(effect, ending.label, ending.fingerprint, expiresAt));
  };
  const now = nowSeconds(context);
  if (fate === "letExpire" || isLongPast(ending.expiry, now)) {
    return () => {
      say(isPast(ending.expiry, now) ? "expired" : "left to expire");
      return Promise.resolve();
    };
  }
  if (!TOKEN_SHAPE.test(ending.token)) {
    throw new TokensError(
      "token_unreadable",
      `${ending.label}: the state holds no readable token ${ending.fingerprint}, so it cannot be revoked; restore the ` +
        `state, or set BIGCOMMERCE_ON_DELETE=letExpire for one run: it lives until ${expiresAt}`,
    );
  }
  const target = targetOf(context, ending.storeHash);
  requireHost(context, ending);
  return () => once(context, ending.id, () => revoke(context, target, ending, expiresAt, say));
}

/** An id that this process has ended, or is ending, is not asked twice. */
async function once({ memory }: Context, id: string, end: () => Promise<boolean>): Promise<void> {
  const other = memory.revocations.get(id);
  if (other && (await other.catch(() => false))) return;
  const attempt = end();
  memory.revocations.set(id, attempt);
  await attempt;
}

/** True once the token is ended; false where BigCommerce refuses for good and the token need not stay in the state. */
async function revoke(
  context: Context,
  target: Target,
  ending: Ending,
  expiresAt: string,
  say: (effect: Effect) => void,
): Promise<boolean> {
  try {
    await context.client().revoke(target, revokeRequest(context, { ...ending, expiresAt }));
    say("revoke accepted");
    return true;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const now = Math.floor((error.failure.serverTimeMs ?? context.clock.now()) / 1000);
    if (REFUSALS.has(error.code) && isPast(ending.expiry, now)) {
      say("expired");
      return true;
    }
    const droppable = ending.cause === "replaced" && ending.expiry !== "never";
    if (!DEFINITE.has(error.code) || !(droppable || ending.cause === "predecessor")) {
      throw kept(ending, expiresAt, error);
    }
    context.notices.say(
      `warning: token ${ending.fingerprint} of ${ending.label} was not revoked and may work until ${expiresAt}: ${error.message}`,
    );
    return false;
  }
}

function kept(ending: Ending, expiresAt: string, error: ApiError): TokensError {
  const remedy =
    error.code === "other_account"
      ? "set the credential of the API account that minted it"
      : error.code === "revocation_limit"
        ? "wait until revoked tokens of the store have expired"
        : "put right what failed";
  return new TokensError(
    error.code,
    `token ${ending.fingerprint} of ${ending.label} was not revoked, works until ${expiresAt} and stays in the state: ` +
      `${error.message} To go on, ${remedy} and run again, or set BIGCOMMERCE_ON_DELETE=letExpire for one run to let it expire.`,
  );
}
