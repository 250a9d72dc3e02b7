import * as pulumi from "@pulumi/pulumi";
import { StorefrontToken } from "pulumi-bigcommerce-tokens";

const web = new StorefrontToken("web", {
  channelIds: [1],
  // Browsers can use the token on pages of these origins only. BigCommerce allows two.
  allowedCorsOrigins: ["https://shop.example.com", "http://localhost:8080"],
  lifetime: "30d",
});

/** What the page loads as config.json. This is the host of channel 1: that of another is `store-<hash>-<channel id>`. */
export const config = pulumi.jsonStringify({
  graphqlUrl: pulumi.interpolate`https://store-${web.storeHash}.mybigcommerce.com/graphql`,
  token: web.token,
});
