const { graphqlUrl, token } = await (await fetch("config.json")).json();

const response = await fetch(graphqlUrl, {
  method: "POST",
  headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
  body: JSON.stringify({ query: "{ site { settings { storeName } } }" }),
});
if (!response.ok) throw new Error(`GraphQL answered ${response.status}`);

const { data } = await response.json();
document.querySelector("h1").textContent = data.site.settings.storeName;
