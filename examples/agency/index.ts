import { Config } from "@pulumi/pulumi";
import { PrivateToken, StorefrontToken } from "pulumi-bigcommerce-tokens";

// One stack is one store: `bigcommerce:storeHash` in Pulumi.<stack>.yaml is the store of all that is declared here.
const config = new Config();
const channelIds = config.requireObject<number[]>("channelIds");

const server = new PrivateToken("server", {
  channelIds,
  scopes: ["Unauthenticated", "Customer"],
  lifetime: "90d",
});

const web = new StorefrontToken("web", {
  channelIds,
  allowedCorsOrigins: config.requireObject<string[]>("origins"),
  lifetime: "90d",
});

export const serverToken = server.token;
export const webToken = web.token;
