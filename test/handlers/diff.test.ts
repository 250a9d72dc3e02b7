import { createDynamicHandlers } from "../../provider/host/dynamic";
import { createSettings } from "../../provider/settings/settings";
import { KINDS } from "../../provider/domain/kinds";
import { createRunRecord } from "../../provider/handlers/run-record";
import type { TokenState } from "../../provider/domain/state";
import { createNotices } from "../../provider/notices";
import { clockOf, NOW } from "./support/clock";
import { declare, SENTINELS, NO_CLIENT } from "./support/samples";

const DAY = 86_400;

describe.each(Object.values(KINDS))("diff of a $name token", (kind) => {
  const process = () => {
    const lines: string[] = [];
    const record = createRunRecord();
    let now = NOW;
    const handlers = createDynamicHandlers({
      ...{ kind, record, clock: clockOf(() => now) },
      settings: createSettings(
        { BIGCOMMERCE_STORE_HASH: "abc123", BIGCOMMERCE_ACCESS_TOKEN: "x" },
        { get: () => undefined },
      ),
      notices: createNotices((line) => lines.push(line)),
      client: NO_CLIENT,
      nonce: () => "0".repeat(32),
    });
    const advance = (seconds: number) => (now += seconds);
    return { handlers, lines, record, advance };
  };
  const news = (change = {}) => {
    const checked = {
      overlap: "auto",
      onDelete: "revoke",
      storeHash: "abc123",
      expiresAt: "2026-10-30T00:00:00Z",
    };
    return { ...declare(kind, checked).args, label: "l", __provider: "code", ...change };
  };
  const olds = (change = {}) => ({
    ...news(),
    token: "a.b.c",
    fingerprint: "f",
    issuedAt: "2026-08-01T00:00:00Z",
    ...change,
  });

  it.each([
    ["nothing", {}, {}, false, []],
    ["its end", { expiresAt: "2026-11-30T00:00:00Z" }, {}, true, ["expiresAt"]],
    ["its channels", { channelIds: [9] }, {}, true, ["channelIds"]],
    ["its store", { storeHash: "other9" }, {}, true, ["storeHash"]],
    ["several", { storeHash: "other9", channelIds: [9] }, {}, true, ["channelIds", "storeHash"]],
    ["overlap", { overlap: "never" }, {}, true, []],
    ["onDelete", { onDelete: "letExpire" }, {}, true, []],
    ["its label", { label: "m" }, {}, true, []],
    ["[E13] the provider's code", { __provider: "newer" }, {}, true, []],
    ["its lifetime", { lifetime: "80d" }, {}, true, []],
    ["its lifetime, in other words", { lifetime: "2160h" }, {}, false, []],
    ["rotateBefore", { rotateBefore: "1d" }, {}, true, []],
    ["rotateBefore, to what it is by default", { rotateBefore: "30d" }, {}, false, []],
    ["its host", { apiUrl: "http://127.0.0.1:1" }, {}, true, []],
    [
      "an output that inputs do not have",
      {},
      { rotateAt: "x", apiAccount: "y", effectiveExpiresAt: "2026-10-29T00:00:00Z" },
      false,
      [],
    ],
  ])("[E5] where %s changes", async (_, change, before, changes, replaces) => {
    const { handlers } = process();
    expect(await handlers.diff("id", olds(before), news(change))).toEqual({ changes, replaces });
  });

  it("[E5] where one of its rights changes, or goes", async () => {
    for (const right of kind.rights) {
      const answer = { changes: true, replaces: [right] };
      expect(await process().handlers.diff("id", olds(), news({ [right]: ["x"] }))).toEqual(answer);
      expect(await process().handlers.diff("id", olds(), news({ [right]: undefined }))).toEqual(answer);
    }
  });

  it.each(SENTINELS)(
    "[U4] a replacing input that is not known yet (%s) previews as a replacement",
    async (sentinel) => {
      const { handlers } = process();
      for (const [name, value] of [
        ["channelIds", [1, sentinel]],
        ["channelIds", sentinel],
        ["expiresAt", sentinel],
        ["storeHash", sentinel],
      ] as const) {
        expect(await handlers.diff("id", olds(), news({ [name]: value }))).toEqual({
          changes: true,
          replaces: [name],
        });
      }
      expect(await handlers.diff("id", olds(), news({ overlap: sentinel }))).toEqual({
        changes: true,
        replaces: [],
      });
    },
  );

  it("before the label's check ignores the clock, says nothing and remembers nothing but the predecessor's fate", async () => {
    const { handlers, lines, record, advance } = process();
    advance(400 * DAY);
    const previous = {
      id: "older",
      fingerprint: "f0f0",
      fate: "letExpire",
      expiresAt: "2027-01-01T00:00:00Z",
    };
    const state = olds({
      effectiveExpiresAt: "2026-08-02T00:00:00Z",
      verified: false,
      previous,
      previousToken: "d.e.f",
    });
    expect(await handlers.diff("id", state, news())).toEqual({ changes: false, replaces: [] });
    expect((await handlers.diff("id", state, news({ channelIds: [9] }))).replaces).toEqual(["channelIds"]);
    expect(lines).toEqual([]);
    expect([record.isRefresh("l"), record.replacementOf("l")]).toEqual([true, undefined]);
    const own = state as unknown as TokenState;
    const nothing = { replaced: undefined, named: undefined, heldBy: undefined };
    const seen = { isDeclared: false, own: nothing, isBeforeSuccessor: false };
    expect(record.sightingsOf("id", own)).toMatchObject({ ...seen, previous: { isNamedElsewhere: false } });
    expect(record.sightingsOf("x", own)).toMatchObject({ ...seen, previous: { isNamedElsewhere: true } });
    expect(record.checked("l", [], undefined).isForced).toBe(false);
    expect(record.sightingsOf("older", { ...own, fingerprint: "f0f0" }).own).toMatchObject({
      ...{ ...nothing, named: "letExpire" },
    });
  });

  it("after a check without old inputs, which a forced replacement has, remembers no replacement", async () => {
    const { handlers, record } = process();
    await handlers.check({}, { ...declare(kind).args, label: "l", __provider: "code" });
    await handlers.diff("id", olds(), news({ channelIds: [9] }));
    expect(record.replacementOf("l")).toBeUndefined();
  });

  describe("after the label's check", () => {
    const after = async (before: object, change = {}, days = 0) => {
      const { handlers, advance } = process();
      advance(days * DAY);
      const given = { ...declare(kind, change).args, label: "l", __provider: "code" };
      const { inputs, failures } = await handlers.check(news(), given);
      expect(failures).toEqual([]);
      return handlers.diff("id", olds(before), inputs);
    };

    it("answers due by the token's own earlier end", async () => {
      const claimed = { effectiveExpiresAt: "2026-09-20T00:00:00Z" };
      expect(await after(claimed, {}, 19)).toEqual({ changes: false, replaces: [] });
      expect(await after(claimed, {}, 20)).toEqual({ changes: true, replaces: ["expiresAt"] });
    });

    it("answers due by a stricter lifetime only where the own end is beyond it", async () => {
      const strict = { lifetime: "60d" };
      expect((await after({ effectiveExpiresAt: "2026-10-01T00:00:00Z" }, strict)).replaces).toEqual([
        "expiresAt",
      ]);
    });

    it("answers a change while a failure after the mint is not settled", async () => {
      expect(await after({ verified: false })).toEqual({ changes: true, replaces: [] });
    });
  });
});
