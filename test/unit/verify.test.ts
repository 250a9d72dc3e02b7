import { parseVerify } from "../../provider/domain/verify-input";

const SECRET = "canary-7f3a9c";

it.each([undefined, false])("%s asks for no proof", (value) => {
  expect(parseVerify(value)).toEqual({});
});

it("true asks the store's own GraphQL API", () => {
  expect(parseVerify(true)).toEqual({ value: true });
});

it.each([
  "https://shop.example.com/graphql",
  "https://shop.example.com:8443/graphql",
  "https://xn--bcher-kva.example/graphql",
  "https://shop.example.com/graphql/",
  "https://shop.example.com/a/b",
  "http://localhost:3000/graphql",
  "http://127.0.0.1:3000/graphql",
  "http://[::1]:3000/graphql",
  `https://shop.example.com/${"a".repeat(2_048 - 25)}`,
])("%s is a GraphQL API, and stays as it is", (graphqlUrl) => {
  expect(parseVerify({ graphqlUrl })).toEqual({ value: { graphqlUrl } });
});

describe("is refused in one line that does not quote it:", () => {
  it.each<[what: string, value: unknown]>([
    ["null", null],
    ["a number", 1],
    ["text", `https://shop.example.com/${SECRET}`],
    ["text that says true", "true"],
    ["a list", [{ graphqlUrl: "https://shop.example.com/graphql" }]],
    ["an object without a URL", {}],
    ["a misspelt URL", { graphQlUrl: `https://${SECRET}.example/graphql` }],
    ["something beside the URL", { graphqlUrl: "https://shop.example.com/graphql", token: SECRET }],
    ["an undefined URL", { graphqlUrl: undefined }],
  ])("%s", (_, value) => {
    const parsed = parseVerify(value);
    expect(parsed).toEqual({
      problem: expect.stringMatching(/^must be true or false, or an object such as /),
    });
    expect(JSON.stringify(parsed)).not.toContain(SECRET);
  });

  it.each<[what: string, graphqlUrl: unknown]>([
    ["null", null],
    ["a number", 1],
    ["nothing", ""],
    ["no URL", SECRET],
    ["plain http", `http://${SECRET}.example/graphql`],
    ["another scheme", `ftp://${SECRET}.example/graphql`],
    ["a file", `file:///${SECRET}`],
    ["no path", `https://${SECRET}.example`],
    ["the root", `https://${SECRET}.example/`],
    ["a user", `https://${SECRET}@shop.example.com/graphql`],
    ["a password", `https://a:${SECRET}@shop.example.com/graphql`],
    ["a query", `https://shop.example.com/graphql?key=${SECRET}`],
    ["an empty query", `https://${SECRET}.example/graphql?`],
    ["a fragment", `https://shop.example.com/graphql#${SECRET}`],
    ["an empty fragment", `https://${SECRET}.example/graphql#`],
    ["a host in capitals", `https://${SECRET.toUpperCase()}.example/graphql`],
    ["a host in other letters", `https://bücher-${SECRET}.example/graphql`],
    ["the default port", `https://${SECRET}.example:443/graphql`],
    ["a step up", `https://shop.example.com/${SECRET}/../graphql`],
    ["a blank", `https://shop.example.com/${SECRET} /graphql`],
    ["a line break", `https://shop.example.com/graphql\r\nX-Evil: ${SECRET}`],
    ["a blank before it", ` https://${SECRET}.example/graphql`],
    ["a host that only begins as loopback", `http://127.0.0.1.${SECRET}.example/graphql`],
    ["one character too many", `https://shop.example.com/${"a".repeat(2_048 - 24)}`],
  ])("a URL with %s", (_, graphqlUrl) => {
    const parsed = parseVerify({ graphqlUrl });
    expect(parsed).toEqual({
      problem:
        "graphqlUrl must be the URL of a GraphQL API, such as https://shop.example.com/graphql: https, or plain http " +
        "to loopback, with its host in lower case and without user, default port, query or fragment",
    });
    expect(JSON.stringify(parsed).toLowerCase()).not.toContain(SECRET);
  });
});
