"use strict";

const pulumi = require("@pulumi/pulumi");

/** What a generated SDK has of each class, as far as stories look at it. The plugin's own schema says the rest. */
const OUTPUTS = [
  ...[
    "token",
    "fingerprint",
    "issuedAt",
    "expiresAt",
    "effectiveExpiresAt",
    "rotateAt",
    "apiAccount",
    "previous",
  ],
  ...["previousToken", "label", "storeHash", "channelIds", "overlap", "onDelete", "apiUrl"],
];

function tokenClass(name, rights) {
  const type = `bigcommerce:index:${name}`;
  const outputs = Object.fromEntries([...OUTPUTS, ...rights].map((output) => [output, undefined]));
  return class extends pulumi.CustomResource {
    constructor(resource, args, options) {
      const secret = args?.adopt === undefined ? {} : { adopt: pulumi.secret(args.adopt) };
      const own = {
        additionalSecretOutputs: ["token", "previousToken"],
        aliases: [{ type: `pulumi-nodejs:dynamic/bigcommerce:${name}` }],
      };
      super(type, resource, { ...outputs, ...args, ...secret }, pulumi.mergeOptions(own, options ?? {}));
    }
  };
}

/** An explicit provider. */
class Provider extends pulumi.ProviderResource {
  constructor(name, args, options) {
    const { accessToken, previousAccessToken, stores, ...open } = args ?? {};
    const secrets = { accessToken, previousAccessToken, stores: stores && JSON.stringify(stores) };
    const given = Object.entries(secrets).filter(([, value]) => value !== undefined);
    const inputs = Object.fromEntries(given.map(([input, value]) => [input, pulumi.secret(value)]));
    super("bigcommerce", name, { ...open, ...inputs }, options);
  }
}

module.exports = {
  Provider,
  StorefrontToken: tokenClass("StorefrontToken", ["allowedCorsOrigins"]),
  PrivateToken: tokenClass("PrivateToken", ["scopes"]),
  ImpersonationToken: tokenClass("ImpersonationToken", []),
};
