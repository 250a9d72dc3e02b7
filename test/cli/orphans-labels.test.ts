import { createHash } from "node:crypto";

import { labelOf } from "../../provider/domain/label";
import { commandIn, Store } from "./issuing";

let store: Store;
const orphans = commandIn(() => store, "orphans");

const NONCE = "0123456789abcdef".repeat(2);
const sha = (text: string, digits: number) =>
  createHash("sha256").update(text).digest("hex").slice(0, digits);
/** As version 0.1.0 made labels. */
const before = (text: string) => (text.length <= 80 ? text : `${text.slice(0, 71)}-${sha(text, 8)}`);

/** What `orphans` tells of a stack with an orphan under that label. */
async function told(full: string, label: string, kind: "private" | "storefront" = "private") {
  store = await Store.open();
  const { jti = "", fingerprint } = await store.mint({ kind, listName: `${label}#${NONCE}` });
  store.emulator.clock.advance(7_200);
  const run = (...args: readonly string[]) => orphans(["--stack", full, ...args], { answers: ["y"] });
  return { jti, fingerprint, run, ...(await run()) };
}

const LONG = "acme-international/storefront-infrastructure/production-eu-west-1";
const VERY_LONG = "acme-international-holding/storefront-infrastructure/production-eu-west-1";
const place = (full: string, kind: "private" | "storefront" = "private") => {
  const [organization = "", project = "", stack = ""] = full.split("/");
  return { organization, project, stack, kind };
};

describe("a stack whose full name is long", () => {
  it.each([
    ["web", undefined],
    ["n".repeat(90), undefined],
    ["two words", undefined],
    ["web", "urn:pulumi:x::y::my:shop:Front::front"],
  ])("finds its orphans whatever their names: %s %s", async (name, parent) => {
    const { code, stdout, jti } = await told(VERY_LONG, labelOf(place(VERY_LONG), name, parent));
    expect([code, stdout.includes(jti)]).toEqual([3, true]);
    expect(stdout).not.toContain("cut");
  });

  it("has the orphans of no stack whose name begins alike, nor of another kind", async () => {
    const others = [labelOf(place(`${VERY_LONG}2`), "web"), labelOf(place(VERY_LONG, "storefront"), "web")];
    for (const label of others) {
      const { code, stdout } = await told(VERY_LONG, label);
      expect([code, stdout]).toEqual([0, `No orphan of ${VERY_LONG}. Searched store abc123.\n`]);
      await store.emulator.close();
    }
  });

  it("finds those that version 0.1.0 left under the whole name", async () => {
    for (const name of ["web", "n".repeat(40)]) {
      const label = before(`acme-international/shop/production-eu-west-1/private/${name}`);
      const { code, stdout, jti } = await told("acme-international/shop/production-eu-west-1", label);
      expect([code, stdout.includes(jti)]).toEqual([3, true]);
      expect(stdout).not.toContain("cut");
      await store.emulator.close();
    }
  });
});

describe("a label that version 0.1.0 cut inside the stack's name", () => {
  const CUT = before(`${VERY_LONG}/private/web`);

  it("is shown, and that it may be another stack's", async () => {
    expect(CUT).toMatch(/^acme-international-holding\/storefront-infrastructure\/production-eu-west-[0-9a-f]{8}$/);
    const { code, stdout, jti, run } = await told(VERY_LONG, CUT);
    expect(code).toBe(3);
    expect(stdout).toMatch(new RegExp(`${jti} .*label was cut`));
    expect(stdout).toMatch(/\nversion 0\.1\.0 cut long labels, so that a token may belong to another stack whose full name begins alike[^\n]+name it by --jti\n/);
    const { orphans: all } = JSON.parse((await run("--json")).stdout);
    expect(all).toEqual([expect.objectContaining({ jti, label: CUT, labelCut: true })]);
  }); // prettier-ignore

  it("is revoked by its id alone, and by no fingerprint", async () => {
    const { jti, fingerprint, run } = await told(VERY_LONG, CUT);
    const [, project = "", stack = ""] = VERY_LONG.split("/");
    const resource = store.held("web", store.emulator.issued.at(-1)!);
    const stem = `/backend/.pulumi/history/${project}/${stack}/${stack}-1`;
    const files = {
      [`${stem}.history.json`]: JSON.stringify({ kind: "update", result: "succeeded" }),
      [`${stem}.checkpoint.json`]: JSON.stringify({ version: 3, checkpoint: { latest: { resources: [resource] } } }),
    };
    const refused = await orphans(["--stack", VERY_LONG, "--revoke", "--fingerprint", fingerprint], { answers: ["y"], files });
    expect([refused.code, refused.stdout, store.revoked()]).toEqual([1, "", []]);
    expect(refused.stderr).toMatch(/: nothing was revoked, because version 0\.1\.0 cut its label \S+, which may belong to another stack: name the token by --jti\n$/);
    expect((await run("--revoke", "--jti", jti)).code).toBe(0);
    expect(store.revoked()).toEqual([fingerprint]);
  }); // prettier-ignore

  it.each([
    ["of another stack", before(`${VERY_LONG.replace("international", "national")}/private/web`)],
    ["with more behind the hash", `${CUT}0`],
    ["with other characters for a hash", CUT.replace(/.{8}$/, "production")],
  ])("is none %s", async (_, label) => {
    expect((await told(VERY_LONG, label)).code).toBe(0);
  });

  it("leaves no doubt where the stack's name is whole, and the kind alone is cut", async () => {
    const { code, stdout, jti } = await told(LONG, before(`${LONG}/private/server-of-the-shop`));
    expect([code, stdout.includes(jti)]).toEqual([3, true]);
    expect(stdout).toContain("/production-eu-west-1/priva-");
    expect(stdout).not.toContain("was cut");
  });
});
