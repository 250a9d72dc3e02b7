import { readFileSync } from "node:fs";
import { join } from "node:path";

interface Property {
  readonly replaceOnChanges?: boolean;
  readonly willReplaceOnChanges?: boolean;
}

interface Schema {
  readonly language: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly resources: Readonly<
    Record<string, Readonly<Record<"properties" | "inputProperties", Readonly<Record<string, Property>>>>>
  >;
}

const file = join(__dirname, "../../dist/plugin/schema.json");
const text = readFileSync(file, "utf8");
const schema = JSON.parse(text) as Schema;

describe("the package schema", () => {
  it("gives no SDK a name among Pulumi's own packages, and each the version of this package", () => {
    expect(schema.language["nodejs"]).toMatchObject({ packageName: "pulumi-bigcommerce" });
    const versioned = Object.entries(schema.language).filter(([, each]) => each["respectSchemaVersion"]);
    expect(versioned.map(([language]) => language).sort()).toEqual(["go", "nodejs", "python"]);
  });

  it("has descriptions for every language: neither the examples in TypeScript nor tags of their comments", () => {
    expect(text).not.toMatch(/```|import \{|@(example|throws|remarks|see|interface)\b/);
  });

  it.each([
    ["StorefrontToken", ["allowedCorsOrigins", "channelIds", "expiresAt", "storeHash"]],
    ["PrivateToken", ["channelIds", "expiresAt", "scopes", "storeHash"]],
    ["ImpersonationToken", ["channelIds", "expiresAt", "storeHash"]],
  ])("tells what replaces a %s, and leaves the decision to the provider", (name, replacing) => {
    const { properties, inputProperties } = schema.resources[`bigcommerce:index:${name}`]!;
    const documented = Object.entries(inputProperties).filter(
      ([, each]) => each.replaceOnChanges && each.willReplaceOnChanges,
    );
    expect(documented.map(([input]) => input).sort()).toEqual(replacing);
    expect(Object.values(properties).filter((each) => each.replaceOnChanges !== undefined)).toEqual([]);
  });
});
