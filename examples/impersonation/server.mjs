// Shows a signed-in customer the store with the customer's own prices and data. Runs on a server:
//   export IMPERSONATION_TOKEN=$(pulumi stack output supportToken --show-secrets)
//   GRAPHQL_URL=https://store-abc123.mybigcommerce.com/graphql node server.mjs
import { createServer } from "node:http";

const { GRAPHQL_URL, IMPERSONATION_TOKEN, PORT = "8080" } = process.env;

// The customer ids of sessions, from your own login. Never take a customer id from the request: the token may act as anyone.
const customers = new Map([["the-session-of-jane", 123]]);

const query = "{ customer { firstName } site { settings { storeName } } }";

/** The token goes to BigCommerce alone, and never in JavaScript or HTML that a browser gets. */
async function storeAs(customerId) {
  const response = await fetch(GRAPHQL_URL, {
    method: "POST",
    headers: {
      Authorization: `Bearer ${IMPERSONATION_TOKEN}`,
      "Content-Type": "application/json",
      "X-Bc-Customer-Id": String(customerId),
    },
    body: JSON.stringify({ query }),
  });
  if (!response.ok) throw new Error(`GraphQL answered ${response.status}`);
  return (await response.json()).data;
}

const server = createServer(async (request, response) => {
  const [, session] = /(?:^|; )session=([^;]*)/.exec(request.headers.cookie ?? "") ?? [];
  const customerId = customers.get(session);
  if (customerId === undefined) return response.writeHead(401).end("Sign in first.");
  try {
    const body = JSON.stringify(await storeAs(customerId));
    response.writeHead(200, { "Content-Type": "application/json" }).end(body);
  } catch (error) {
    console.error(error.message);
    response.writeHead(502).end("The store does not answer.");
  }
});

server.listen(Number(PORT), "127.0.0.1", () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`);
});
