import { kindOf } from "../../provider/domain/kinds";
import { partsOf } from "../../provider/domain/urn";

const TYPES = "my:component:Shop$bigcommerce:index:PrivateToken";

it.each([
  ["server", "server"],
  ["a name with :: in it", "a name with :: in it"],
  ["::", "::"],
])("a URN has a stack, a project, types and the name %j", (name, resource) => {
  expect(partsOf(`urn:pulumi:dev::shop::${TYPES}::${name}`)).toEqual({
    ...{ stack: "dev", project: "shop", types: TYPES, resource },
  });
});

it("a text that is no URN has empty parts", () => {
  expect(partsOf("")).toEqual({ stack: "", project: "", types: "", resource: "" });
  expect(partsOf("a-urn:pulumi:dev").stack).toBe("a-urn:pulumi:dev");
});

it.each([
  ["pulumi-nodejs:dynamic/bigcommerce:StorefrontToken", "storefront"],
  ["bigcommerce:index:StorefrontToken", "storefront"],
  ["pulumi-nodejs:dynamic/bigcommerce:PrivateToken", "private"],
  ["bigcommerce:index:PrivateToken", "private"],
  ["pulumi-nodejs:dynamic/bigcommerce:ImpersonationToken", "impersonation"],
  ["bigcommerce:index:ImpersonationToken", "impersonation"],
  ["bigcommerce:index:Token", undefined],
  ["pulumi:providers:bigcommerce", undefined],
])("the type %s is of kind %s", (type, kind) => {
  expect(kindOf(type)).toBe(kind);
});
