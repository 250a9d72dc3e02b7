import { interpolate } from "@pulumi/pulumi";
import { PrivateToken } from "pulumi-bigcommerce-tokens";

const channelId = 1;

// Catalyst's server renders pages with it, signs customers in and reads their orders.
const server = new PrivateToken("server", {
  channelIds: [channelId],
  scopes: ["Unauthenticated", "Customer"],
  lifetime: "90d",
});

// Catalyst's GraphQL proxy uses it for requests that come from browsers.
const proxy = new PrivateToken("proxy", {
  channelIds: [channelId],
  scopes: ["Unauthenticated"],
  lifetime: "90d",
});

/** Secret, because the tokens in it are. */
export const env = interpolate`BIGCOMMERCE_STORE_HASH=${server.storeHash}
BIGCOMMERCE_CHANNEL_ID=${channelId}
BIGCOMMERCE_STOREFRONT_TOKEN=${server.token}
BIGCOMMERCE_STOREFRONT_UNAUTHENTICATED_TOKEN=${proxy.token}`;
