import { BROWSERS_ONLY_PAGE, KINDS, kindOfType, ORIGINS_PAGE } from "../../provider/domain/kinds";

it("each kind has the path, the scope, the inputs and the warnings that BigCommerce documents", () => {
  const tokens = '"Storefront API Tokens: manage" (store_storefront_api)';
  const impersonation =
    '"Storefront API Customer Impersonation Tokens: manage" (store_storefront_api_customer_impersonation)';
  expect(KINDS).toEqual({
    storefront: {
      ...{ name: "storefront", className: "StorefrontToken", tokenType: 1, family: "api-token" },
      ...{ oauthScope: tokens, rights: ["allowedCorsOrigins"], forBrowsers: true },
    },
    private: {
      ...{ name: "private", className: "PrivateToken", family: "api-token-private" },
      ...{ oauthScope: tokens, rights: ["scopes"], longValidity: 31_536_000 },
    },
    impersonation: {
      ...{ name: "impersonation", className: "ImpersonationToken", tokenType: 2 },
      ...{ family: "api-token-customer-impersonation", oauthScope: impersonation },
      ...{ rights: [], longValidity: 2_592_000 },
    },
  });
});

it.each([
  [1, "storefront"],
  [2, "impersonation"],
  [3, undefined],
  [undefined, undefined],
])("a token with type %j is of kind %j", (tokenType, kind) => {
  expect(kindOfType(tokenType)).toBe(kind);
});

it.each([BROWSERS_ONLY_PAGE, ORIGINS_PAGE])("%s, which messages name as a source, is BigCommerce's own", (page) => {
  expect(new URL(page)).toMatchObject({ protocol: "https:", host: "docs.bigcommerce.com" });
}); // prettier-ignore
