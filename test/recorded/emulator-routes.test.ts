import { compareWithRecording } from "./support/recording";
import { startEmulator } from "./support/sources";

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];
const FAMILIES = ["api-token", "api-token-private", "api-token-customer-impersonation"];
const PATHS = [
  ...FAMILIES.flatMap((family) =>
    ["", "/some-jti", "/revoke-all", "/some/jti"].map(
      (rest) => `/stores/abc123/v3/storefront/${family}${rest}`,
    ),
  ),
  "/stores/abc123/v3/storefront/other",
  "/stores/nobody/v3/storefront/api-token",
  "/stores/abc123/v2/store",
  "/stores/abc123/channels/1/graphql",
  "/stores/nobody/channels/1/graphql",
  "/graphql",
  "/",
];
const ACCOUNT = { clientId: "client-a", accessToken: "credential-of-the-routes" };
const SCOPES = ["store_storefront_api", "store_storefront_api_customer_impersonation"] as const;

/** What an empty request is answered: its status, the methods that the path has, and whether no client sends it. */
async function answers(generation: 1 | 2, scopes: readonly (typeof SCOPES)[number][], credential: string) {
  const accounts = [{ ...ACCOUNT, scopes }];
  const emulator = await startEmulator({ generation, stores: [{ hash: "abc123", accounts }] });
  try {
    const told: Record<string, string> = {};
    for (const path of PATHS) {
      for (const method of METHODS) {
        const answer = await fetch(`${emulator.url}${path}`, {
          method,
          headers: { "X-Auth-Token": credential, Accept: "application/json" },
        });
        await answer.text();
        const allow = answer.headers.get("allow");
        const hasProblem = emulator.requests.at(-1)?.problem !== undefined;
        told[`${method} ${path}`] =
          `${answer.status}${allow === null ? "" : ` allow ${allow}`}${hasProblem ? " problem" : ""}`;
      }
    }
    return told;
  } finally {
    await emulator.close({ allowProblems: true });
  }
}

compareWithRecording("emulator-routes", {
  "generation 1": () => answers(1, SCOPES, ACCOUNT.accessToken),
  "generation 2": () => answers(2, SCOPES, ACCOUNT.accessToken),
  "one scope alone": () => answers(2, SCOPES.slice(0, 1), ACCOUNT.accessToken),
  "another credential": () => answers(2, SCOPES, "unknown"),
});
