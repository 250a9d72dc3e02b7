export interface ErrorEntry {
  readonly cause: string;
  /** How to see whether this is the cause: a command to run, or a place to look at. */
  readonly check: string;
  /** `{credential}` stands for where the credential came from, `{scope}` for the name of an OAuth scope. */
  readonly remedy: string;
}

/** A command of this package, as a sentence names it. */
export function command(words: string): string {
  return `\`npm exec --no -- pulumi-bigcommerce-tokens ${words}\``;
}

/** Errors of requests to BigCommerce: the only ones whose remedies the provider and the command line put into messages. */
// prettier-ignore
export const REQUEST_ERRORS = {
  connection_failed: { cause: "The connection to BigCommerce failed, or broke off.", check: "The message has Node.js's code, such as ENOTFOUND; `curl -sSI https://api.bigcommerce.com` on the machine that runs Pulumi fails as well.", remedy: "Check the network." },
  credential_malformed: { cause: "The access token is empty, or holds a character that no header can carry.", check: `The message names the place of the access token, and says whether it is empty or ends with white space; ${command("doctor")} says the same for every store.`, remedy: "Set it again at {credential}, without spaces and line breaks." },
  forbidden: { cause: "The API account lacks an OAuth scope, or the store hash is wrong.", check: `${command("doctor")} shows which OAuth scopes the API account has; if the store has no token lists, look at the account in BigCommerce's control panel.`, remedy: "Give the API account whose token comes from {credential} the OAuth scope {scope}, or check the store hash: a wrong one gets the same answer." },
  jti_not_found: { cause: "BigCommerce knows no token of this API account by that jti.", check: `${command("status --wide")} shows the API account that minted the token, and ${command("doctor")} the API account of the credential in use.`, remedy: "Only the API account that minted a token can revoke it: set its credential as BIGCOMMERCE_ACCESS_TOKEN_<STORE HASH>_PREVIOUS." },
  jwt_invalid: { cause: "BigCommerce calls the token invalid, which proves nothing: another store's token gets the same answer.", check: `${command("status --wide")} shows the store and the API account of the token, and ${command("doctor")} the API account of the credential in use.`, remedy: "Check that the store is the token's own. If another API account minted the token, set its credential as BIGCOMMERCE_ACCESS_TOKEN_<STORE HASH>_PREVIOUS." },
  not_found: { cause: "BigCommerce does not know the store or the path.", check: "Compare the store hash in the message with the API path that BigCommerce shows beside the API account, `https://api.bigcommerce.com/stores/<store hash>/v3/`.", remedy: "Check the store hash." },
  other_account: { cause: "Another API account minted the token.", check: `${command("status --wide")} shows the API account that minted the token, and ${command("doctor")} the API account of the credential in use.`, remedy: "Only the API account that minted a token can revoke it: set its credential as BIGCOMMERCE_ACCESS_TOKEN_<STORE HASH>_PREVIOUS." },
  proxy_refused: { cause: "The proxy refused to connect to BigCommerce.", check: "Run `printenv HTTPS_PROXY https_proxy NO_PROXY no_proxy` on the machine that runs Pulumi, and look for the refused CONNECT in the proxy's log.", remedy: "Check HTTPS_PROXY and NO_PROXY." },
  rate_limited: { cause: "The store's rate limit is used up.", check: `${command("doctor")} shows how many requests the store still accepts in this window.`, remedy: "Run it again later." },
  rejected: { cause: "BigCommerce refused the request.", check: `The message quotes BigCommerce's reason if that is a plain sentence; ${command("doctor")} shows whether this machine's clock is wrong, which makes an expiration look past.`, remedy: "Check the inputs against what BigCommerce says." },
  reply_malformed: { cause: "The reply is not one of BigCommerce's API.", check: "Run `curl -sSi https://api.bigcommerce.com` on the machine that runs Pulumi: the headers show whether another server, such as a proxy with a login page, answers.", remedy: "Check what stands between this machine and BigCommerce, such as a proxy." },
  revocation_limit: { cause: "The store holds as many revoked tokens as BigCommerce allows.", check: `${command("doctor")} counts the revoked tokens of the API account that have not expired yet.`, remedy: "Run it again after one of the store's revoked tokens has expired, which makes room for another." },
  server_error: { cause: "BigCommerce answered with a server error.", check: "Look at `https://status.bigcommerce.com`; for BigCommerce's support the message has the id of the request, if BigCommerce sent one.", remedy: "Wait a few minutes: BigCommerce has a problem." },
  target_malformed: { cause: "The store hash, the API URL, the kind or the jti does not fit into the URL of a request.", check: "The message names the part that does not fit: compare it with the token's storeHash, and with BIGCOMMERCE_STORE_HASH and BIGCOMMERCE_API_URL.", remedy: "Check the store hash and the API URL." },
  timeout: { cause: "No complete reply came before the deadline.", check: "Run `curl -sS -o /dev/null -w '%{time_total}' https://api.bigcommerce.com` on the machine that runs Pulumi: it prints how many seconds an answer takes.", remedy: "BIGCOMMERCE_TIMEOUT_S sets how many seconds an operation may take." },
  tls_failed: { cause: "The TLS connection failed, for example because the certificate is not trusted.", check: "The message has Node.js's code; `curl -sSv https://api.bigcommerce.com` on the machine that runs Pulumi shows the certificate that arrives there.", remedy: "Check the API URL and the certificate authorities (NODE_EXTRA_CA_CERTS)." },
  unauthorized: { cause: "BigCommerce refuses the access token.", check: `${command("doctor")} shows which credential is used for the store, and whether BigCommerce refuses it (401).`, remedy: "BigCommerce refuses the access token from {credential}: set a valid one there." },
  unexpected_redirect: { cause: "The answer is a redirect, which is never followed.", check: "The message has the status, and the address to which the answer points; `curl -sSI https://api.bigcommerce.com` shows whether a proxy answers.", remedy: "Redirects are never followed: check the API URL, and what stands between this machine and BigCommerce." },
} satisfies Readonly<Record<string, ErrorEntry>>;

/** The codes of requests to BigCommerce. */
export type ApiCode = keyof typeof REQUEST_ERRORS;
