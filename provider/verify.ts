import { isSecureUrl, VISIBLE_ASCII } from "./bigcommerce/endpoint";

/** Where a new token is tried before it is handed on: the store's own GraphQL API, or the one at this URL. */
export type Verify = true | { readonly graphqlUrl: string };

const VERIFY =
  'must be true or false, or an object such as { graphqlUrl: "https://shop.example.com/graphql" }';
const GRAPHQL_URL =
  "must be the URL of a GraphQL API, such as https://shop.example.com/graphql: https, or plain http to loopback, " +
  "with its host in lower case and without user, query or fragment";

/** False is the same as none. */
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

function isGraphqlUrl(text: string): boolean {
  if (!VISIBLE_ASCII.test(text) || !URL.canParse(text)) return false;
  const url = new URL(text);
  return isSecureUrl(url) && url.pathname !== "/" && url.href === text;
}
