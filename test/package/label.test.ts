import { createHash } from "node:crypto";

import { useFolders } from "./folders";
import { ONE_OF_EACH, runMocked } from "./mocked-program";

const folders = useFolders();

describe("the label", () => {
  const sha = (text: string) => createHash("sha256").update(text).digest("hex").slice(0, 16);
  let labels: Record<string, string>;
  let parents: Record<string, string>;
  beforeAll(async () => {
    const long = "n".repeat(70);
    const { registered } = await runMocked(
      folders.installed(),
      `
      const args = { channelIds: [1], lifetime: "30d" };
      new tokens.StorefrontToken("web", args);
      const parent = new pulumi.ComponentResource("my:shop:Front", "front");
      const other = new pulumi.ComponentResource("my:shop:Front", "back");
      new tokens.ImpersonationToken("web", args, { parent });
      new tokens.PrivateToken("web", { ...args, scopes: ["B2B"] }, { parent: other });
      for (const name of ["schön", "schon-", "sch\\u{1F600}n", "two words", "${long}a", "${long}b"])
        new tokens.StorefrontToken(name, args);
    `,
    );
    const tokens = registered.filter(({ inputs }) => "label" in inputs);
    const key = ({ type, name }: (typeof tokens)[number]) => `${type.split(":").at(-1) ?? ""} ${name}`;
    labels = Object.fromEntries(tokens.map((each) => [key(each), String(each.inputs["label"])]));
    parents = Object.fromEntries(tokens.map((each) => [key(each), each.parent]));
  });

  it("is <organization>/<project>/<stack>/<kind>/<name>", () => {
    expect(labels["StorefrontToken web"]).toBe("acme/shop/dev/storefront/web");
  });

  it("takes Pulumi's own name for an organization that a program's mocks do not have", async () => {
    const { registered } = await runMocked(folders.installed(), ONE_OF_EACH, undefined, {
      MOCK_ORGANIZATION: "",
    });
    expect(registered.map(({ inputs }) => inputs["label"])).toContain("organization/shop/dev/storefront/web");
  });

  it("begins with the cut place and its hash where the place is long", async () => {
    const organization = "acme-international-holding";
    const { registered } = await runMocked(folders.installed(), ONE_OF_EACH, undefined, {
      MOCK_ORGANIZATION: organization,
    });
    const place = `${organization}/shop/dev/storefront`;
    expect(registered.map(({ inputs }) => inputs["label"])).toContain(
      `${place.slice(0, 23)}-${sha(place)}/web`,
    );
  });

  it.each([
    ["ImpersonationToken", "impersonation"],
    ["PrivateToken", "private"],
  ])("of a %s with a parent has 16 digits of the parent's URN before the name", (type, kind) => {
    const parent = parents[`${type} web`] ?? "";
    expect(parent).toMatch(/^urn:pulumi:dev::shop::my:shop:Front::/);
    expect(labels[`${type} web`]).toBe(`acme/shop/dev/${kind}/${sha(parent)}-web`);
  });

  it("[X10] never has more than 80 characters, nor any outside U+0021 to U+007E, and is never shared", () => {
    for (const label of Object.values(labels)) expect(label).toMatch(/^[\x21-\x7e]{1,80}$/);
    expect(new Set(Object.values(labels)).size).toBe(Object.keys(labels).length);
  });

  it("[X10] keeps what is readable of a changed name, and says by a hash that it was changed", () => {
    expect(labels["StorefrontToken two words"]).toMatch(
      /^acme\/shop\/dev\/storefront\/two-words-[0-9a-f]{16}$/,
    );
    expect(labels["StorefrontToken schon-"]).toBe("acme/shop/dev/storefront/schon-");
    expect(labels["StorefrontToken schön"]).toMatch(/^acme\/shop\/dev\/storefront\/sch-n-[0-9a-f]{16}$/);
  });
});
