interface ErrorEntry {
  readonly cause: string;
  /** `{credential}` stands for where the credential came from, `{scope}` for the name of an OAuth scope. */
  readonly remedy: string;
}

// prettier-ignore
const REQUESTS = {
  connection_failed: { cause: "The connection to BigCommerce failed, or broke off.", remedy: "Check the network." },
  credential_malformed: { cause: "The access token is empty, or holds a character that no header can carry.", remedy: "Set it again at {credential}, without spaces and line breaks." },
  forbidden: { cause: "The API account lacks an OAuth scope, or the store hash is wrong.", remedy: "Give the API account whose token comes from {credential} the OAuth scope {scope}, or check the store hash: a wrong one gets the same answer." },
  jti_not_found: { cause: "BigCommerce knows no token of this API account by that jti.", remedy: "Only the API account that minted a token can revoke it: set its credential as BIGCOMMERCE_ACCESS_TOKEN_<STORE HASH>_PREVIOUS." },
  jwt_invalid: { cause: "BigCommerce calls the token invalid, which proves nothing: another store's token gets the same answer.", remedy: "Check that the store is the token's own. If another API account minted the token, set its credential as BIGCOMMERCE_ACCESS_TOKEN_<STORE HASH>_PREVIOUS." },
  not_found: { cause: "BigCommerce does not know the store or the path.", remedy: "Check the store hash." },
  other_account: { cause: "Another API account minted the token.", remedy: "Only the API account that minted a token can revoke it: set its credential as BIGCOMMERCE_ACCESS_TOKEN_<STORE HASH>_PREVIOUS." },
  proxy_refused: { cause: "The proxy refused to connect to BigCommerce.", remedy: "Check HTTPS_PROXY and NO_PROXY." },
  rate_limited: { cause: "The store's rate limit is used up.", remedy: "Run it again later." },
  rejected: { cause: "BigCommerce refused the request.", remedy: "Check the inputs against what BigCommerce says." },
  reply_malformed: { cause: "The reply is not one of BigCommerce's API.", remedy: "Check what stands between this machine and BigCommerce, such as a proxy." },
  revocation_limit: { cause: "The store holds as many revoked tokens as BigCommerce allows.", remedy: "Run it again after one of the store's revoked tokens has expired, which makes room for another." },
  server_error: { cause: "BigCommerce answered with a server error.", remedy: "Wait a few minutes: BigCommerce has a problem." },
  target_malformed: { cause: "The store hash, the API URL, the kind or the jti does not fit into the URL of a request.", remedy: "Check the store hash and the API URL." },
  timeout: { cause: "No complete reply came before the deadline.", remedy: "BIGCOMMERCE_TIMEOUT_S sets how many seconds an operation may take." },
  tls_failed: { cause: "The TLS connection failed, for example because the certificate is not trusted.", remedy: "Check the API URL and the certificate authorities (NODE_EXTRA_CA_CERTS)." },
  unauthorized: { cause: "BigCommerce refuses the access token.", remedy: "BigCommerce refuses the access token from {credential}: set a valid one there." },
  unexpected_redirect: { cause: "The answer is a redirect, which is never followed.", remedy: "Redirects are never followed: check the API URL, and what stands between this machine and BigCommerce." },
} satisfies Readonly<Record<string, ErrorEntry>>;

