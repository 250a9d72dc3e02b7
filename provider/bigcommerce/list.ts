import { z } from "zod";
import { listEndpoint } from "./endpoint";
import { authorised, type Call, type Failed, type Operation, perform, type Succeeded } from "./operation";
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

const ROW = z.object({
  jti: z.string().min(1),
  name: z.string().nullish(),
  is_revoked: z.boolean(),
  is_expired: z.boolean(),
  issued_at: z.number().nullish(),
  expires_at: z.number().nullish(),
});
const PAGE = z.object({ data: z.array(ROW) });

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
    accept: pageOf,
    ...limits,
  });
}

function pageOf({ status, body }: Reply): ListPage | undefined {
  const read = parseBody(body);
  const page = status === 200 && read.kind === "json" ? PAGE.safeParse(read.value).data : undefined;
  return page && { tokens: page.data.map(tokenOf), isLast: page.data.length < PAGE_TOKENS };
}

function tokenOf(row: z.infer<typeof ROW>): ListedToken {
  const { name, issued_at: issuedAt, expires_at: expiresAt } = row;
  return {
    jti: row.jti,
    isRevoked: row.is_revoked,
    isExpired: row.is_expired,
    ...(typeof name === "string" && { name }),
    ...(typeof issuedAt === "number" && { issuedAt }),
    ...(typeof expiresAt === "number" && { expiresAt }),
  };
}
