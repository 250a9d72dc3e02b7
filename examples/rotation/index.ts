import { PrivateToken } from "pulumi-bigcommerce-tokens";

import { Deployment } from "./deployment";

const server = new PrivateToken("server", {
  channelIds: [1],
  scopes: ["Unauthenticated"],
  lifetime: "90d",
  rotateBefore: "30d",
});

// A new token is a changed input of the deployment: the update that rotates the token deploys the shop as well.
new Deployment("shop", { token: server.token });

export const serverToken = server.token;
