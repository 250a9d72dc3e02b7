import { configOf, withoutInputMarks, withSecretInputs } from "../../provider/host/plugin/configuration";

const secret = (value: unknown) => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  value,
});

describe("a provider's inputs in configure, where the engine still marks secrets", () => {
  it("are the values themselves, also below an input", () => {
    const marked = {
      storeHash: "abc123",
      accessToken: secret("first"),
      stores: { def456: secret({ accessToken: secret("second"), apiUrl: "https://api.example.com" }) },
    };
    expect(withoutInputMarks(marked)).toEqual({
      storeHash: "abc123",
      accessToken: "first",
      stores: { def456: { accessToken: "second", apiUrl: "https://api.example.com" } },
    });
  });

  it("are what was given, when they come back as they are stored", () => {
    const given = { accessToken: "first", stores: '{"def456":{"accessToken":"second"}}' };
    const config = configOf(withoutInputMarks(withSecretInputs(given)));
    expect(config.get("bigcommerce:accessToken")).toBe(given.accessToken);
    expect(config.get("bigcommerce:stores")).toBe(given.stores);
  });
});
