import type { UnverifiedToken } from "../../provider/bigcommerce/client";
import { GOOD, refused, tried } from "./graphql-answers";
import { closeServers, reply, serve, type Step } from "./servers";

afterEach(closeServers);

const INVALID = "GraphQL invalid credentials.";

describe("a refusal of a storefront token without origins", () => {
  it.each<[string, Step]>([
    ["in words of its own", refused(401, "Storefront tokens cannot be used by servers.")],
    ["without words", reply(401)],
    ["with a page", reply(401, "<html>", { "Content-Type": "text/html" })],
  ])("that may be the server's is asked for once: 401 %s", async (_, answer) => {
    for (const origins of [{}, { allowedCorsOrigins: [] }]) {
      const server = await serve(answer, GOOD);
      const { why, slept } = await tried(server, { isForBrowsers: true, channelIds: [1, 2], ...origins });
      expect(why).toMatch(
        /: answered 401(, "[^"]+")?; BigCommerce may refuse a storefront token without origins from a server, so this proves nothing: give allowedCorsOrigins, or remove verify$/,
      );
      expect(slept).toEqual([]);
      expect(server.requests).toHaveLength(1);
    }
  });

  it.each([
    "Unknown JWT token",
    `${INVALID} JWT signature is invalid`,
    "GraphQL credentials were missing. No token was sent.",
  ])("in BigCommerce's words for a bad token is asked for again: %s", async (message) => {
    const server = await serve(refused(401, message), GOOD);
    const { why, slept } = await tried(server, { isForBrowsers: true });
    expect({ why, slept }).toEqual({ why: undefined, slept: [500] });
  });

  it.each<[string, Partial<UnverifiedToken>]>([
    ["has origins", { isForBrowsers: true, allowedCorsOrigins: ["https://shop.example.com"] }],
    ["is no storefront token", {}],
  ])("in other words is asked for again where the token %s", async (_, fresh) => {
    const server = await serve(refused(401, "Storefront tokens cannot be used by servers."), GOOD);
    expect(await tried(server, fresh)).toEqual({ why: undefined, slept: [500] });
  });

  it.each([400, 403, 429, 503])("of status %i in other words is asked for again", async (status) => {
    const server = await serve(refused(status, "Storefront tokens cannot be used by servers."), GOOD);
    expect(await tried(server, { isForBrowsers: true })).toEqual({ why: undefined, slept: [500] });
  });
});
