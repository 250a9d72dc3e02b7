import { CONFIG_TYPES, PROVIDER_INPUTS } from "../../provider/domain/provider-inputs";

const { stores, ...rest } = CONFIG_TYPES;
const TEXT = { type: "string" };

it("an input of the provider resource is text", () => {
  expect(rest).toEqual({ storeHash: TEXT, accessToken: TEXT, previousAccessToken: TEXT, apiUrl: TEXT });
});

it("but stores: an object by store hash, of objects of text", () => {
  expect(stores).toEqual({
    type: "object",
    additionalProperties: { type: "object", additionalProperties: TEXT },
  });
});

it("each input has a type, and each that can hold a credential is secret", () => {
  expect(Object.keys(CONFIG_TYPES)).toEqual(expect.arrayContaining(Object.keys(PROVIDER_INPUTS)));
  const secret = Object.entries(PROVIDER_INPUTS).filter(([, input]) => "isSecret" in input);
  expect(secret.map(([name]) => name)).toEqual(["accessToken", "previousAccessToken", "stores"]);
});
