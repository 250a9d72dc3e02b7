import { type TokenList, readTokenList } from "../../provider/bigcommerce/token-list";
import type { Connection } from "../../provider/bigcommerce/operation";

/** 100,000 tokens: a person who asks waits longer than an update does, and asks again where a store is down. */
const REACH = { maxPages: 400, attempts: 3 };

/** Every token that the credential's API account issued in a family, dead ones included. */
export function readWholeList(connection: Connection, family: string, timeoutMs: number): Promise<TokenList> {
  return readTokenList(connection, family, timeoutMs, REACH);
}
