import { effectLine } from "../support/effect-line";
import { audited, outline, type Recorded } from "./histories";
import { day, previous, printOf, token } from "./states";

const A = printOf("a");
const LABEL = "acme/shop/dev/private/a";
/** As `revoke` prints it. */
const OWN = `bigcommerce-tokens: ${effectLine("revoke accepted", LABEL, A, day(60))}\ntoken ${A} · private\n`;
const BEFORE = `bigcommerce-tokens: warning: ${LABEL}: token ${A} was revoked before this run, says the store's list`;

const FIRST: Recorded = { day: -30, tokens: [token("a")], changes: { create: 2 } };
const SEEN: Recorded = {
  ...{ day: -5, kind: "refresh", changes: { update: 1 } },
  tokens: [token("a", { outputs: { gone: true } })],
};
const fresh = token("a", { id: "jti-b", outputs: { fingerprint: printOf("b"), issuedAt: day(-3), previous: previous("a", { fate: "revoke" }) } }); // prettier-ignore
const REPLACED: Recorded = { day: -3, tokens: [fresh], changes: { replace: 1 } };

const told = (log: string, updates: readonly Recorded[], args: readonly string[] = []) =>
  audited(updates, ["--events", "revoke.log", ...args], { files: { "revoke.log": log } });

describe("one's own `revoke`, from its captured output", () => {
  it("is revoked, not drifted, where a refresh saw the token gone: reported, at the time of that update", async () => {
    const audit = await told(OWN, [FIRST, SEEN, REPLACED]);
    expect(outline(audit)).toEqual([
      "minted a (confirmed)",
      "revoked a (reported)",
      "replaced a (confirmed)",
    ]);
    expect(audit.events[1]).toMatchObject({ time: day(-5), update: { number: 2 } });
    expect(audit.events[1]?.detail).toBe(
      "BigCommerce accepted it; a refresh saw that it was revoked outside of this stack, or is missing from the store's list",
    );
  });

  it("leaves proven what the refresh proved: the token counts as dead from then on", async () => {
    const audit = await told(OWN, [FIRST, SEEN]);
    expect(audit.tokens?.[0]?.end).toMatchObject({ how: "revoked", evidence: "confirmed", time: day(-5) });
    const later = await told(OWN, [FIRST, SEEN], ["--live-between", day(-4), day(-3)]);
    expect(later.alive).toEqual([]);
  });

  it("is revoked where the next update replaced the token without a refresh, at the time of that update", async () => {
    const audit = await told(OWN, [FIRST, REPLACED]);
    expect(outline(audit)).toContain("revoked a (reported)");
    expect(audit.events.find(({ what }) => what === "revoked")?.time).toBe(day(-3));
    expect(audit.events.map(({ what }) => what)).not.toContain("drifted");
  });

  it("is revoked before any update followed, although the state still has the token", async () => {
    const audit = await told(OWN, [FIRST]);
    expect(outline(audit)).toEqual(["minted a (confirmed)", "revoked a (reported)"]);
    expect(audit.events[1]?.detail).toMatch(/; the state still has it$/);
  });

  it("takes no credit for a revocation that was there before it", async () => {
    expect(outline(await told(BEFORE, [FIRST, SEEN]))).toEqual([
      "minted a (confirmed)",
      "drifted a (confirmed)",
    ]);
    expect(outline(await told("", [FIRST, SEEN]))).toEqual(["minted a (confirmed)", "drifted a (confirmed)"]);
  });
});
