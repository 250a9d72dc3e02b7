import { audited, type Recorded } from "./histories";
import { day, previous, printOf, token } from "./states";

const unproven = { outputs: { verified: false } };
const next = (rest: object = {}) => token("a", { id: "jti-b", outputs: { fingerprint: printOf("b"), issuedAt: day(-5), expiresAt: day(85), ...rest } }); // prettier-ignore
const FIRST: Recorded = { day: -30, tokens: [token("a", unproven)], changes: { create: 2 } };

describe("a token that no dependent received", () => {
  it.each([
    ["with the engine's counts", { replace: 1, delete: 1 }],
    ["without them, as between two exports", undefined],
  ])("and that a change of scopes replaced, is not said to be forced %s", async (_, changes) => {
    const tokens = [next({ scopes: ["Unauthenticated"] })];
    const { events } = await audited([FIRST, { day: -5, tokens, ...(changes && { changes }) }]);
    const detail = (what: string) => events.find((event) => event.what === what)?.detail;
    expect(detail("replaced")).toBe("its rights changed");
    expect(detail("ended")).toBe("it was replaced: its revocation was due, but nothing here proves it");
  });

  it("is no less revoked where the new state carries the previous token over, which had more rights", async () => {
    const carried = previous("old", { scopes: ["Customer", "Unauthenticated"] });
    const held = token("a", { outputs: { verified: false, previous: carried } });
    const tokens = [next({ scopes: ["Unauthenticated"], previous: carried })];
    const { events } = await audited([
      { ...FIRST, tokens: [held] },
      { day: -5, tokens, changes: { replace: 1 } },
    ]);
    expect(events.find(({ what }) => what === "replaced")?.detail).toBe("its rights changed");
  });

  it("is still said to be forced where no input changed", async () => {
    const { events } = await audited([FIRST, { day: -5, tokens: [next()], changes: { replace: 1 } }]);
    expect(events.find(({ what }) => what === "replaced")?.detail).toMatch(
      /^forced \(for example by --replace or taint\)/,
    );
  });
});

describe("a replacement that was interrupted after a dependency was deleted first", () => {
  const at = (outputs: object): Recorded => ({
    ...{ day: -5, result: "failed", changes: { delete: 1 } },
    tokens: [token("a", { outputs: { ...outputs }, rest: { pendingReplacement: true } })],
  });
  const details = async (outputs: object) => {
    const first = { ...FIRST, tokens: [token("a", { outputs: { ...outputs } })] };
    return (await audited([first, at(outputs)])).events.map(({ detail }) => detail);
  };

  it("of a token that works on says until when", async () => {
    const all = await details({});
    expect(all).toContain(
      `its replacement was interrupted, and is pending until the next update: works until ${day(60)}`,
    );
  });

  it("of an unproven token, which the plan revokes, does not say that it works", async () => {
    const all = await details({ verified: false });
    expect(all).toContain("its replacement was interrupted, and is pending until the next update: its revocation was due"); // prettier-ignore
    expect(all.slice(1).join("\n")).not.toMatch(/pending until the next update: works until/);
  });

  it("of a token that is gone says that it is gone", async () => {
    const all = await details({ gone: true });
    expect(all).toContain("its replacement was interrupted, and is pending until the next update: a refresh saw that it is gone"); // prettier-ignore
  });
});
