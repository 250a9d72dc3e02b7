import { defined } from "../defined";

/** The claims of a token. They are not verified, and each may be missing: never grant anything because of a claim. */
export interface Claims {
  readonly jti?: string;
  /** Unix seconds. */
  readonly issuedAt?: number;
  /** Unix seconds. */
  readonly expiresAt?: number;
  readonly channelIds?: readonly number[];
  readonly allowedCorsOrigins?: readonly string[];
  /** Client id of the API account that minted the token. */
  readonly apiAccount?: string;
  /** The number of the token's kind. */
  readonly tokenType?: number;
  /** The store's number, which is not its hash. */
  readonly storeId?: number;
}

/** Three base64url parts: https://www.rfc-editor.org/rfc/rfc7519#section-3 */
const TOKEN_SHAPE = /^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+){2}$/;

/** A token for 1,000 channels has up to 12 KiB. Node.js accepts at most 16 KiB of headers. */
export const MAX_TOKEN_CHARACTERS = 16 * 1024;
const NAME = /^[\x21-\x7e]{1,128}$/;

/** True if the text can be stored as a token: a revocation sends it unchanged in a header. */
export function isToken(text: unknown): text is string {
  return typeof text === "string" && text.length <= MAX_TOKEN_CHARACTERS && TOKEN_SHAPE.test(text);
}

/** Never throws: unreadable claims are omitted. `eat` is BigCommerce's own claim, `exp` the registered one. */
export function readClaims(token: string): Claims {
  const payload = decodePayload(token);
  const expirations = [time(payload["eat"]), time(payload["exp"])].filter((each) => each !== undefined);
  return defined({
    jti: name(payload["jti"]),
    issuedAt: time(payload["iat"]),
    expiresAt: expirations.length > 0 ? Math.min(...expirations) : undefined,
    channelIds: list(payload["cid"], (id): id is number => Number.isInteger(id)),
    allowedCorsOrigins: list(payload["cors"], (origin) => typeof origin === "string"),
    apiAccount: name(payload["sub"]),
    tokenType: typeof payload["token_type"] === "number" ? payload["token_type"] : undefined,
    storeId: typeof payload["sid"] === "number" ? payload["sid"] : undefined,
  });
}

function decodePayload(token: string): Readonly<Record<string, unknown>> {
  if (!isToken(token)) return {};
  try {
    const payload: unknown = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8"));
    // Without a prototype, so that every claim comes from the token.
    return Object.assign(Object.create(null) as Record<string, unknown>, payload);
  } catch {
    return {};
  }
}

function time(value: unknown): number | undefined {
  const seconds = typeof value === "number" ? Math.floor(value) : NaN;
  return seconds > 0 && seconds <= 99_999_999_999 ? seconds : undefined;
}

function name(value: unknown): string | undefined {
  return typeof value === "string" && NAME.test(value) ? value : undefined;
}

/** `cid` is a number in older tokens and a list in newer ones. */
function list<T>(value: unknown, isEntry: (entry: unknown) => entry is T): readonly T[] | undefined {
  const entries: unknown[] = Array.isArray(value) ? value : [value];
  return entries.every(isEntry) ? entries : undefined;
}
