import fc from "fast-check";

import { DAY } from "../../provider/domain/expiry";
import { planDelete } from "../../provider/domain/plan-delete";
import {
  type FreshToken,
  planDeletedFirst,
  planReplacement,
  possibleReplacements,
  type ReplacementPlan,
  successionOf,
} from "../../provider/domain/plan-replacement";
import type { Fate, OnDelete, Overlap } from "../../provider/domain/fate";
import type { HeldPredecessor, TokenState } from "../../provider/domain/state";
import { type Previewed, UNKNOWN } from "../../provider/domain/unknown";

const NOW = 1_785_000_000;
const END = NOW + 10 * DAY;
const OWN = "0123456789abcdef";
const PREVIOUS = "fedcba9876543210";

const OLD: TokenState = {
  ...{ label: "o/p/s/private/x", storeHash: "abc123", channelIds: [1, 2], expiresAt: END },
  ...{ overlap: "auto", onDelete: "revoke" },
  ...{ token: "old.token.x", fingerprint: OWN, issuedAt: NOW - DAY },
};
const HELD: HeldPredecessor = {
  ...{ id: "id-0", fingerprint: PREVIOUS, issuedAt: NOW - 9 * DAY, fate: "letExpire" },
  ...{ expiresAt: END - DAY, storeHash: "abc123", channelIds: [1] },
};
const WITH_PREVIOUS: TokenState = { ...OLD, previous: HELD, previousToken: "previous.token.x" };
const FRESH: FreshToken = {
  ...{ storeHash: "abc123", channelIds: [1, 2], expiresAt: END + DAY, overlap: "auto" },
};
const NARROWER: FreshToken = { ...FRESH, channelIds: [3] };

const plan = (
  old: TokenState,
  fresh: FreshToken = FRESH,
  sightings: { readonly previousHeldBy?: string } = {},
  override?: OnDelete,
  now = NOW,
): ReplacementPlan => planReplacement(old, fresh, sightings, override, now);
const told = ({ steps }: ReplacementPlan) =>
  steps.map(({ token, action, reason }) => `${token.which}: ${action}, ${reason}`);

