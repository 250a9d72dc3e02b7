import { formatNotice, type Notice, notice, PREFIX } from "../../provider/notice-formats";
import { noticeIn } from "../../cli/pulumi/event-log";

const LABEL = "acme/shop/dev/private/a";
const PRINT = "0123456789abcdef";
const token = { label: LABEL, fingerprint: PRINT };
const AT = Date.parse("2026-10-30T00:00:00Z") / 1000;

describe("what became of a token is read from a line of this version, and of earlier ones", () => {
  it.each<[string, Notice, string, object]>([
    ["minted", notice("minted", { ...token, expiry: AT }), `minted ${LABEL} ${PRINT} 2026-10-30T00:00:00Z`, { expiry: AT }],
    ["revoke_accepted", notice("revoke_accepted", { ...token, expiry: "never" }), `revoke accepted ${LABEL} ${PRINT} never`, { expiry: "never" }],
    ["revoked_before", notice("revoked_before", { ...token, by: "the store's list" }), `warning: token ${PRINT} of ${LABEL} was revoked before this run, says the store's list`, { by: "the store's list" }],
    ["revocation_refused", notice("revocation_refused", { ...token, expiry: AT, reason: "no.", id: "A", account: "client-a" }), `warning: token ${PRINT} of ${LABEL} was not revoked and may work until 2026-10-30T00:00:00Z: no. Nothing tries again: to end it by hand, revoke id A as the API account that minted it, client-a.`, { expiry: AT }],
    ["gone", notice("gone", { ...token, how: "is no longer in the store's list" }), `warning: ${LABEL}: token ${PRINT} is no longer in the store's list; the next \`pulumi up\` mints a new one`, { by: "is no longer in the store's list" }],
  ])("%s", (effect, now, formerly, facts) => {
    const read = { effect, ...token, isFromProcess: true, ...facts };
    for (const line of [formatNotice(now), formerly]) expect(noticeIn(`${PREFIX}${line}`, true)).toEqual(read);
  }); // prettier-ignore

  it("for a token of the plugin never as a line of its process, whose standard error the engine hides", () => {
    const line = formatNotice(notice("minted", { ...token, label: "-/shop/dev/private/server", expiry: AT }));
    expect(noticeIn(`${PREFIX}${line}`, true)?.isFromProcess).toBe(false);
  });

  it("and no other notice is taken for one of these", () => {
    expect(noticeIn(`${PREFIX}${formatNotice(notice("replaced_gone", token))}`, true)).toBeUndefined();
  });
});
