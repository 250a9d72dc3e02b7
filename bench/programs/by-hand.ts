import * as pulumi from "@pulumi/pulumi";

interface State {
  readonly channelIds: readonly number[];
  readonly scopes: readonly string[];
  readonly expiresAt: number;
  readonly token: string;
}

/** What a user writes who has no package: mints and revokes with axios, and nothing else. */
const provider: pulumi.dynamic.ResourceProvider<State, State> = {
  diff: (_id, olds, news) => {
    const replaces = (["channelIds", "scopes", "expiresAt"] as const).filter(
      (key) => JSON.stringify(olds[key]) !== JSON.stringify(news[key]),
    );
    return Promise.resolve({ changes: replaces.length > 0, replaces });
  },
  create: async (inputs) => {
    const { default: axios } = await import("axios");
    const { createHash } = await import("crypto");
    const { BIGCOMMERCE_API_URL: host, BIGCOMMERCE_STORE_HASH: store } = process.env;
    const reply = await axios.post<{ data: { token: string } }>(
      `${host ?? ""}/stores/${store ?? ""}/v3/storefront/api-token-private`,
      { channel_ids: inputs.channelIds, scopes: inputs.scopes, expires_at: inputs.expiresAt },
      { headers: { "X-Auth-Token": process.env["BIGCOMMERCE_ACCESS_TOKEN"], Accept: "application/json" } },
    );
    const { token } = reply.data.data;
    const id = createHash("sha256").update(token).digest("hex").slice(0, 16);
    return { id, outs: { ...inputs, token } };
  },
  delete: async (_id, { token }) => {
    const { default: axios } = await import("axios");
    const { BIGCOMMERCE_API_URL: host, BIGCOMMERCE_STORE_HASH: store } = process.env;
    await axios.delete(`${host ?? ""}/stores/${store ?? ""}/v3/storefront/api-token`, {
      headers: {
        "X-Auth-Token": process.env["BIGCOMMERCE_ACCESS_TOKEN"],
        Accept: "application/json",
        "Sf-Api-Token": token,
      },
    });
  },
};

class Token extends pulumi.dynamic.Resource {
  declare readonly token: pulumi.Output<string>;

  constructor(name: string, args: Omit<State, "token">) {
    const opts = { additionalSecretOutputs: ["token"] };
    super(provider, name, { token: undefined, ...args }, opts, "bench", "Token");
  }
}

for (let at = 0; at < Number(process.env["BENCH_TOKENS"]); at += 1) {
  new Token(`token-${at}`, { channelIds: [1], scopes: ["Customer"], expiresAt: 2_000_000_000 });
}
