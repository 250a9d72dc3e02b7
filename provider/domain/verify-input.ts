import { isSecureUrl, VISIBLE_ASCII } from "./store-address";

/** Where a new token is tested before dependants receive it: the store's own GraphQL API, or the one at this URL. */
export type Verify = true | { readonly graphqlUrl: string };

const MAX_URL_CHARS = 2_048;

const VERIFY =
  'must be true or false, or an object such as { graphqlUrl: "https://shop.example.com/graphql" }';
const GRAPHQL_URL =
  "must be the URL of a GraphQL API, such as https://shop.example.com/graphql: https, or plain http to loopback, " +
  "with its host in lower case and without user, default port, query or fragment";

/** `false` is treated like no value. */
export function parseVerify(value: unknown): { readonly value?: Verify } | { readonly problem: string } {
  if (value === undefined || value === false) return {};
  if (value === true) return { value };
  if (typeof value !== "object" || value === null || Array.isArray(value)) return { problem: VERIFY };
  const { graphqlUrl, ...rest } = value as Readonly<Record<string, unknown>>;
  if (Object.keys(rest).length > 0 || graphqlUrl === undefined) return { problem: VERIFY };
  if (typeof graphqlUrl !== "string" || !isGraphqlUrl(graphqlUrl)) {
    return { problem: `graphqlUrl ${GRAPHQL_URL}` };
  }
  return { value: { graphqlUrl } };
}

/** The URL must be in normal form, because it is used unchanged. `URL` does not show an empty query or fragment. */
function isGraphqlUrl(text: string): boolean {
  if (text.length > MAX_URL_CHARS || !VISIBLE_ASCII.test(text) || /[?#]/.test(text)) return false;
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return isSecureUrl(url) && url.pathname !== "/" && url.href === text;
}
