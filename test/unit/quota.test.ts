import { afterReply, afterSilence, atTime, type Quota } from "../../provider/bigcommerce/quota";

const NEWS = { left: 9, resetMs: 4_000, quota: 10, windowMs: 30_000 };
const known = (over: Partial<Quota> = {}): Quota => ({
  ...{ left: 5, endsAt: 10_000, full: 10, windowMs: 30_000 },
  ...over,
});

describe("what a reply adds to what is known of a window", () => {
  it("is all there is, before the first one", () => {
    expect(afterReply(undefined, NEWS, 1_000)).toEqual({
      left: 9,
      endsAt: 5_000,
      full: 10,
      windowMs: 30_000,
    });
  });

  it("never raises the count: a reply that was overtaken tells an old one", () => {
    expect(afterReply(known(), { ...NEWS, resetMs: 9_000 }, 1_000)).toMatchObject({ left: 5 });
    expect(afterReply(known(), { ...NEWS, left: 3, resetMs: 9_000 }, 1_000)).toMatchObject({ left: 3 });
  });

  it("never puts the end off: the slower the reply, the later it seems", () => {
    expect(afterReply(known(), { ...NEWS, resetMs: 9_500 }, 1_000)).toMatchObject({ endsAt: 10_000 });
    expect(afterReply(known(), { ...NEWS, resetMs: 8_500 }, 1_000)).toMatchObject({ endsAt: 9_500 });
  });

  it.each<[string, Partial<Quota>, number, number]>([
    ["whose end is much later", {}, 28_000, 29_000],
    ["after the known one has ended", { endsAt: 999 }, 4_000, 5_000],
    ["that our own reckoning opened", { reckoned: true }, 4_000, 5_000],
  ])("is a window of its own: one %s", (_, over, resetMs, endsAt) => {
    const next = afterReply(known(over), { ...NEWS, resetMs }, 1_000);
    expect(next).toEqual({ left: 9, endsAt, full: 10, windowMs: 30_000 });
  });

  it("is nothing, where it comes from the window before", () => {
    const later = known({ endsAt: 40_000 });
    expect(afterReply(later, { ...NEWS, resetMs: 10 }, 11_000)).toBe(later);
  });

  it("puts no end further off than the window is long", () => {
    const news = { ...NEWS, resetMs: 999_999_999 };
    expect(afterReply(undefined, news, 1_000)).toMatchObject({ endsAt: 31_000 });
  });

  it("keeps the known size of a window, where a reply does not tell it", () => {
    expect(afterReply(known({ reckoned: true }), { left: 9, resetMs: 4_000 }, 1_000)).toMatchObject({
      full: 10,
    });
  });

  it("takes one away where it says nothing, and never more than there is", () => {
    expect(afterReply(known(), {}, 1_000)).toEqual(known({ left: 4 }));
    expect(afterSilence(known({ left: 0 }))).toEqual(known({ left: 0 }));
    expect(afterSilence(undefined)).toBeUndefined();
  });
});

describe("a window that is over", () => {
  it("is followed by a whole one of the same size, whose end is not told yet", () => {
    expect(atTime(known(), 10_000)).toEqual({
      ...{ left: 10, endsAt: 40_000, full: 10, windowMs: 30_000, reckoned: true },
    });
    expect(atTime(known(), 9_999)).toEqual(known());
  });

  it("is followed by nothing known, where its size is not, or makes no sense", () => {
    const { full: _, ...unsized } = known();
    expect(atTime(unsized, 10_000)).toBeUndefined();
    expect(atTime(known({ full: 0 }), 10_000)).toBeUndefined();
  });
});
