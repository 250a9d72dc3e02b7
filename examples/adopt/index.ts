import * as pulumi from "@pulumi/pulumi";
import { PrivateToken } from "pulumi-bigcommerce-tokens";

const server = new PrivateToken("server", {
  adopt: new pulumi.Config().requireSecret("byHand"),
  channelIds: [1], // those of the token
  scopes: ["Unauthenticated"], // those it was made with
  lifetime: "90d",
});

export const serverToken = server.token; // the token itself, until it is rotated
