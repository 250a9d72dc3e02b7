import fc from "fast-check";

import { DAY } from "../../provider/domain/expiry";
import {
  type DeletedState,
  type DeletePlan,
  type DeleteSightings,
  planDelete,
} from "../../provider/domain/plan-delete";
import type { OnDelete } from "../../provider/domain/fate";

const NOW = 1_785_000_000;
const END = NOW + 10 * DAY;
const OWN = "0123456789abcdef";
const PREVIOUS = "fedcba9876543210";

const STATE: DeletedState = { fingerprint: OWN, expiresAt: END, onDelete: "revoke" };
const WITH_PREVIOUS: DeletedState = {
  ...STATE,
  previous: { fingerprint: PREVIOUS, expiresAt: END - DAY, fate: "letExpire" },
  previousToken: "previous.token.x",
};

const REMOVED: DeleteSightings = { isDeclared: false };
const FORCED: DeleteSightings = { isDeclared: true };
const REPLACED: DeleteSightings = { isDeclared: true, own: { replaced: "letExpire" } };

const plan = (
  state: DeletedState,
  sightings: DeleteSightings,
  override?: OnDelete,
  now: number = NOW,
): DeletePlan => {
  const planned = planDelete(state, sightings, override, now);
  if ("refusal" in planned) throw new Error(`refused: ${planned.refusal}`);
  return planned;
};
const told = (planned: DeletePlan) =>
  planned.steps.map(({ token, action, reason }) => `${token.which}: ${action}, ${reason}`);

/** What was seen of the token and its label before the delete -> cause and step. */
const CAUSES = [
  // replaced in this run, named by a new token's state, declared, onDelete
  [undefined, undefined, false, "revoke", "removed", "revoke, removed"],
  [undefined, undefined, false, "letExpire", "removed", "leave, removed"],
  [undefined, undefined, false, undefined, "removed", "revoke, removed"],
  [undefined, undefined, true, "revoke", "forced", "revoke, forced"],
  [undefined, undefined, true, "letExpire", "forced", "revoke, forced"],
  [undefined, "revoke", false, "letExpire", "replaced", "revoke, replaced"],
  [undefined, "letExpire", false, "revoke", "replaced", "leave, replaced"],
  [undefined, "revoke", true, "letExpire", "replaced", "revoke, replaced"],
  [undefined, "letExpire", true, "revoke", "replaced", "leave, replaced"],
  ["revoke", undefined, false, "letExpire", "replaced", "revoke, replaced"],
  ["letExpire", undefined, false, "revoke", "replaced", "leave, replaced"],
  ["revoke", undefined, true, "letExpire", "replaced", "revoke, replaced"],
  ["letExpire", undefined, true, "revoke", "replaced", "leave, replaced"],
  ["revoke", "letExpire", true, "letExpire", "replaced", "revoke, replaced"],
  ["letExpire", "revoke", true, "revoke", "replaced", "leave, replaced"],
] as const;