describe("a replaced token", () => {
  it.each<[string, Partial<TokenState>, Partial<FreshToken>, Fate]>([
    ["is left where the new one covers it", {}, {}, "letExpire"],
    ["is left where the new one has more channels", {}, { channelIds: [1, 2, 3] }, "letExpire"],
    ["is revoked where the new one has fewer channels", {}, { channelIds: [1] }, "revoke"],
    ["is revoked where the new one expires earlier", {}, { expiresAt: END - 1 }, "revoke"],
    [
      "is revoked where the new one's own claim expires earlier",
      {},
      { effectiveExpiresAt: END - 1 },
      "revoke",
    ],
    [
      "is left where its own claim expires no later",
      { effectiveExpiresAt: END - DAY },
      { expiresAt: END - DAY },
      "letExpire",
    ],
    ["is revoked where it never expires", { expiresAt: "never" }, { expiresAt: "never" }, "revoke"],
    [
      "is left where its own claim expires, whatever was asked for",
      { expiresAt: "never", effectiveExpiresAt: END },
      {},
      "letExpire",
    ],
    ["is revoked where it was never proven", { verified: false }, {}, "revoke"],
    ["is left where it was adopted, proven or not", { verified: false, adopted: OWN }, {}, "letExpire"],
    ['is left with overlap "always"', {}, { channelIds: [3], overlap: "always" }, "letExpire"],
    ['is revoked with overlap "never"', {}, { overlap: "never" }, "revoke"],
    ["goes by the new inputs' overlap", { overlap: "never" }, {}, "letExpire"],
  ])("%s", (_, old, fresh, fate) => {
    const state = { ...OLD, ...old };
    const planned = plan(state, { ...FRESH, ...fresh });
    expect(planned.fates).toEqual({ own: fate });
    expect(told(planned)).toEqual([fate === "revoke" ? "own: revoke, replaced" : "own: leave, replaced"]);
    for (const override of ["revoke", "letExpire"] as const) {
      const overridden = plan(state, { ...FRESH, ...fresh }, {}, override);
      expect(overridden.fates).toEqual({ own: fate });
      const action = override === "revoke" ? "revoke" : "leave";
      expect(told(overridden)).toEqual([`own: ${action}, override`]);
    }
  });

  it("is neither revoked nor left where a refresh saw it gone", () => {
    const planned = plan({ ...OLD, gone: true }, NARROWER, {}, "revoke");
    expect([planned.fates, told(planned)]).toEqual([{ own: "letExpire" }, ["own: keep, gone"]]);
  });

  it("records no fate of a previous token that another resource holds, whatever the new token is", () => {
    const plans = possibleReplacements(WITH_PREVIOUS, undefined, { previousHeldBy: "other" }, undefined, NOW);
    expect(plans.map(({ fates }) => fates)).toEqual([{ own: "revoke" }, { own: "letExpire" }]);
    expect(possibleReplacements(WITH_PREVIOUS, undefined, {}, undefined, NOW)[0].fates).toEqual({
      ...{ own: "revoke", previous: "revoke" },
    });
  });

  const possible = (old: TokenState, fresh: Previewed<FreshToken> | undefined, override?: OnDelete) =>
    possibleReplacements(old, fresh, {}, override, NOW).map(told);

  it.each<[string, TokenState, Previewed<FreshToken> | undefined, readonly (readonly string[])[]]>([
    ["is revoked or left where the new one is not known", OLD, undefined, [["own: revoke, replaced"], ["own: leave, replaced"]]],
    ["the same where one of the new inputs is unknown", OLD, { ...FRESH, channelIds: UNKNOWN }, [["own: revoke, replaced"], ["own: leave, replaced"]]],
    ["is kept where it is gone", { ...OLD, gone: true }, { ...FRESH, storeHash: UNKNOWN }, [["own: keep, gone"], ["own: keep, gone"]]],
    ["is revoked where it never expires", { ...OLD, expiresAt: "never" }, undefined, [["own: revoke, replaced"], ["own: revoke, replaced"]]],
    ["is revoked where it is unproven", { ...OLD, verified: false }, undefined, [["own: revoke, replaced"], ["own: revoke, replaced"]]],
    ['is revoked where the new overlap is "never"', OLD, { ...FRESH, channelIds: UNKNOWN, overlap: "never" }, [["own: revoke, replaced"], ["own: revoke, replaced"]]],
    ['is left where the new overlap is "always"', OLD, { ...FRESH, channelIds: UNKNOWN, overlap: "always" }, [["own: leave, replaced"], ["own: leave, replaced"]]],
    [
      "is revoked with the previous token in use undecided, where it is unproven",
      { ...WITH_PREVIOUS, verified: false },
      undefined,
      [["previous: revoke, second replacement", "own: revoke, replaced"], ["previous: keep, carried over", "own: revoke, replaced"]],
    ],
  ])("%s", (_, old, fresh, expected) => {
    expect(possible(old, fresh)).toEqual(expected);
  }); // prettier-ignore

  it("is one plan where all is known, and one action with BIGCOMMERCE_ON_DELETE, whatever the new one is", () => {
    expect(possible(OLD, FRESH)).toEqual([told(plan(OLD))]);
    expect(possible(OLD, undefined, "revoke")).toEqual([
      ["own: revoke, override"],
      ["own: revoke, override"],
    ]);
  });

  it.each(["storeHash", "expiresAt"] as const)("is revoked where its state does not show its %s", (input) => {
    const { [input]: _, ...hidden } = OLD;
    expect(planReplacement(hidden, FRESH, {}, undefined, NOW).fates).toEqual({ own: "revoke" });
  });
});

