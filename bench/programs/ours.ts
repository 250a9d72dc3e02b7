import { PrivateToken } from "pulumi-bigcommerce-tokens";

for (let at = 0; at < Number(process.env["BENCH_TOKENS"]); at += 1) {
  new PrivateToken(`token-${at}`, { channelIds: [1], scopes: ["Customer"], lifetime: "90d" });
}
