import * as pulumi from "@pulumi/pulumi";

const OUTPUTS =
  "token fingerprint issuedAt expiresAt effectiveExpiresAt rotateAt apiAccount previous previousToken label storeHash overlap onDelete apiUrl".split(
    " ",
  );

/** As a generated SDK has it, with the outputs of the dynamic class. */
class PrivateToken extends pulumi.CustomResource {
  constructor(name: string, args: pulumi.Inputs) {
    const outputs: pulumi.Inputs = Object.fromEntries(OUTPUTS.map((output) => [output, undefined]));
    const secret = { additionalSecretOutputs: ["token", "previousToken"] };
    super("bigcommerce:index:PrivateToken", name, { ...outputs, ...args }, secret);
  }
}

for (let at = 0; at < Number(process.env["BENCH_TOKENS"]); at += 1) {
  new PrivateToken(`token-${at}`, { channelIds: [1], scopes: ["Customer"], lifetime: "90d" });
}