describe("a token whose dependency is deleted first", () => {
  it.each<[string, Partial<TokenState>, Fate]>([
    ["is left, whatever the new one covers", {}, "letExpire"],
    ["is revoked where it never expires", { expiresAt: "never" }, "revoke"],
    ["is revoked where it was never proven", { verified: false }, "revoke"],
    ["is left where it was adopted, proven or not", { verified: false, adopted: OWN }, "letExpire"],
    ['is revoked with its own overlap "never"', { overlap: "never" }, "revoke"],
    ['is left with its own overlap "always"', { overlap: "always" }, "letExpire"],
  ])("%s", (_, change, fate) => {
    const planned = planDeletedFirst({ ...OLD, ...change }, undefined, NOW);
    expect(planned.fates).toEqual({ own: fate });
    expect(told(planned)).toEqual([fate === "revoke" ? "own: revoke, replaced" : "own: leave, replaced"]);
  });

  it("goes by the override, which is recorded", () => {
    for (const override of ["revoke", "letExpire"] as const) {
      for (const old of [OLD, { ...OLD, expiresAt: "never" as const }]) {
        expect(planDeletedFirst(old, override, NOW).fates).toEqual({ own: override });
      }
    }
  });

  it("is revoked where the state does not show when it expires", () => {
    expect(planDeletedFirst({ fingerprint: OWN }, undefined, NOW).fates).toEqual({ own: "revoke" });
  });

  it("takes its previous token along, unless dependents never received it", () => {
    expect(told(planDeletedFirst(WITH_PREVIOUS, undefined, NOW))).toEqual([
      "previous: revoke, second replacement",
      "own: leave, replaced",
    ]);
    expect(told(planDeletedFirst({ ...WITH_PREVIOUS, gone: true }, undefined, NOW))).toEqual([
      "previous: keep, carried over",
      "own: keep, gone",
    ]);
  });
});

describe("the previous token of a replaced token", () => {
  it("is revoked, whatever the new one covers", () => {
    const planned = plan(WITH_PREVIOUS);
    expect(planned.fates).toEqual({ own: "letExpire", previous: "revoke" });
    expect(told(planned)).toEqual(["previous: revoke, second replacement", "own: leave, replaced"]);
    expect(told(plan(WITH_PREVIOUS, FRESH, {}, "letExpire"))).toEqual([
      "previous: leave, override",
      "own: leave, override",
    ]);
  });

  it.each([
    ["gone", { gone: true as const }, "keep, gone"],
    ["never proven", { verified: false }, "revoke, replaced"],
  ])(
    "is carried over where the replaced one was %s and the new one covers the previous one",
    (_, change, own) => {
      const covering = plan({ ...WITH_PREVIOUS, ...change });
      expect(covering.fates.previous).toBe("letExpire");
      expect(told(covering)).toEqual(["previous: keep, carried over", `own: ${own}`]);
      const narrower = plan({ ...WITH_PREVIOUS, ...change }, NARROWER);
      expect(narrower.fates.previous).toBe("revoke");
      expect(told(narrower)).toEqual(["previous: revoke, second replacement", `own: ${own}`]);
    },
  );

  it.each<[string, Partial<TokenState>, number]>([
    ["it has expired", {}, END - DAY],
    ["its revocation was asked for", { previous: { ...HELD, fate: "revoke" } }, NOW],
    ["the state does not hold it", { previousToken: "" }, NOW],
  ])("is not planned for where %s", (_, change, now) => {
    for (const gone of [{}, { gone: true as const }]) {
      const planned = plan({ ...WITH_PREVIOUS, ...change, ...gone }, FRESH, {}, undefined, now);
      expect(planned.fates).toEqual({ own: "letExpire" });
      expect(planned.steps).toHaveLength(1);
    }
  });

  it("is kept, and no fate is recorded for it, where another resource holds it", () => {
    const planned = plan(WITH_PREVIOUS, FRESH, { previousHeldBy: "other" }, "revoke");
    expect(planned.fates).toEqual({ own: "letExpire" });
    expect(told(planned)).toEqual(["previous: keep, held elsewhere", "own: revoke, override"]);
  });
});

describe("the new token's state records", () => {
  const named = ({ previous, previousToken }: ReturnType<typeof successionOf>) => [
    previous?.fingerprint,
    previous?.fate,
    previousToken,
  ];

  it("the replaced token with its fate, and its text where it is left", () => {
    expect(named(successionOf("id", WITH_PREVIOUS, { own: "letExpire", previous: "revoke" }, NOW))).toEqual([
      ...[OWN, "letExpire", "old.token.x"],
    ]);
    expect(named(successionOf("id", OLD, { own: "revoke" }, NOW))).toEqual([OWN, "revoke", undefined]);
  });

  it("the one before it, where dependents never received the replaced one", () => {
    for (const change of [{ gone: true as const }, { verified: false }]) {
      const old = { ...WITH_PREVIOUS, ...change };
      expect(named(successionOf("id", old, { own: "revoke", previous: "letExpire" }, NOW))).toEqual([
        ...[PREVIOUS, "letExpire", "previous.token.x"],
      ]);
    }
  });

  it("nothing in place of one that is gone, and the unproven one itself, where the one before it is revoked", () => {
    const fates = { own: "revoke", previous: "revoke" } as const;
    expect(named(successionOf("id", { ...WITH_PREVIOUS, gone: true }, fates, NOW))).toEqual([]);
    expect(named(successionOf("id", { ...WITH_PREVIOUS, verified: false }, fates, NOW))).toEqual([
      ...[OWN, "revoke", undefined],
    ]);
  });
});

