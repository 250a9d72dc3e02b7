import { PrivateToken } from "pulumi-bigcommerce-tokens";

// Each store has its own API account, for example:
//   pulumi config set --secret --path bigcommerce:stores.abc123.accessToken
//   pulumi config set --secret --path bigcommerce:stores.def456.accessToken
const stores = { europe: "abc123", america: "def456" };

/** Secret, like every token in it. */
export const tokens = Object.fromEntries(
  Object.entries(stores).map(([name, storeHash]) => {
    const { token } = new PrivateToken(name, {
      storeHash,
      channelIds: [1],
      scopes: ["Unauthenticated"],
      lifetime: "90d",
    });
    return [name, token];
  }),
);
