import { ImpersonationToken, PrivateToken, StorefrontToken } from "pulumi-bigcommerce-tokens";

const server = new PrivateToken("server", {
  channelIds: [1],
  scopes: ["Unauthenticated", "Customer"],
  lifetime: "90d", // rotated by `pulumi up` ...
  rotateBefore: "30d", // ... once 30 days are left; the old one works until it expires
});

const web = new StorefrontToken("web", {
  channelIds: [1],
  allowedCorsOrigins: ["https://shop.example.com"],
  lifetime: "30d",
});

const support = new ImpersonationToken("support", { channelIds: [1], lifetime: "7d" });

export const serverToken = server.token; // an Output<string>, always secret
export const webToken = web.token;
export const supportToken = support.token;
export const serverRotatesAt = server.rotateAt;
