import { z } from "zod";

import { listEndpoint } from "../../provider/bigcommerce/endpoint";
import { PAGE_TOKENS } from "../../provider/bigcommerce/list";
import {
  authorised,
  beginOperation,
  type Connection,
  type Failed,
  perform,
} from "../../provider/bigcommerce/operation";
import type { ReplyHeaders } from "../../provider/bigcommerce/pacing-headers";
import { parseBody } from "../../provider/bigcommerce/reply";
import type { Reply } from "../../provider/bigcommerce/transport";

/** A token as the store's list shows it, to the API account that minted it. Times are Unix seconds. */
export interface ListedRow {
  readonly jti: string;
  readonly name?: string;
  /** Client id of the API account. */
  readonly account?: string;
  readonly channelIds: readonly number[];
  readonly scopes?: readonly string[];
  readonly allowedCorsOrigins?: readonly string[];
  readonly isRevoked: boolean;
  readonly isExpired: boolean;
  readonly issuedAt?: number;
  /** Absent where it never expires, or the list does not say. */
  readonly expiresAt?: number;
  readonly revokedAt?: number;
}

/** What a store says when it is asked for the list of a family. */
export type Listing =
  | {
      readonly kind: "listed";
      readonly rows: readonly ListedRow[];
      /** False where the list is longer than what was read: what is missing may stand further back. */
      readonly isWhole: boolean;
      readonly headers: ReplyHeaders;
    }
  /** A store of generation 1. */
  | { readonly kind: "none"; readonly headers: ReplyHeaders }
  | { readonly kind: "failed"; readonly failed: Failed };

/** Of 250 tokens each. */
const MAX_PAGES = 400;
const MAX_PAGE_BYTES = 1024 * 1024;
const NO_LIST_STATUSES: ReadonlySet<number> = new Set([404, 405, 422]);

const ROW = z.object({
  jti: z.string().min(1),
  name: z.string().nullish(),
  principal: z.object({ id: z.string().nullish() }).nullish(),
  channel_ids: z.array(z.number()).nullish(),
  scopes: z.array(z.string()).nullish(),
  allowed_cors_origins: z.array(z.string()).nullish(),
  is_revoked: z.boolean(),
  is_expired: z.boolean(),
  issued_at: z.number().nullish(),
  expires_at: z.number().nullish(),
  revoked_at: z.number().nullish(),
});
const PAGE = z.object({ data: z.array(ROW) });

type Page = { readonly rows: readonly ListedRow[]; readonly headers: ReplyHeaders };

/** Every token that the credential's API account issued in a family, dead ones included; each page has the whole time. */
export async function readWholeList(
  connection: Connection,
  family: string,
  timeoutMs: number,
): Promise<Listing> {
  const rows = new Map<string, ListedRow>();
  for (let page = 1; ; page += 1) {
    const read = await readPage(connection, family, page, timeoutMs);
    if (!read.ok) {
      const { status = 0 } = read.failure;
      return page === 1 && NO_LIST_STATUSES.has(status)
        ? { kind: "none", headers: read.reply?.headers ?? {} }
        : { kind: "failed", failed: read };
    }
    // A token minted meanwhile moves the others to the next page.
    for (const row of read.value.rows) rows.set(row.jti, row);
    const isWhole = read.value.rows.length < PAGE_TOKENS;
    if (isWhole || page === MAX_PAGES) {
      return { kind: "listed", rows: [...rows.values()], isWhole, headers: read.value.headers };
    }
  }
}

/** One page, newest first. */
function readPage(connection: Connection, family: string, page: number, timeoutMs: number) {
  return perform<Page>(beginOperation(connection, timeoutMs), {
    endpoint: listEndpoint(connection.target, family, page, PAGE_TOKENS),
    headers: authorised(connection.target),
    idempotent: true,
    attempts: 3,
    maxBodyBytes: MAX_PAGE_BYTES,
    secrets: [],
    accept: pageOf,
  });
}

function pageOf({ status, body, headers }: Reply): Page | undefined {
  const read = parseBody(body);
  const page = status === 200 && read.kind === "json" ? PAGE.safeParse(read.value).data : undefined;
  return page && { rows: page.data.map(rowOf), headers };
}

function rowOf(row: z.infer<typeof ROW>): ListedRow {
  const defined = {
    name: row.name,
    account: row.principal?.id,
    scopes: row.scopes,
    allowedCorsOrigins: row.allowed_cors_origins,
    issuedAt: row.issued_at,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
  };
  return {
    jti: row.jti,
    channelIds: row.channel_ids ?? [],
    isRevoked: row.is_revoked,
    isExpired: row.is_expired,
    ...(Object.fromEntries(
      Object.entries(defined).filter(([, value]) => value !== null && value !== undefined),
    ) as Partial<ListedRow>),
  };
}