describe("the token of a deleted record", () => {
  it.each(CAUSES)(
    "replaced in this run: %s, named: %s, declared: %s, onDelete: %s -> %s: %s",
    (replaced, named, isDeclared, onDelete, cause, step) => {
      const { onDelete: _, ...rest } = STATE;
      const state = onDelete ? { ...rest, onDelete } : rest;
      const planned = plan(state, { isDeclared, own: { replaced, named } });
      expect(planned.cause).toBe(cause);
      expect(told(planned)).toEqual([`own: ${step}`]);
      for (const override of ["revoke", "letExpire"] as const) {
        const overridden = plan(state, { isDeclared, own: { replaced, named } }, override);
        const action = override === "revoke" ? "revoke" : "leave";
        expect([overridden.cause, ...told(overridden)]).toEqual([cause, `own: ${action}, override`]);
      }
    },
  );

  it.each([
    ["a second before it expires", END - 1, "revoke, forced", "leave, override"],
    ["when it expires", END, "revoke, forced", "leave, expired"],
    ["a day after", END + DAY, "revoke, forced", "leave, expired"],
    [
      "a day and a second after, when no clock is that wrong",
      END + DAY + 1,
      "leave, expired",
      "leave, expired",
    ],
  ])("%s", (_, now, step, left) => {
    expect(told(plan(STATE, FORCED, undefined, now))).toEqual([`own: ${step}`]);
    expect(told(plan(STATE, FORCED, "letExpire", now))).toEqual([`own: ${left}`]);
  });

  it("is planned with its effective expiration, which never comes where the state does not show it", () => {
    const effectiveExpiresAt = END - DAY;
    expect(plan({ ...STATE, effectiveExpiresAt }, REMOVED).steps[0]?.token).toStrictEqual({
      ...{ which: "own", fingerprint: OWN, expiry: END - DAY, isExpired: false },
    });
    const hidden = { fingerprint: OWN, onDelete: "revoke" } as const;
    expect(plan(hidden, REMOVED, undefined, Infinity).steps).toStrictEqual([
      {
        token: { which: "own", fingerprint: OWN, expiry: "never", isExpired: false },
        action: "revoke",
        reason: "removed",
      },
    ]);
  });

  it("never expires if its state says so", () => {
    const endless = { ...STATE, expiresAt: "never" as const };
    expect(told(plan(endless, REMOVED, undefined, NOW + 1e9))).toEqual(["own: revoke, removed"]);
    expect(told(plan(endless, REMOVED, "letExpire", NOW + 1e9))).toEqual(["own: leave, override"]);
  });

  it.each([
    ["another resource holds it", STATE, { heldBy: "other" }, "held elsewhere"],
    ["a refresh saw it gone", { ...STATE, gone: true as const }, {}, "gone"],
    ["a mint of this run was answered with it", STATE, { isMintedAgain: true }, "minted again"],
    [
      "it is held elsewhere and gone",
      { ...STATE, gone: true as const },
      { heldBy: "other" },
      "held elsewhere",
    ],
    ["it is gone and minted again", { ...STATE, gone: true as const }, { isMintedAgain: true }, "gone"],
    ["it is held elsewhere and minted again", STATE, { heldBy: "o", isMintedAgain: true }, "held elsewhere"],
  ])("is kept where %s, whatever the override says", (_, state, own, reason) => {
    for (const override of [undefined, "revoke", "letExpire"] as const) {
      for (const isDeclared of [false, true]) {
        expect(told(plan(state, { isDeclared, own }, override))).toEqual([`own: keep, ${reason}`]);
      }
    }
  });
});

