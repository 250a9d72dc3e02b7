import type { Target } from "../../provider/bigcommerce/client";
import { clientWith, failed, MINT, REVOKE, targetAt, TOKEN } from "./fixtures";
import { closeServers, minted, reply, serve } from "./servers";

afterEach(closeServers);

describe("an API URL", () => {
  it.each([
    ["T7", ""],
    ["T7", "api.bigcommerce.com"],
    ["T6", "http://api.bigcommerce.com"],
    ["T6", "http://127.0.0.1.example.com"],
    ["T6", "http://localhost.example.com"],
    ["T6", "http://0.0.0.0:1"],
    ["T7", "https://bücher.example"],
    ["T7", "https://user@api.bigcommerce.com"],
    ["T7", "https://user:pass@api.bigcommerce.com"],
    ["T7", "https://api.bigcommerce.com@evil.example"],
    ["T7", "https://api.bigcommerce.com/stores"],
    ["T7", "https://api.bigcommerce.com/?a=b"],
    ["T7", "https://api.bigcommerce.com/#a"],
    ["T17", "data:application/json,{}"],
    ["T17", "file:///etc/passwd"],
    ["T17", "unix:/var/run/docker.sock"],
    ["T17", "ftp://127.0.0.1"],
  ])("[%s] %j is refused before anything is sent", async (_row, apiUrl) => {
    for (const attempt of [
      clientWith().mint(targetAt(apiUrl), MINT),
      clientWith().revoke([targetAt(apiUrl)], REVOKE),
    ]) {
      const error = await failed(attempt);
      expect(error).toMatchObject({ code: "target_malformed", failure: { outcome: "NOT_SENT" } });
      expect(error.message).not.toContain("pass");
    }
  });

  it("may name the loopback by name, and may end with a slash", async () => {
    const server = await serve(minted(TOKEN));
    for (const url of [`http://localhost:${server.port}`, `${server.url}/`]) {
      await expect(clientWith().mint(targetAt(url), MINT)).resolves.toEqual({ token: TOKEN });
    }
  });
});

describe("a path", () => {
  it.each([
    "../../x",
    "a/../b",
    "a?x#",
    "%2f",
    ".",
    "..",
    "",
    " ",
    "a\r\nb",
    "@host/",
    "ABC",
    "ü",
    "a".repeat(33),
  ])("[U1] never holds the store hash %j", async (storeHash) => {
    const server = await serve(minted(TOKEN));
    const error = await failed(clientWith().mint(targetAt(server.url, { storeHash }), MINT));
    expect(error).toMatchObject({ code: "target_malformed", failure: { outcome: "NOT_SENT" } });
    expect(server.connections()).toBe(0);
  });

  it.each(["", "api-token/../../../x", "api-token/revoke-all", "channels", "api-token?x"])(
    "never holds the family %j",
    async (family) => {
      const server = await serve(minted(TOKEN));
      const error = await failed(clientWith().mint(targetAt(server.url), { ...MINT, family }));
      expect(error.code).toBe("target_malformed");
      expect(error.message).not.toContain("revoke-all");
      expect(server.connections()).toBe(0);
    },
  );
});

describe("what could not be sent unchanged", () => {
  it.each(["", " ", "tok\n", "tok\r\nX-Evil: 1", "t k", "tök", "tok→", "tok\u0000", "\u007f"])(
    "[U3] the malformed credential %j",
    async (accessToken) => {
      const server = await serve(reply(200));
      const target = targetAt(server.url, { accessToken });
      for (const attempt of [clientWith().revoke([target], REVOKE), clientWith().mint(target, MINT)]) {
        const error = await failed(attempt);
        expect(error).toMatchObject({ code: "credential_malformed", failure: { outcome: "NOT_SENT" } });
        expect(error.message).toContain("env BIGCOMMERCE_ACCESS_TOKEN");
        expect(error.message).not.toContain("tok\u0000");
      }
      expect(server.connections()).toBe(0);
    },
  );
});

describe("a redirect", () => {
  const to = (status: number, location: string) => reply(status, "", { Location: location });

  it.each([301, 302, 303, 307, 308])(
    "[T2,T4] %i is not followed: the other server sees nothing",
    async (status) => {
      const other = await serve(minted(TOKEN));
      const server = await serve(to(status, `${other.url}/catch?token=${TOKEN}`));
      const target = targetAt(server.url);
      for (const attempt of [clientWith().mint(target, MINT), clientWith().revoke([target], REVOKE)]) {
        const error = await failed(attempt);
        expect(error).toMatchObject({ code: "unexpected_redirect", failure: { outcome: "UNKNOWN", status } });
        expect(error.message).toContain(`points to ${other.url} `);
        expect(error.message).not.toContain("catch");
      }
      expect(server.requests).toHaveLength(2);
      expect(other.connections()).toBe(0);
    },
  );

  it.each([301, 302, 303, 307, 308])(
    "[T1,T5] %i to its own origin, or to itself, is one request",
    async (status) => {
      for (const path of [
        "/stores/abc123/v3/storefront/other?of=it",
        "/stores/abc123/v3/storefront/api-token",
      ]) {
        const server = await serve(to(status, path), minted(TOKEN));
        const error = await failed(clientWith().revoke([targetAt(server.url)], REVOKE));
        expect(error).toMatchObject({ code: "unexpected_redirect", failure: { outcome: "UNKNOWN", status } });
        expect(error.message).toContain(`answered ${status} and points to ${server.url} [UNKNOWN]`);
        expect(server.requests).toHaveLength(1);
      }
    },
  );

  it.each([
    ["[T1] to the same origin", "/stores/abc123/v3/storefront/other"],
    ["[T5] to itself", "/stores/abc123/v3/storefront/api-token-private"],
    ["to nowhere", "http://"],
    ["[T17] to a file", "file:///etc/passwd"],
    ["with a token for a host", `https://${TOKEN.slice(0, 40)}.example.com/`],
  ])("%s is one request", async (_, location) => {
    const server = await serve(to(307, location));
    const error = await failed(clientWith().mint(targetAt(server.url), MINT));
    expect(error.code).toBe("unexpected_redirect");
    expect(server.requests).toHaveLength(1);
  });

  it("without a location is one too", async () => {
    const server = await serve(reply(302));
    const error = await failed(clientWith().mint(targetAt(server.url), MINT));
    expect(error.message).toContain("answered 302 [UNKNOWN]");
  });
});

it("tells two targets of one client apart", async () => {
  const first = await serve(minted(TOKEN));
  const second = await serve(minted(TOKEN));
  const client = clientWith();
  const targets: Target[] = [
    targetAt(first.url, { storeHash: "one", accessToken: "credential-one" }),
    targetAt(second.url, { storeHash: "two", accessToken: "credential-two" }),
  ];
  await Promise.all(targets.map((target) => client.mint(target, MINT)));
  expect(first.requests[0]).toMatch(/^POST \/stores\/one\/[^]*credential-one/);
  expect(second.requests[0]).toMatch(/^POST \/stores\/two\/[^]*credential-two/);
});
