import { defined } from "../defined";
import { isToken } from "../domain/claims";
import type { Expiry } from "../domain/expiry";
import type { Failure } from "./classify";
import { endpointOf, isPathJti } from "./endpoint";
import { apiError } from "./error-messages";
import { authorised, type Failed, type Operation, perform, type Result, sendOnce } from "./operation";
import { fieldsOf, isSendable, parseBody, saysErrors, tokenText } from "./reply";
import { headerRevoke, jtiRevoke } from "./revocation";
import { conditionOf, type ListedToken, readTokenListPage } from "./token-list-page";
import type { Reply } from "./transport";

export interface MintRequest {
  /** `api-token`, `api-token-private` or `api-token-customer-impersonation`. */
  readonly family: string;
  /** The required OAuth scope, for messages. */
  readonly oauthScope: string;
  /** The JSON body, with `expires_at`. */
  readonly body: Readonly<Record<string, unknown>>;
  /** For messages. */
  readonly expiry: Expiry;
}

export interface Minted {
  readonly token: string;
  /** The token's name in the store's list, if the store has one. */
  readonly listName?: string;
}

export interface MintOptions {
  /** Makes a new, unique name for each attempt. Only for stores with a list, where a lost token can be found by it. */
  readonly newName?: () => string;
  readonly onSend?: () => void;
  /** Called before a second attempt, with what happened to the token of the first one. */
  readonly onLost?: (aftermath: string) => void;
}

/** A failed mint, and the name that was sent. */
type FailedMint = Failed & { readonly name?: string };

/** The waits before the list is read after a mint with an unknown outcome, milliseconds. */
const LIST_WAITS_MS = [0, 1_000, 2_000, 4_000];

/** Mints one token. If the reply is lost, finds the token by its name, revokes it, and mints once more. */
export async function mint(
  operation: Operation,
  request: MintRequest,
  options: MintOptions,
): Promise<Minted> {
  const { newName } = options;
  const { target } = operation;
  const { family, oauthScope, expiry } = request;
  const endpoint = endpointOf(target, "POST", family);
  const errorOf = ({ name: listName, ...failed }: FailedMint, failure: Failure) =>
    apiError(defined({ target, endpoint, oauthScope, expiry, listName, nowMs: operation.clock.now() }), {
      ...failed,
      failure,
    });

  const first = await post(operation, request, newName?.(), options);
  if (first.ok) return first.value;
  const settled = await settle(operation, family, first);
  const isLost = first.failure.outcome === "UNKNOWN" && settled.outcome === "REJECTED";
  const again = newName && (isLost || refusesName(first));
  if (!again) throw errorOf(first, settled);
  if (isLost) options.onLost?.(settled.aftermath ?? "");

  const second = await post(operation, request, isLost ? newName() : undefined, options);
  if (second.ok) return second.value;
  throw errorOf(second, await settle(operation, family, second));
}

async function post(
  operation: Operation,
  { family, body }: MintRequest,
  name: string | undefined,
  { onSend }: MintOptions,
): Promise<Result<Minted> & Pick<FailedMint, "name">> {
  const named = defined({ name });
  const result = await perform(operation, {
    endpoint: endpointOf(operation.target, "POST", family),
    headers: authorised(operation.target),
    body: JSON.stringify({ ...body, ...named }),
    idempotent: false,
    // After a lost reply, the list has to be read in the remaining time.
    ...defined({ share: name === undefined ? undefined : 1 / 2, onSend }),
    secrets: [],
    accept: mintedToken,
  });
  if (!result.ok) return { ...result, ...named };
  return { ok: true, value: defined({ token: result.value, listName: name }) };
}

function mintedToken({ status, body: text }: Reply): string | undefined {
  const body = parseBody(text);
  const token = tokenText(body);
  const isMint = (status === 200 || status === 201) && saysErrors(body) === undefined;
  return isMint && token !== undefined && isToken(token) ? token : undefined;
}

/** True if the store refuses only the name. The token is then minted without one. */
function refusesName({ failure, reply, name }: FailedMint): boolean {
  if (name === undefined || failure.status !== 422 || reply === undefined) return false;
  const fields = fieldsOf(parseBody(reply.body));
  return fields.length > 0 && fields.every((field) => /^name(:|$)/.test(field));
}

/** Revokes the token that a failed mint may have left, if it can be found. REJECTED then means that none is left. */
async function settle(
  operation: Operation,
  family: string,
  { failure, name, reply }: FailedMint,
): Promise<Failure> {
  const stray = reply && tokenText(parseBody(reply.body));
  if (failure.outcome !== "UNKNOWN" && stray === undefined) return failure;
  if (name !== undefined) {
    const found = await findByName(operation, family, name);
    if (typeof found !== "string") return { ...failure, ...(await revokeListed(operation, family, found)) };
    if (stray === undefined) return { ...failure, outcome: "UNKNOWN", aftermath: found };
  }
  return stray === undefined ? failure : { ...failure, ...(await revokeStray(operation, stray)) };
}

type Settled = Pick<Failure, "outcome" | "aftermath">;

/** Finds the tokens of one attempt in the list by their name, which holds 128 random bits; or says why it finds none. */
async function findByName(
  operation: Operation,
  family: string,
  name: string,
): Promise<readonly ListedToken[] | string> {
  let what = "there was no time left to read the store's list";
  for (const waitMs of LIST_WAITS_MS) {
    try {
      if (waitMs > 0) await operation.clock.sleep(waitMs, operation.begin());
    } catch {
      break;
    }
    if (operation.leftMs() <= 0) break;
    const read = await readTokenListPage(operation, family, 1);
    const found = read.ok ? read.value.tokens.filter((token) => token.name === name) : [];
    if (found.length > 0) return found;
    what = read.ok
      ? "the store's list does not show whether the mint left a token"
      : `the store's list could not be read (${read.failure.what})`;
    if (!read.ok && read.failure.outcome === "REJECTED") break;
  }
  return what;
}

async function revokeListed(
  operation: Operation,
  family: string,
  found: readonly ListedToken[],
): Promise<Settled> {
  const live = found.filter((token) => conditionOf(token) === "alive").map(({ jti }) => jti);
  const alive: string[] = [];
  for (const jti of new Set(live)) {
    const call = isPathJti(jti) ? jtiRevoke(operation.target, family, jti) : undefined;
    const revoked = call && (await perform(operation, call));
    if (revoked?.ok) continue;
    const why = revoked?.failure.what ?? "its id fits into no path";
    alive.push(`the mint left token ${jti}, which could not be revoked (${why})`);
  }
  if (alive.length > 0) return { outcome: "UNKNOWN", aftermath: alive.join("; ") };
  const names = found.map(({ jti }) => jti).join(", ");
  return { outcome: "REJECTED", aftermath: `the mint left token ${names}, which was found and revoked` };
}

/** Revokes a token from a malformed reply. No state will ever record it. One attempt. */
async function revokeStray(operation: Operation, token: string): Promise<Settled> {
  const isRevoked =
    isSendable(token) && (await sendOnce(operation, headerRevoke(operation.target, token))).ok;
  return isRevoked
    ? { outcome: "REJECTED", aftermath: "BigCommerce accepted the revocation of the token in the reply" }
    : { outcome: "UNKNOWN", aftermath: "the token in the reply could not be revoked" };
}