describe("the previous token of a deleted record", () => {
  it.each<[string, DeletedState, DeleteSightings, OnDelete | undefined, readonly string[]]>([
    [
      "goes as a removed token does",
      WITH_PREVIOUS,
      REMOVED,
      undefined,
      ["revoke, removed", "revoke, removed"],
    ],
    [
      "is left as a removed token is",
      { ...WITH_PREVIOUS, onDelete: "letExpire" },
      REMOVED,
      undefined,
      ["leave, removed", "leave, removed"],
    ],
    [
      "is revoked with a forced one",
      { ...WITH_PREVIOUS, onDelete: "letExpire" },
      FORCED,
      undefined,
      ["revoke, second replacement", "revoke, forced"],
    ],
    [
      "is revoked where the token that replaced it is left",
      WITH_PREVIOUS,
      REPLACED,
      undefined,
      ["revoke, second replacement", "leave, replaced"],
    ],
    ["is left by the override", WITH_PREVIOUS, FORCED, "letExpire", ["leave, override", "leave, override"]],
    [
      "is revoked by the override",
      { ...WITH_PREVIOUS, onDelete: "letExpire" },
      REMOVED,
      "revoke",
      ["revoke, override", "revoke, override"],
    ],
    [
      "stays where another resource holds it",
      WITH_PREVIOUS,
      { ...FORCED, previous: { heldBy: "other" } },
      "revoke",
      ["keep, held elsewhere", "revoke, override"],
    ],
    [
      "stays where a mint of this run was answered with it",
      WITH_PREVIOUS,
      { ...FORCED, previous: { isMintedAgain: true } },
      undefined,
      ["keep, minted again", "revoke, forced"],
    ],
  ])("%s", (_, state, sightings, override, [previous, own]) => {
    expect(told(plan(state, sightings, override))).toEqual([`previous: ${previous}`, `own: ${own}`]);
  });

  it("is left, and told of after its record's token, where another resource holds that one", () => {
    for (const override of [undefined, "revoke", "letExpire"] as const) {
      expect(told(plan(WITH_PREVIOUS, { ...FORCED, own: { heldBy: "other" } }, override))).toEqual([
        "own: keep, held elsewhere",
        "previous: leave, held elsewhere",
      ]);
    }
  });

  it.each([
    ["a refresh saw gone", { gone: true as const }, "keep, gone"],
    ["was never proven", { verified: false }, "leave, replaced"],
  ])("is carried over by the new token where dependents never received the one that %s", (_, change, own) => {
    const state = { ...WITH_PREVIOUS, ...change };
    expect(told(plan(state, REPLACED))).toEqual(["previous: keep, carried over", `own: ${own}`]);
    const carried = { ...REPLACED, previous: { replaced: "letExpire" } } as const;
    expect(told(plan(state, carried))).toEqual(["previous: keep, carried over", `own: ${own}`]);
  });

  it("is carried over, though the replacement was forced, where another state names it already", () => {
    const state = { ...WITH_PREVIOUS, gone: true } as const;
    expect(told(plan(state, FORCED))).toEqual(["previous: revoke, second replacement", "own: keep, gone"]);
    expect(told(plan(state, { ...FORCED, previous: { isNamedElsewhere: true } }))).toEqual([
      "previous: keep, carried over",
      "own: keep, gone",
    ]);
  });

  it("is revoked where the new token covers less, though dependents never received the one between", () => {
    const state = { ...WITH_PREVIOUS, gone: true } as const;
    expect(told(plan(state, { ...REPLACED, previous: { replaced: "revoke" } }))).toEqual([
      "previous: revoke, second replacement",
      "own: keep, gone",
    ]);
  });

  it("is revoked where dependents received the token, also if that was adopted and never proven", () => {
    const adopted = { ...WITH_PREVIOUS, verified: false, adopted: OWN };
    for (const state of [WITH_PREVIOUS, adopted]) {
      expect(told(plan(state, REPLACED))).toEqual([
        "previous: revoke, second replacement",
        "own: leave, replaced",
      ]);
    }
  });

  it.each<[string, Partial<DeletedState>, number]>([
    ["it has expired", {}, END - DAY],
    [
      "its revocation was asked for",
      { previous: { fingerprint: PREVIOUS, expiresAt: "never", fate: "revoke" } },
      NOW,
    ],
    ["the state does not hold it", { previousToken: "" }, NOW],
  ])("is not planned for where %s", (_, change, now) => {
    expect(told(plan({ ...WITH_PREVIOUS, ...change }, FORCED, undefined, now))).toEqual([
      "own: revoke, forced",
    ]);
  });
});

describe("a delete is refused", () => {
  it.each([
    ["of the token that a forced replacement adopted again", { adopted: OWN }, {}],
    ["of one that came of it", { adopted: PREVIOUS }, { adopted: PREVIOUS }],
  ])("%s", (_, seen, state) => {
    for (const isBeforeSuccessor of [false, true]) {
      expect(
        planDelete({ ...STATE, ...state }, { ...FORCED, ...seen, isBeforeSuccessor }, "revoke", NOW),
      ).toEqual({
        refusal: "adopted again",
      });
    }
  });

  it("before the new token exists", () => {
    expect(planDelete(STATE, { ...REPLACED, isBeforeSuccessor: true }, "letExpire", NOW)).toEqual({
      refusal: "deleted before replaced",
    });
  });

  it("for no other adoption", () => {
    expect(told(plan(STATE, { ...FORCED, adopted: PREVIOUS }))).toEqual(["own: revoke, forced"]);
  });
});

