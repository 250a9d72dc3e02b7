import { defined } from "../defined";
import { isToken } from "../domain/claims";
import type { Expiry } from "../domain/expiry";
import { endpointOf, isPathJti } from "./endpoint";
import type { Failure } from "./classify";
import { type ListedToken, readTokenListPage } from "./token-list-page";
import { apiError } from "./error-messages";
import { authorised, type Failed, type Operation, perform, sendOnce, type Succeeded } from "./operation";
import { fieldsOf, isSendable, parseBody, saysErrors, tokenText } from "./reply";
import { headerRevoke, jtiRevoke } from "./revoke";
import type { Reply } from "./transport";

export interface MintRequest {
  /** `api-token`, `api-token-private` or `api-token-customer-impersonation`. */
  readonly family: string;
  /** Name of the OAuth scope that is needed, as BigCommerce's control panel shows it. */
  readonly oauthScope: string;
  /** The JSON body, `expires_at` included. */
  readonly body: Readonly<Record<string, unknown>>;
  /** For messages. */
  readonly expiry: Expiry;
}

export interface Minted {
  readonly token: string;
  /** The token's name in the store's list, where the store has one. */
  readonly listName?: string;
}

export interface MintOptions {
  /** A new, unique name for each attempt, where the store has a list in which a lost one can be found. */
  readonly newName?: () => string;
  readonly onSend?: () => void;
  /** Told what became of a first attempt whose token was lost, before another one is made. */
  readonly onLost?: (aftermath: string) => void;
}

/** A mint that failed, and under which name. */
interface Attempt extends Failed {
  readonly name?: string;
}

/** When the list is looked into after a mint whose outcome is not known, in milliseconds after the look before. */
const LOOKS_MS = [0, 1_000, 2_000, 4_000];

/** Mints one token. One that was lost is looked for, revoked, and minted once more. */
export async function mint(
  operation: Operation,
  request: MintRequest,
  options: MintOptions,
): Promise<Minted> {
  const { newName } = options;
  const first = await post(operation, request, newName?.(), options);
  if (first.ok) return first.value;
  const settled = await settle(operation, request, first);
  const isLost = first.failure.outcome === "UNKNOWN" && settled.outcome === "REJECTED";
  const again = newName && (isLost || refusesName(first));
  if (!again) throw errorOf(operation, request, first, settled);
  if (isLost) options.onLost?.(settled.aftermath ?? "");

  const second = await post(operation, request, isLost ? newName() : undefined, options);
  if (second.ok) return second.value;
  throw errorOf(operation, request, second, await settle(operation, request, second));
}

async function post(
  operation: Operation,
  { family, body }: MintRequest,
  name: string | undefined,
  { onSend }: MintOptions,
): Promise<Succeeded<Minted> | Attempt> {
  const named = name === undefined ? {} : { name };
  const result = await perform(operation, {
    endpoint: endpointOf(operation.target, "POST", family),
    headers: authorised(operation.target),
    body: JSON.stringify({ ...body, ...named }),
    idempotent: false,
    // With a list there is something left to do after a lost reply.
    ...(name === undefined ? {} : { share: 1 / 2 }),
    ...(onSend && { onSend }),
    secrets: [],
    accept: mintedToken,
  });
  if (!result.ok) return { ...result, ...named };
  return { ok: true, value: { token: result.value, ...(name === undefined ? {} : { listName: name }) } };
}

function mintedToken({ status, body: text }: Reply): string | undefined {
  const body = parseBody(text);
  const token = tokenText(body);
  const isMint = (status === 200 || status === 201) && saysErrors(body) === undefined;
  return isMint && token !== undefined && isToken(token) ? token : undefined;
}

/** A store that finds nothing wrong but the name can do without it. */
function refusesName({ failure, reply, name }: Attempt): boolean {
  if (name === undefined || failure.status !== 422 || reply === undefined) return false;
  const fields = fieldsOf(parseBody(reply.body));
  return fields.length > 0 && fields.every((field) => /^name(:|$)/.test(field));
}

/** Ends what a failed mint may have left, as far as it can be found. REJECTED then says that nothing is left. */
async function settle(operation: Operation, request: MintRequest, attempt: Attempt): Promise<Failure> {
  const { failure, name, reply } = attempt;
  const stray = reply && tokenText(parseBody(reply.body));
  if (failure.outcome !== "UNKNOWN" && stray === undefined) return failure;
  if (name !== undefined) {
    const { found, what } = await look(operation, request.family, name);
    if (found.length > 0) return { ...failure, ...(await revokeListed(operation, request.family, found)) };
    if (stray === undefined) return { ...failure, outcome: "UNKNOWN", aftermath: what };
  }
  return stray === undefined ? failure : { ...failure, ...(await revokeStray(operation, stray)) };
}

type Settled = Pick<Failure, "outcome" | "aftermath">;

/** Looks for a name, which holds 128 random bits: whatever carries it is of this attempt. */
async function look(
  operation: Operation,
  family: string,
  name: string,
): Promise<{ readonly found: readonly ListedToken[]; readonly what: string }> {
  let what = "there was no time left to look into the store's list";
  for (const waitMs of LOOKS_MS) {
    try {
      if (waitMs > 0) await operation.clock.sleep(waitMs, operation.begin());
    } catch {
      break;
    }
    if (operation.leftMs() <= 0) break;
    const read = await readTokenListPage(operation, family, 1);
    const found = read.ok ? read.value.tokens.filter((token) => token.name === name) : [];
    if (found.length > 0) return { found, what };
    what = read.ok
      ? "the store's list does not show what became of it"
      : `the store's list could not be read (${read.failure.what})`;
    if (!read.ok && read.failure.outcome === "REJECTED") break;
  }
  return { found: [], what };
}

async function revokeListed(
  operation: Operation,
  family: string,
  found: readonly ListedToken[],
): Promise<Settled> {
  const live = new Set(found.filter((token) => !token.isRevoked && !token.isExpired).map(({ jti }) => jti));
  const kept: string[] = [];
  for (const jti of live) {
    const why = await refusalOf(operation, family, jti);
    if (why !== undefined) kept.push(`token ${jti} came of it and could not be revoked (${why})`);
  }
  return kept.length > 0
    ? { outcome: "UNKNOWN", aftermath: kept.join("; ") }
    : {
        outcome: "REJECTED",
        aftermath: `the token that came of it, ${found.map(({ jti }) => jti).join(", ")}, was found and revoked`,
      };
}

async function refusalOf(operation: Operation, family: string, jti: string): Promise<string | undefined> {
  if (!isPathJti(jti)) return "its id fits into no path";
  const revoked = await perform(operation, jtiRevoke(operation.target, family, jti));
  return revoked.ok ? undefined : revoked.failure.what;
}

/** A token that came in a reply which cannot be trusted is known here and nowhere else: it is revoked once. */
async function revokeStray(operation: Operation, token: string): Promise<Settled> {
  const revoked = isSendable(token) && (await sendOnce(operation, headerRevoke(operation.target, token))).ok;
  return revoked
    ? { outcome: "REJECTED", aftermath: "BigCommerce accepted to revoke the token in it" }
    : { outcome: "UNKNOWN", aftermath: "the token in it could not be revoked" };
}

function errorOf(
  { target }: Operation,
  { family, oauthScope, expiry }: MintRequest,
  { attempts, stopped, name: listName }: Attempt,
  failure: Failure,
): Error {
  const endpoint = endpointOf(target, "POST", family);
  return apiError(defined({ target, endpoint, oauthScope, expiry, attempts, stopped, listName }), failure);
}
