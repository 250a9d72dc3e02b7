import {
  isSecureUrl,
  shownHost,
  shownStore,
  storeHashProblem,
  VISIBLE_ASCII,
} from "../../provider/domain/store-address";

const RULE = "a store hash: 1 to 32 lower-case letters and digits, as in api.bigcommerce.com/stores/{hash}";

describe("a store hash", () => {
  it.each(["a", "abc123", "9".repeat(32)])("is %s", (text) => {
    expect(storeHashProblem(text)).toBeUndefined();
  });

  it.each([
    ["https://api.bigcommerce.com/stores/abc123/v3", "abc123"],
    ["https://api.bigcommerce.com/stores/abc123", "abc123"],
    ["HTTPS://API.BIGCOMMERCE.COM/stores/ABC123/v3", "abc123"],
    ["stores/abc123", "abc123"],
    ["/stores/abc123/v3", "abc123"],
    ["store-abc123.mybigcommerce.com", "abc123"],
    ["https://store-abc123.mybigcommerce.com/manage", "abc123"],
    ["store-abc123-1.mybigcommerce.com", "abc123"],
    ["store-abc123-123456789", "abc123"],
    ["store-abc123", "abc123"],
  ])("is found in the store's URL %s", (text, hash) => {
    expect(storeHashProblem(text)).toBe(`${RULE}; did you mean "${hash}"?`);
  });

  it.each([" abc123", "ABC123", "Abc123 "])("is nearly %j, which no message quotes", (text) => {
    expect(storeHashProblem(text)).toBe(`${RULE}; did you mean the same in lower case and without blanks?`);
  });

  it.each([
    "",
    "a".repeat(33),
    "a b",
    "abc-123",
    "my stores/abc123",
    "https://api.example.com/stores/abc123/v3",
    "https://api-bigcommerce-com/stores/abc123",
    `stores/${"a".repeat(33)}`,
    "stores/abc123.json",
    "my store-abc123",
    "store-abc123x-1y.mybigcommerce.com",
    "store-abc123.example.com",
    "store-abc123-x",
    "store-abc123-1234567890",
    "store-abc123.mybigcommercexcom",
  ])("is not guessed from %j", (text) => {
    expect(storeHashProblem(text)).toBe(RULE);
  });
});

describe("a URL", () => {
  it.each([
    "https://shop.example.com",
    "https://localhost",
    "http://localhost:8080",
    "http://127.0.0.1",
    "http://127.10.200.254:1",
    "http://[::1]:80/",
  ])("is secure: %s", (text) => {
    expect(isSecureUrl(new URL(text))).toBe(true);
  });

  it.each([
    "http://shop.example.com",
    "http://127.0.0.1.example.com",
    "http://my.127.0.0.1.example",
    "http://localhost.example.com",
    "http://mylocalhost",
    "http://128.0.0.1",
    "http://[::2]",
    "ftp://localhost",
    "https://user@shop.example.com",
    "https://:password@shop.example.com",
    "https://shop.example.com?a=b",
    "https://shop.example.com#a",
  ])("is not: %s", (text) => {
    expect(isSecureUrl(new URL(text))).toBe(false);
  });
});

it("a header can carry visible ASCII only", () => {
  expect(["!~", "a", " ", "a b", "a\n", "\u007f", ""].map((text) => VISIBLE_ASCII.test(text))).toEqual([
    ...[true, true, false, false, false, false, false],
  ]);
});

describe("a message names", () => {
  it("the store of a state, if it is a store hash", () => {
    expect(shownStore("abc123")).toBe("store abc123");
    expect(shownStore("abc123\u001b[2J")).toBe("the store, whose hash in the state is damaged,");
  });

  it.each(["https://api.bigcommerce.com", "http://127.0.0.1:8080", `https://${"a".repeat(300)}`])(
    "the API host of a state: %s",
    (host) => {
      expect(shownHost(host)).toBe(host);
    },
  );

  it.each([
    "",
    "https://",
    "ftp://host",
    "at https://host",
    "https://ho st",
    "https://h\u001b[2J",
    `https://${"a".repeat(301)}`,
  ])("no damaged API host: %j", (host) => {
    expect(shownHost(host)).toBe("a host that is damaged in the state");
  });
});