describe("of any state, after any sightings", () => {
  const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
  const fate = fc.constantFrom("revoke", "letExpire");
  const time = fc.constantFrom(NOW - 3 * DAY, NOW - 1, NOW, NOW + 1, NOW + DAY);
  const expiresAt = fc.oneof(time, fc.constant("never" as const));
  const token = fc.record(
    { replaced: fate, named: fate, heldBy: fc.constant("other"), isMintedAgain: fc.boolean() },
    { requiredKeys: [] },
  );
  const state: fc.Arbitrary<DeletedState> = fc.record(
    {
      fingerprint: fc.constant(OWN),
      ...{ expiresAt, effectiveExpiresAt: time, onDelete: fate },
      ...{
        gone: fc.constant(true as const),
        verified: fc.boolean(),
        adopted: fc.constantFrom(OWN, PREVIOUS),
      },
      previous: fc.record({ fingerprint: fc.constant(PREVIOUS), expiresAt, fate }),
      previousToken: fc.constant("x"),
    },
    { requiredKeys: ["fingerprint"] },
  );
  const sightings: fc.Arbitrary<DeleteSightings> = fc.record(
    {
      isDeclared: fc.boolean(),
      own: token,
      previous: fc
        .tuple(token, fc.boolean())
        .map(([seen, isNamedElsewhere]) => ({ ...seen, isNamedElsewhere })),
    },
    { requiredKeys: ["isDeclared"] },
  );
  const holds = (
    check: (
      planned: DeletePlan,
      seen: DeleteSightings,
      override: OnDelete | undefined,
      state: DeletedState,
    ) => void,
  ) => {
    fc.assert(
      fc.property(state, sightings, maybe(fate), (own, seen, override) => {
        check(plan(own, seen, override), seen, override, own);
      }),
      { numRuns: 500 },
    );
  };

  it("each token has one step at most, the resource's own exactly one", () => {
    holds(({ steps }) => {
      expect(steps.filter(({ token: { which } }) => which === "own")).toHaveLength(1);
      expect(steps.length).toBeLessThanOrEqual(2);
      expect(new Set(steps.map(({ token: { which } }) => which)).size).toBe(steps.length);
    });
  });

  it("nothing is revoked that another resource holds, that is gone, or that a mint was answered with", () => {
    holds(({ steps }, seen, _, { gone }) => {
      for (const {
        token: { which },
        action,
      } of steps) {
        const of = seen[which] ?? {};
        if (of.heldBy === undefined && !of.isMintedAgain && !(gone && which === "own")) continue;
        expect(action).not.toBe("revoke");
      }
      if (seen.own?.heldBy !== undefined) expect(steps.some(({ action }) => action === "revoke")).toBe(false);
    });
  });

  it("the override decides whatever is revoked or left, but for what has expired or belongs to another", () => {
    holds(({ steps }, _, override) => {
      for (const { action, reason } of steps) {
        if (!override || action === "keep") continue;
        if (override === "letExpire") expect(action).toBe("leave");
        else if (!["expired", "held elsewhere"].includes(reason)) expect(action).toBe("revoke");
        expect(["override", "expired", "held elsewhere"]).toContain(reason);
      }
    });
  });

  it("what has expired for more than a day is not revoked", () => {
    holds(({ steps }) => {
      for (const {
        token: { expiry },
        action,
      } of steps) {
        if (expiry !== "never" && NOW > expiry + DAY) expect(action).not.toBe("revoke");
      }
    });
  });
});
