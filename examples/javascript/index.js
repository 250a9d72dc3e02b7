const { PrivateToken } = require("pulumi-bigcommerce-tokens");

const server = new PrivateToken("server", {
  channelIds: [1],
  scopes: ["Unauthenticated"],
  lifetime: "90d",
});

exports.serverToken = server.token;
