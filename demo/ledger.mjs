/** What each kind of request is for; a path that fits none is `other`. */
const KINDS = [
  {
    kind: "mint",
    fits: ({ method, path }) => method === "POST" && /\/storefront\/api-token[\w-]*$/.test(path),
  },
  {
    kind: "revoke",
    fits: ({ method, path }) => method === "DELETE" && path.includes("/storefront/api-token"),
  },
  { kind: "list", fits: ({ method, path }) => method === "GET" && path.includes("/storefront/api-token") },
  { kind: "graphql", fits: ({ path }) => path.endsWith("/graphql") },
  { kind: "other", fits: () => true },
];

/** How many requests of each kind BigCommerce received, those of kind `other` only if there are any. */
export function countRequests(requests) {
  const counts = { mint: 0, revoke: 0, list: 0, graphql: 0 };
  for (const request of requests) {
    const { kind } = KINDS.find(({ fits }) => fits(request));
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

/** What became of every token ever minted: each is counted once more, as revoked, expired or live. */
export function countTokens(issued, now) {
  const unrevoked = issued.filter(({ revokedAt }) => revokedAt === undefined);
  const live = unrevoked.filter(({ expiresAt = Infinity }) => expiresAt > now).length;
  return {
    minted: issued.length,
    revoked: issued.length - unrevoked.length,
    expired: unrevoked.length - live,
    live,
  };
}

export function describeTokens({ minted, revoked, expired, live }) {
  return `${minted} tokens minted, ${revoked} revoked, ${expired} expired, ${live} live now`;
}

/** `3 mint, 1 revoke`; "none" if there was no request. */
export function describeRequests(counts) {
  const some = Object.entries(counts).filter(([, count]) => count > 0);
  return some.map(([kind, count]) => `${count} ${kind}`).join(", ") || "none";
}
