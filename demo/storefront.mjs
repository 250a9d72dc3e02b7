const QUERY = "query { site { settings { storeName } } }";

/** Asks the storefront's GraphQL API for the store's name, as an application with this token would. */
export async function askStorefront(url, token, stop) {
  const response = await fetch(`${url}/graphql`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ query: QUERY }),
    signal: stop,
  });
  const { data, errors } = await response.json();
  return { status: response.status, text: data?.site.settings.storeName ?? errors[0].message };
}
