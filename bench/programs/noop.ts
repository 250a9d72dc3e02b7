import * as pulumi from "@pulumi/pulumi";

type Bag = Record<string, unknown>;

/** The properties of a `PrivateToken`, by a dynamic provider that does nothing. */
const provider: pulumi.dynamic.ResourceProvider<Bag, Bag> = {
  check: (_olds, news) => Promise.resolve({ inputs: news, failures: [] }),
  diff: () => Promise.resolve({ changes: false }),
  create: (inputs) =>
    Promise.resolve({
      id: "4b1f3a52c0d94e0f8f6e2a7d9c1b5e3f",
      outs: {
        ...inputs,
        ...{ token: "x".repeat(480), fingerprint: "0123456789abcdef", apiAccount: "client" },
        ...{ issuedAt: "2026-11-28T00:00:00Z", expiresAt: "2027-02-26T00:00:00Z" },
        ...{ rotateAt: "2027-01-27T00:00:00Z", storeHash: "abc123", overlap: "auto", onDelete: "revoke" },
      },
    }),
  read: (id, props = {}) => Promise.resolve({ id, props }),
  update: (_id, _olds, news) => Promise.resolve({ outs: news }),
  delete: () => Promise.resolve(),
};

const OUTPUTS =
  "token fingerprint issuedAt expiresAt effectiveExpiresAt rotateAt apiAccount previous previousToken storeHash apiUrl overlap onDelete";

class Token extends pulumi.dynamic.Resource {
  constructor(name: string, args: pulumi.Inputs) {
    const outputs = Object.fromEntries(OUTPUTS.split(" ").map((output) => [output, undefined]));
    const label = `organization/shop/dev/private/${name}`;
    const opts = { additionalSecretOutputs: ["token", "previousToken"] };
    super(provider, name, { ...outputs, ...args, label }, opts, "bench", "Token");
  }
}

for (let at = 0; at < Number(process.env["BENCH_TOKENS"]); at += 1) {
  new Token(`token-${at}`, { channelIds: [1], scopes: ["Customer"], lifetime: "90d" });
}
