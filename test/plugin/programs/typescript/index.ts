import * as bigcommerce from "pulumi-bigcommerce";

const server = new bigcommerce.PrivateToken("server", {
  channelIds: [1],
  scopes: [bigcommerce.Scope.Unauthenticated],
  lifetime: "90d",
});

export const serverToken = server.token;
