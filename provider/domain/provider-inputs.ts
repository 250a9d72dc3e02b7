interface ProviderInput {
  readonly description: string;
  readonly isSecret?: true;
}

/** The inputs of the plugin's provider resource. For the default provider, Pulumi takes them from the stack's configuration. */
export const PROVIDER_INPUTS = {
  storeHash: {
    description:
      "The hash of the store for tokens without a `storeHash` of their own. Default: the environment variable " +
      "BIGCOMMERCE_STORE_HASH.",
  },
  accessToken: {
    description:
      "The access token of the API account of the store `storeHash`. The environment variable " +
      "BIGCOMMERCE_ACCESS_TOKEN_<STORE HASH> comes first, and is recommended: an explicit provider's access token is kept, " +
      "encrypted, in the state and in its history.",
    isSecret: true,
  },
  previousAccessToken: {
    description:
      "The access token of the store's previous API account, which can revoke the tokens that it minted.",
    isSecret: true,
  },
  apiUrl: {
    description:
      "The API host. Default: `https://api.bigcommerce.com`. The environment variable BIGCOMMERCE_API_URL comes first.",
  },
  stores: {
    description: "Stores by their hash, each with `accessToken`, `previousAccessToken` and `apiUrl`.",
    isSecret: true,
  },
} as const satisfies Readonly<Record<string, ProviderInput>>;

const TEXT = { type: "string" };

/** Their types in a package schema. */
export const CONFIG_TYPES: Readonly<Record<keyof typeof PROVIDER_INPUTS, object>> = {
  ...{ storeHash: TEXT, accessToken: TEXT, previousAccessToken: TEXT, apiUrl: TEXT },
  stores: { type: "object", additionalProperties: { type: "object", additionalProperties: TEXT } },
};
