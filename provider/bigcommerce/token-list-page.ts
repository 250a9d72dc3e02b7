import * as z from "zod";
import { defined } from "../defined";
import { listEndpoint } from "./endpoint";
import { authorised, type Call, type Operation, perform, type Result } from "./operation";
import type { ReplyHeaders } from "./rate-limit-headers";
import { createRedactor, type Redactor } from "./redact";
import { parseBody } from "./reply";
import type { Reply } from "./transport";

/** A row of the store's list, which never holds the token's text. Times are Unix seconds. */
export interface ListedToken {
  readonly jti: string;
  readonly name?: string;
  /** Client id of the API account that minted it. */
  readonly account?: string;
  readonly channelIds: readonly number[];
  readonly scopes?: readonly string[];
  readonly allowedCorsOrigins?: readonly string[];
  readonly isRevoked: boolean;
  readonly isExpired: boolean;
  readonly issuedAt?: number;
  /** Absent if the token never expires, or the list does not tell. */
  readonly expiresAt?: number;
  readonly revokedAt?: number;
}

/** What a row says of its token. */
export function conditionOf({ isRevoked, isExpired }: ListedToken): "alive" | "revoked" | "expired" {
  return isRevoked ? "revoked" : isExpired ? "expired" : "alive";
}

interface TokenListPage {
  readonly tokens: readonly ListedToken[];
  /** One entry for each row that is not understood: its jti, if that is readable. */
  readonly unread: readonly (string | undefined)[];
  /** By the store's count of pages, else of tokens. Without both, a page that is not full is the last. */
  readonly isLast: boolean;
  /** The store's count of all tokens in the list. */
  readonly total?: number;
  readonly headers: ReplyHeaders;
}

/** "Values above 250 are capped." */
const PAGE_TOKENS = 250;

/** A page of 250 tokens is about 150 kB. */
const MAX_PAGE_BYTES = 1024 * 1024;

/** An impossible time is ignored: an odd row must not prevent a mint. */
const TIME = z.int().min(1).max(99_999_999_999).optional().catch(undefined);

/** Messages show these texts, so they must be one plain word. */
const WORD = z.string().regex(/^[\x21-\x7e]{1,128}$/);
const TEXTS = z.array(z.string()).optional().catch(undefined);

const IDENTIFIED = z.object({ jti: WORD });
const ROW = z.object({
  jti: WORD,
  name: z.string().optional().catch(undefined),
  principal: z.object({ id: WORD }).optional().catch(undefined),
  channel_ids: z.array(z.number()).catch([]),
  scopes: TEXTS,
  allowed_cors_origins: TEXTS,
  is_revoked: z.boolean(),
  is_expired: z.boolean(),
  issued_at: TIME,
  expires_at: TIME,
  revoked_at: TIME,
});
const DIGITS = z.stringFormat("digits", /^\d{1,15}$/).transform(Number);
/** Each count is read by itself: an unreadable one does not spoil the other. */
const COUNT = z.int().min(0).or(DIGITS).optional().catch(undefined);
const META = z.object({ pagination: z.object({ total_pages: COUNT, total: COUNT }) });
const PAGE = z.object({ data: z.array(z.unknown()), meta: META.optional().catch(undefined) });

interface ReadOptions extends Pick<Call<TokenListPage>, "attempts" | "share"> {
  /** The number of rows on the pages before. Default: 0, which reads on if the store does not count pages. */
  readonly rowsBefore?: number;
}

/** One page of the tokens that the API account minted in a family: newest first, also revoked and expired ones. */
export function readTokenListPage(
  operation: Operation,
  family: string,
  page: number,
  { rowsBefore = 0, ...limits }: ReadOptions = {},
): Promise<Result<TokenListPage>> {
  return perform(operation, {
    endpoint: listEndpoint(operation.target, family, page, PAGE_TOKENS),
    headers: authorised(operation.target),
    idempotent: true,
    maxBodyBytes: MAX_PAGE_BYTES,
    secrets: [],
    accept: (reply) => pageOf(reply, page, rowsBefore, createRedactor([operation.target.accessToken])),
    ...limits,
  });
}

/** A row with a jti that cannot be shown counts as a row without one. A page may have any number of rows. */
function pageOf(
  { status, body, headers }: Reply,
  number: number,
  rowsBefore: number,
  redact: Redactor,
): TokenListPage | undefined {
  const read = parseBody(body);
  const page = status === 200 && read.kind === "json" ? PAGE.safeParse(read.value).data : undefined;
  if (!page) return undefined;
  const { total_pages: pages, total } = page.meta?.pagination ?? {};
  const rows = page.data.length;
  const isEnd = total === undefined ? rows < PAGE_TOKENS : rows === 0 || rowsBefore + rows >= total;
  const isLast = pages === undefined ? isEnd : number >= pages;
  const tokens: ListedToken[] = [];
  const unread: (string | undefined)[] = [];
  for (const row of page.data) {
    const jti = IDENTIFIED.safeParse(row).data?.jti;
    const isShown = jti !== undefined && redact(jti) === jti;
    const token = isShown ? ROW.safeParse(row).data : undefined;
    if (token) tokens.push(tokenOf(token, redact));
    else unread.push(isShown ? jti : undefined);
  }
  return { tokens, unread, isLast, ...defined({ total }), headers };
}

function tokenOf(
  { jti, name, scopes, principal, ...row }: z.output<typeof ROW>,
  redact: Redactor,
): ListedToken {
  const account = principal?.id;
  return defined({
    ...{ jti, name, scopes },
    account: account !== undefined && redact(account) === account ? account : undefined,
    channelIds: row.channel_ids,
    allowedCorsOrigins: row.allowed_cors_origins,
    isRevoked: row.is_revoked,
    isExpired: row.is_expired,
    issuedAt: row.issued_at,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
  });
}
