import { settingsOf, withoutInputMarks, withSecretInputs } from "../../provider/host/plugin/configuration";

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
    const settings = settingsOf(
      withoutInputMarks(withSecretInputs({ ...given, storeHash: "abc123" })),
      {},
      true,
    );
    expect(settings.credential("abc123")?.accessToken).toBe("first");
    expect(settings.credential("def456")?.accessToken).toBe("second");
  });
});

describe("the store of a provider", () => {
  const IN_ENVIRONMENT = { BIGCOMMERCE_STORE_HASH: "abc123" };

  it("is an explicit provider's own, before the environment variable", () => {
    const own = { storeHash: "def456", accessToken: "own" };
    const settings = settingsOf(own, IN_ENVIRONMENT, false);
    expect(settings.defaultStore()).toBe("def456");
    expect(settings.credential("def456")?.accessToken).toBe("own");
    expect(settings.credential("abc123")).toBeUndefined();
  });

  it("is refused for the default provider, if configuration and environment name two", () => {
    const settings = settingsOf({ storeHash: "def456" }, IN_ENVIRONMENT, true);
    expect(() => settings.defaultStore()).toThrow(/two default stores/);
  });

  it.each([true, false])(
    "is the variable's, with the inputs' credential, if they name none (default: %s)",
    (isDefault) => {
      const settings = settingsOf({ accessToken: "own" }, IN_ENVIRONMENT, isDefault);
      expect(settings.defaultStore()).toBe("abc123");
      expect(settings.credential("abc123")?.accessToken).toBe("own");
    },
  );
});