/** Every code that an error of this package can have, with its cause and its remedy. The codes are stable. */
// prettier-ignore
export const ERRORS = {
  ...REQUESTS,
  // The provider
  adoption_refused: { cause: "The token given as adopt cannot be adopted.", remedy: "Change what the message names, or leave adopt out to have a token minted." },
  adoption_repeated: { cause: "A forced replacement adopted the same token again, so that deleting the old record would revoke it.", remedy: "Remove adopt, then replace." },
  cancelled: { cause: "The update was cancelled before the request was sent.", remedy: "Run `pulumi up` again." },
  import_refused: { cause: "The token cannot be imported.", remedy: "Change what the message names, or declare the token with the input adopt." },
  request_malformed: { cause: "The engine's request is none that the provider plugin can answer.", remedy: "Use versions of the Pulumi CLI and of the plugin that belong together." },
  api_url_invalid: { cause: "A setting for the API URL names no API host.", remedy: "Give https://host[:port] without a path, user or query; plain http only to loopback." },
  config_invalid: { cause: "The configuration bigcommerce:stores is malformed.", remedy: "Map each store hash to { accessToken, previousAccessToken, apiUrl }." },
  credential_missing: { cause: "No access token is set for a store.", remedy: "Set BIGCOMMERCE_ACCESS_TOKEN_<STORE HASH>, or bigcommerce:stores.<store hash>.accessToken." },
  deleted_before_replaced: { cause: "Pulumi would delete a token before the new one exists.", remedy: "Leave deleteBeforeReplace out, also where a transform sets it." },
  expires_too_soon: { cause: "The token would have expired, or be due for rotation, as soon as it is minted.", remedy: "Give a later expiration, or a shorter rotateBefore." },
  expiry_ambiguous: { cause: "expiresAt stands beside lifetime.", remedy: "Give one of them." },
  expiry_moves: { cause: "expiresAt moves with the clock, so that every update would replace the token.", remedy: "Give lifetime instead." },
  expiry_past: { cause: "expiresAt is past, or less than 10 seconds ahead.", remedy: "Give a later time, or lifetime to have the token rotated." },
  graphql_unknown: { cause: "verify is true, and the store's GraphQL API is not known, because the API host is not BigCommerce's own.", remedy: "Give verify: { graphqlUrl: \"https://...\" }." },
  header_malformed: { cause: "The value of a header cannot be sent unchanged; nothing was sent.", remedy: "Report it: an earlier check should have refused the value." },
  host_changed: { cause: "The token was minted at another API host than this run uses.", remedy: "Set BIGCOMMERCE_API_URL, the store's apiUrl in bigcommerce:stores, or bigcommerce:apiUrl back to that host." },
  internal: { cause: "A defect of this package.", remedy: "Report the message; it holds no secret." },
  mint_in_doubt: { cause: "An earlier attempt of the same run may have minted the token already; nothing was sent.", remedy: "Run `pulumi up` again, or set BIGCOMMERCE_ON_UNKNOWN=mint to let one run mint again." },
  package_incomplete: { cause: "axios, which this package depends on, cannot be loaded; nothing was sent.", remedy: "Install the program's packages again." },
  partial_failure: { cause: "A step after the mint or the adoption failed; the token is kept in the state.", remedy: "Run `pulumi up` again, or `pulumi up --replace <urn>` to have another one minted." },
  setting_invalid: { cause: "An environment variable of this package has a value that it cannot have.", remedy: "Give a value that the message names, or unset the variable." },
  store_ambiguous: { cause: "Configuration and environment name two different default stores.", remedy: "Unset one, or give the token its own storeHash." },
  store_invalid: { cause: "A setting for the store is no store hash.", remedy: "Give 1 to 32 lower-case letters and digits, as in api.bigcommerce.com/stores/{hash}." },
  store_missing: { cause: "The token names no store, and there is no default store.", remedy: "Give storeHash, bigcommerce:storeHash or BIGCOMMERCE_STORE_HASH." },
  store_moved: { cause: "The default store is another one than the token's, and a default never moves a token.", remedy: "Give storeHash: the token's store to keep it there, the default store to move it." },
  token_mismatch: { cause: "BigCommerce minted another token than the inputs ask for; it was revoked again.", remedy: "Compare the inputs with what the message says of the token." },
  token_repeated: { cause: "BigCommerce answered the mint with a token that another resource holds; nothing was recorded.", remedy: "Run `pulumi up` again." },
  token_unreadable: { cause: "The state holds no readable token, so that it cannot be revoked by its value.", remedy: "Restore the state, or set BIGCOMMERCE_ON_DELETE=letExpire for one run." },
  // The command line
  backend_changed: { cause: "Pulumi was logged in to another backend while the command ran.", remedy: "Run the command again." },
  backend_unknown: { cause: "Pulumi names no backend, or one with a malformed address.", remedy: "Run `pulumi login`." },
  file_invalid: { cause: "A file or standard input does not hold what the command reads.", remedy: "Give what the message asks for." },
  file_unreadable: { cause: "A file or folder is missing, or cannot be read.", remedy: "Check the path and its permissions." },
  history_missing: { cause: "No history of the stack can be read from here.", remedy: "Give --history for a folder, or --stack for a stack in Pulumi Cloud." },
  input_too_large: { cause: "A file, or what Pulumi printed, is larger than the command reads.", remedy: "Give a smaller file, or one stack at a time." },
  jti_of_another_token: { cause: "The text claims the jti of another token that a state holds; nothing was sent.", remedy: "Revoke that token by --fingerprint and --stack." },
  not_a_token: { cause: "The text is no storefront token of BigCommerce, or none of this store.", remedy: "Give the whole token, as BigCommerce answered it." },
  orphan_refused: { cause: "The named token is no orphan, or may be none; nothing was revoked.", remedy: "Do what the message says, then run the command again." },
  port_taken: { cause: "Another process listens on the port.", remedy: "Give another --port." },
  preview_failed: { cause: "`pulumi preview` reported errors.", remedy: "Correct what Pulumi reports." },
  pulumi_failed: { cause: "A command of the Pulumi CLI failed, or could not be started.", remedy: "Correct what Pulumi reports." },
  pulumi_missing: { cause: "There is no pulumi on PATH.", remedy: "Install the Pulumi CLI, or give what the message names in its place." },
  secret_argument: { cause: "A token or a credential is among the arguments, where other users of the machine can read it.", remedy: "Give it on standard input, or in the environment, and consider it leaked." },
  stack_locked: { cause: "An update of the stack is under way.", remedy: "Run the command after it; `pulumi cancel` removes the lock of an update that was killed." },
  stack_unknown: { cause: "Which stack or project is meant cannot be told.", remedy: "Give --stack organization/project/stack, or run the command in the program's folder." },
  state_secret: { cause: "The state keeps secret what the command needs.", remedy: "Give the token itself on standard input." },
  token_not_held: { cause: "The stack's state holds no token with that fingerprint.", remedy: "Give --stack, or the token itself on standard input." },
  usage: { cause: "The command's arguments do not fit together, or one is malformed.", remedy: "Read the command's --help." },
} satisfies Readonly<Record<string, ErrorEntry>>;

export type ErrorCode = keyof typeof ERRORS;

/** The codes of requests to BigCommerce. */
export type ApiCode = keyof typeof REQUESTS;
