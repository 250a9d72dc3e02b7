import { PrivateToken } from "pulumi-bigcommerce-tokens";

const server = new PrivateToken("server", {
  channelIds: [1],
  scopes: ["Unauthenticated"],
  lifetime: "90d",
});

export const serverToken = server.token;
