import { z } from "zod";
import { listEndpoint } from "./endpoint";
import { authorised, type Call, type Failed, type Operation, perform, type Succeeded } from "./operation";
import { createRedactor, type Redactor } from "./redact";
import { parseBody } from "./reply";
import type { Reply } from "./transport";

/** A token as the store's list shows it; the token itself is in no list. */
export interface ListedToken {
  readonly jti: string;
  readonly name?: string;
  readonly isRevoked: boolean;
  readonly isExpired: boolean;
  /** Unix seconds. */
  readonly issuedAt?: number;
  /** Unix seconds; absent where the token never expires, or the list does not say. */
  readonly expiresAt?: number;
}

export interface ListPage {
  readonly tokens: readonly ListedToken[];
  readonly isLast: boolean;
}

/** "Values above 250 are capped." */
export const PAGE_TOKENS = 250;

/** A page of 250 tokens is about 150 kB. */
const MAX_PAGE_BYTES = 1024 * 1024;

/** A time that cannot be one is none: a list must not keep anybody from minting. */
const TIME = z.int().min(1).max(99_999_999_999).optional().catch(undefined);

/** What is shown to people goes into one line of theirs. */
const ROW = z.object({
  jti: z.string().regex(/^[\x21-\x7e]{1,128}$/),
  name: z.string().optional().catch(undefined),
  is_revoked: z.boolean(),
  is_expired: z.boolean(),
  issued_at: TIME,
  expires_at: TIME,
});
const PAGE = z.object({
  data: z.array(z.unknown()),
  meta: z
    .object({ pagination: z.object({ total_pages: z.int() }) })
    .optional()
    .catch(undefined),
});

/** One page of the tokens that the API account issued in a family, newest first, dead ones included. */
export function readList(
  operation: Operation,
  family: string,
  page: number,
  limits: Pick<Call<ListPage>, "attempts" | "share"> = {},
): Promise<Succeeded<ListPage> | Failed> {
  return perform(operation, {
    endpoint: listEndpoint(operation.target, family, page, PAGE_TOKENS),
    headers: authorised(operation.target),
    idempotent: true,
    maxBodyBytes: MAX_PAGE_BYTES,
    secrets: [],
    accept: (reply) => pageOf(reply, page, createRedactor([operation.target.accessToken])),
    ...limits,
  });
}

/** Rows that are not understood, or whose id cannot be shown, are left out; how many a page has is the store's affair. */
function pageOf({ status, body }: Reply, number: number, redact: Redactor): ListPage | undefined {
  const read = parseBody(body);
  const page = status === 200 && read.kind === "json" ? PAGE.safeParse(read.value).data : undefined;
  if (!page) return undefined;
  const pages = page.meta?.pagination.total_pages;
  const isLast = pages === undefined ? page.data.length < PAGE_TOKENS : number >= pages;
  const rows = page.data.map((row) => ROW.safeParse(row).data).filter((row) => row !== undefined);
  return { tokens: rows.filter(({ jti }) => redact(jti) === jti).map(tokenOf), isLast };
}

function tokenOf(row: z.infer<typeof ROW>): ListedToken {
  const { jti, name, is_revoked: isRevoked, is_expired: isExpired, issued_at: issuedAt } = row;
  const { expires_at: expiresAt } = row;
  return {
    ...{ jti, isRevoked, isExpired },
    ...(name !== undefined && { name }),
    ...(issuedAt !== undefined && { issuedAt }),
    ...(expiresAt !== undefined && { expiresAt }),
  };
}