describe("of any replacement", () => {
  const fate = fc.constantFrom("revoke", "letExpire");
  const time = fc.constantFrom(NOW - 3 * DAY, NOW - 1, NOW, NOW + 1, END);
  const expiresAt = fc.oneof(time, fc.constant("never" as const));
  const rights = {
    storeHash: fc.constantFrom("abc123", "other9"),
    channelIds: fc.subarray([1, 2], { minLength: 1 }),
  };
  const overlap = fc.constantFrom<Overlap>("auto", "always", "never");
  const old: fc.Arbitrary<TokenState> = fc
    .record(
      {
        ...{ ...rights, overlap, expiresAt, effectiveExpiresAt: time },
        ...{
          gone: fc.constant(true as const),
          verified: fc.boolean(),
          adopted: fc.constantFrom(OWN, PREVIOUS),
        },
        previous: fc.record({ ...rights, expiresAt, fate }).map((each) => ({ ...HELD, ...each })),
        previousToken: fc.constant("previous.token.x"),
      },
      { requiredKeys: ["storeHash", "channelIds", "overlap", "expiresAt"] },
    )
    .map((each) => ({ ...OLD, ...each }));
  const fresh: fc.Arbitrary<FreshToken> = fc.record(
    { ...rights, overlap, expiresAt, effectiveExpiresAt: time },
    { requiredKeys: ["storeHash", "channelIds", "overlap", "expiresAt"] },
  );
  interface Seen {
    readonly isDeletedFirst?: boolean;
    readonly previousHeldBy?: string;
  }
  const sightings: fc.Arbitrary<Seen> = fc.record(
    { isDeletedFirst: fc.boolean(), previousHeldBy: fc.constant("other") },
    { requiredKeys: [] },
  );
  const holds = (
    check: (planned: ReplacementPlan, state: TokenState, seen: Seen, override: OnDelete | undefined) => void,
  ) => {
    const override = fc.option(fate, { nil: undefined });
    fc.assert(
      fc.property(old, fresh, sightings, override, (state, next, seen, by) => {
        if (seen.isDeletedFirst) check(planDeletedFirst(state, by, NOW), state, {}, by);
        else check(plan(state, next, seen, by), state, seen, by);
      }),
      { numRuns: 500 },
    );
  };

  it("a token that never expires is left only by the override", () => {
    holds(({ steps }) => {
      for (const { token, action, reason } of steps) {
        if (token.expiry === "never" && action === "leave") expect(reason).toBe("override");
      }
    });
  });

  it("the override decides whatever is revoked or left, but for what has expired", () => {
    holds(({ steps }, _, __, override) => {
      for (const { action, reason } of steps) {
        if (!override || action === "keep") continue;
        if (override === "letExpire") expect(action).toBe("leave");
        else if (reason !== "expired") expect(action).toBe("revoke");
      }
    });
  });

  it("the delete that follows does what was planned, if it sees what the plan decided", () => {
    holds(({ steps, fates }, state, { previousHeldBy: heldBy }, override) => {
      const own = { replaced: fates.own };
      const previous = { replaced: fates.previous, heldBy };
      expect(planDelete(state, { isDeclared: true, own, previous }, override, NOW)).toMatchObject({ steps });
    });
  });

  it("no previous token is both carried over and revoked, and none that is carried over is lost", () => {
    holds(({ steps, fates }, state, { previousHeldBy }) => {
      const { previous, previousToken } = successionOf("id", state, fates, NOW);
      const step = steps.find(({ token }) => token.which === "previous");
      const isCarriedOver = previous?.fingerprint === PREVIOUS && previousToken !== undefined;
      if (step?.action === "revoke") expect(isCarriedOver).toBe(false);
      if (step?.reason === "carried over") expect(isCarriedOver).toBe(true);
      if (isCarriedOver && previousHeldBy === undefined && previous.fate === "letExpire") {
        expect(step).toMatchObject({ action: "keep", reason: "carried over" });
      }
    });
  });
});
