// Loaded before the clock runs, which is the time of a request and not of loading.
import "axios";
import type { UnverifiedToken, Site } from "../../provider/bigcommerce/client";
import { clientWith, fastClock, TOKEN } from "./fixtures";
import { reply, type TestServer } from "./servers";

/** Of an API host whose storefronts are nowhere, so that nothing but a URL can be asked. */
export const SITE: Site = { apiUrl: "https://127.0.0.1:1", storeHash: "abc123" };
export const QUERY = '{"query":"{ site { settings { storeName } } }"}';

/** GraphQL's answer with a token that it accepts, and with one that it does not. */
export const GOOD = reply(200, { data: { site: { settings: { storeName: "A shop" } } } });
export const refused = (status: number, message: string, headers = {}) =>
  reply(status, { errors: [{ message }] }, headers);

/** What comes of a token that is tried at a URL of its own, and how it was waited for. */
export async function tried(
  server: Pick<TestServer, "url">,
  fresh: Partial<UnverifiedToken> = {},
  clock = fastClock(),
) {
  const own = { token: TOKEN, channelIds: [1], graphqlUrl: `${server.url}/shop/graphql` };
  const why = await clientWith(clock).verify(SITE, { ...own, ...fresh });
  if (why !== undefined) {
    expect(why).not.toMatch(/[\r\n]/);
    expect(why).not.toContain(TOKEN.slice(-16));
    expect(why.length).toBeLessThanOrEqual(350);
  }
  return { why, slept: clock.slept };
}
