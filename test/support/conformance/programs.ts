import { DAY } from "../program";
import type { Program, Token } from "./engine";
import type { Surroundings } from "./calls";

type Tokens = Readonly<Record<string, Omit<Token, "name"> | undefined>>;
type Args = Token["args"];

const NARROW = { channelIds: [1] };
const WIDE = { channelIds: [1, 2, 3] };

/** A token that is not due before the story ends. */
function token(args: Args = {}, options: Partial<Token> = {}): Omit<Token, "name"> {
  const usual = { channelIds: [1, 2], scopes: ["Customer", "Unauthenticated"], lifetime: "365d" };
  return { kind: "private", args: { ...usual, ...args }, ...options };
}

const without = (...names: string[]): Tokens => Object.fromEntries(names.map((name) => [name, undefined]));
const storefront = (...allowedCorsOrigins: string[]) =>
  token({ scopes: undefined, allowedCorsOrigins }, { kind: "storefront" });
const impersonation = (args: Args = {}) => token({ scopes: undefined, ...args }, { kind: "impersonation" });
const channelsOf = (site: string, args: Args = {}) =>
  token({ channelIds: undefined, ...args }, { from: { site, input: "channelIds" } });
const overlapOf = (site: string) => token({}, { from: { site, input: "overlap" } });

/** The programs of the story, in order. Each scenario has a token of its own, named after it. */
export function programsFor({ start, otherStore }: Pick<Surroundings, "start" | "otherStore">) {
  const until = (days: number) => ({
    lifetime: undefined,
    expiresAt: new Date((start + days * DAY) * 1000).toISOString().replace(".000Z", "Z"),
  });
  const elsewhere = { storeHash: otherStore };

  const first: Tokens = {
    ...{ same: token(), respelled: token(), updated: impersonation(), gone: token(), goneLater: token() },
    ...{ later: token(until(300)), channels: token(), scopes: token(), moved: token() },
    ...{ origins: storefront("https://a.example"), due: token({ lifetime: "90d" }) },
    ...{ forced: token(), tainted: token(), triggered: token({}, { trigger: "one" }) },
    follower: token({}, { replaceWith: ["triggered"] }),
    base: token(),
    user: token({}, { dependsOn: ["base"] }),
    ...{ removed: token(), removedLater: token(), before: token(), beforeChange: token() },
    pinned: token({}, { ignoreChanges: ["channelIds"] }),
    pinnedReplaced: token({}, { ignoreChanges: ["channelIds"] }),
    ...{ web: channelsOf("site"), spared: overlapOf("site"), beforeWeb: channelsOf("site") },
    companion: token({}, { replaceWith: ["site"] }),
    behindWeb: token({}, { dependsOn: ["web"] }),
    ...{ underStuck: token(), waiting: token(), replacedUnverified: token(), notMinted: token() },
    stuck: token({}, { dependsOn: ["underStuck"] }),
    interrupted: channelsOf("otherSite", elsewhere),
    interruptedRemoved: channelsOf("otherSite", elsewhere),
    interruptedLater: channelsOf("laterSite", elsewhere),
    ...{ aimed: token(), aimedRemoved: token(), missed: token(), missedRemoved: token() },
    safe: token({}, { protect: true }),
    safeRemoved: token({}, { protect: true }),
  };

  const changes: Tokens = {
    ...first,
    respelled: token({ lifetime: "8760h" }),
    updated: impersonation({ onDelete: "letExpire" }),
    ...{ later: token(until(400)), channels: token(WIDE), scopes: token({ scopes: ["Customer"] }) },
    ...{ moved: token(elsewhere), origins: storefront("https://a.example", "https://b.example") },
    triggered: token({}, { trigger: "two" }),
    base: token(NARROW),
    user: token(NARROW, { dependsOn: ["base"] }),
    ...without("removed", "before", "beforeChange", "beforeWeb"),
    after: token({}, { alias: "before" }),
    afterChange: token(NARROW, { alias: "beforeChange" }),
    afterWeb: { ...channelsOf("site"), alias: "beforeWeb" },
    pinned: token(NARROW, { ignoreChanges: ["channelIds"] }),
    pinnedReplaced: token({ ...NARROW, scopes: ["Customer"] }, { ignoreChanges: ["channelIds"] }),
    ...{ added: token(), addedAtSite: channelsOf("site") },
  };
  const failures: Tokens = {
    ...changes,
    ...{
      underStuck: token(NARROW),
      waiting: token(NARROW),
      replacedUnverified: token({ ...NARROW, verify: true }),
    },
    stuck: token(NARROW, { dependsOn: ["underStuck"] }),
    ...{ notMinted: token(elsewhere), failed: token(elsewhere), unverified: token({ verify: true }) },
    behindFailed: token({}, { dependsOn: ["failed"] }),
    behindUnverified: token({}, { dependsOn: ["unverified"] }),
  };
  const recovery: Tokens = { ...failures, ...without("interruptedRemoved", "safeRemoved") };
  const failuresAgain: Tokens = { ...recovery, unverifiedLater: token({ verify: true }) };
  const refreshed: Tokens = { ...failuresAgain, ...without("removedLater") };
  const targets: Tokens = {
    ...refreshed,
    ...{ aimed: token(NARROW), missed: token(NARROW), missedNew: token() },
    ...without("aimedRemoved", "missedRemoved"),
  };

  return {
    first: programOf(first, 1, 1, 1),
    changes: programOf(changes, 2, 1, 1),
    changesWithSafe: programOf(withSafeReplaced(changes), 2, 1, 1),
    failures: programOf(failures, 2, 2, 1),
    recovery: programOf(recovery, 2, 2, 1),
    failuresAgain: programOf(failuresAgain, 2, 2, 2),
    refreshed: programOf(refreshed, 2, 2, 2),
    targets: programOf(targets, 2, 2, 2),
    targetsWithSafe: programOf(withSafeReplaced(targets), 2, 2, 2),
  };
}

/** `safe` comes last, because an update ends where Pulumi refuses to replace a protected resource. */
function withSafeReplaced({ safe: _, ...tokens }: Tokens): Tokens {
  const dependsOn = Object.keys(tokens).filter((name) => tokens[name]);
  return { ...tokens, safe: token(NARROW, { protect: true, dependsOn }) };
}

function programOf(tokens: Tokens, site: number, otherSite: number, laterSite: number): Program {
  return {
    sites: { site, otherSite, laterSite },
    tokens: Object.entries(tokens).flatMap(([name, given]) => (given ? [{ name, ...given }] : [])),
  };
}
