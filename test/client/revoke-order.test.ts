import { createConnections } from "../../provider/bigcommerce/connection";
import { revoke, type RevokeOptions, type RevokeRequest } from "../../provider/bigcommerce/revocation";
import type { Exchange } from "../../provider/bigcommerce/transport";
import { failed, fastClock, REVOKE, targetAt, TOKEN } from "./fixtures";

const JTI = "0b7e9a3c-4d1f-4b1e-9a3c-1d2e3f4a5b6c";

const answered = (status: number, body: unknown = {}): Exchange => ({
  ...{ kind: "reply", status, headers: {}, body: JSON.stringify(body) },
});
const refused = (status: number, title: string) => answered(status, { status, title });
const row = (over: object = {}) => ({ jti: JTI, is_revoked: false, is_expired: false, ...over });
const listed = (data: readonly unknown[], pages = 1) =>
  answered(200, { data, meta: { pagination: { total_pages: pages, total: data.length } } });
const says = (message: string) => answered(401, { errors: [{ message }] });
const lost: Exchange = {
  ...{ kind: "broken", sent: true, code: "connection_failed", detail: "broke off", headers: {} },
};

const OTHER_ACCOUNT = refused(422, "The token doesn't belong to the client");
const NO_JTI = refused(404, "No token found for the supplied jti.");
const NO_ROUTE = refused(404, "The route is not found");
const INVALID = refused(422, "The supplied JWT is invalid.");
const LIMIT = refused(422, "Store cannot revoke more tokens. Limit # of revoked tokens already reached.");

/** Revokes with two credentials, from a store that gives these answers, and what was sent, with whose credential. */
function revoking(replies: readonly Exchange[], request: Partial<RevokeRequest>, options: Partial<RevokeOptions>) {
  const sent: string[] = [];
  const connect = createConnections({
    clock: fastClock(),
    exchange: ({ method, url, headers }) => {
      const by = method === "GET" ? "list" : url.pathname.endsWith("graphql") ? "graphql" : headers["Sf-Api-Token"] === undefined ? "jti" : "value";
      sent.push(by === "graphql" ? by : `${by} ${headers["X-Auth-Token"] ?? ""}`);
      return Promise.resolve(replies[sent.length - 1] ?? answered(500));
    },
  });
  const of = (accessToken: string) =>
    connect(targetAt("https://api.bigcommerce.com", { accessToken, credentialSource: `the variable of ${accessToken}` }));
  const outcome = revoke([of("present"), of("previous")], { ...REVOKE, jti: JTI, ...request }, { timeoutMs: 60_000, ...options });
  return { sent, outcome };
} // prettier-ignore

describe("the credentials are tried in their order", () => {
  it("and only the first where it is accepted", async () => {
    const { sent, outcome } = revoking([answered(204)], {}, {});
    const source = "the variable of present";
    expect(await outcome).toEqual({ kind: "accepted", says: "BigCommerce", by: "jti", credentialSource: source });
    expect(sent).toEqual(["jti present"]);
  }); // prettier-ignore

  it.each([
    ["the token is another account's", [OTHER_ACCOUNT, listed([]), says("No token was sent.")]],
    ["the account has no such jti", [NO_JTI, listed([]), says("No token was sent.")]],
  ])("the second where %s, and that is told", async (_, replies) => {
    const { sent, outcome } = revoking([...replies, answered(204)], {}, {});
    expect(await outcome).toMatchObject({ kind: "accepted", credentialSource: "the variable of previous" });
    expect(sent).toEqual(["jti present", "list present", "graphql", "jti previous"]);
  });

  it("and the second's refusal counts, where the first is not known to be the minter's", async () => {
    const { outcome } = revoking(
      [OTHER_ACCOUNT, listed([]), says("?"), INVALID, listed([]), says("?")],
      {},
      {},
    );
    expect(await failed(outcome)).toMatchObject({ code: "jwt_invalid" });
  });

  it.each([401, 403, 400])("the second is not tried after a %i", async (status) => {
    const { sent, outcome } = revoking([answered(status)], {}, {});
    expect((await failed(outcome)).failure.status).toBe(status);
    expect(sent).toEqual(["jti present"]);
  });

  it("after any refusal of the account that minted the token, whose refusal counts", async () => {
    const { sent, outcome } = revoking([answered(403), OTHER_ACCOUNT, listed([]), says("?")], {}, { isMinterFirst: true });
    expect(await failed(outcome)).toMatchObject({ code: "forbidden" });
    expect(sent).toEqual(["jti present", "jti previous", "list previous", "graphql"]);
  }); // prettier-ignore
});

describe("a person's revocation", () => {
  const person = (replies: readonly Exchange[], request: Partial<RevokeRequest> = {}) => {
    const token = jest.fn(() => Promise.resolve(TOKEN));
    return { token, ...revoking(replies, { token, ...request }, { effort: "person" }) };
  };

  it("does not read the token where its jti does", async () => {
    const { token, outcome } = person([answered(204)]);
    expect(await outcome).toMatchObject({ kind: "accepted", by: "jti" });
    expect(token).not.toHaveBeenCalled();
  });

  it.each([
    ["revoked", { is_revoked: true }],
    ["revoked", { is_revoked: true, is_expired: true }],
    ["expired", { is_expired: true }],
  ])("does not read the token where the list shows it %s: %j", async (kind, over) => {
    const { token, sent, outcome } = person([NO_JTI, listed([row(over)])]);
    expect(await outcome).toMatchObject({ kind, says: "the store's list", by: "jti" });
    expect(token).not.toHaveBeenCalled();
    expect(sent).toEqual(["jti present", "list present"]);
  });

  it.each([
    ["no route", NO_ROUTE],
    ["no such jti", NO_JTI],
    ["another account", OTHER_ACCOUNT],
    ["no valid token", INVALID],
    ["405", refused(405, "no")],
  ])("goes by the token's text after %s, which the list does not explain", async (_, refusal) => {
    const { token, sent, outcome } = person([refusal, listed([row()]), answered(204)]);
    expect(await outcome).toMatchObject({ kind: "accepted", by: "value" });
    expect(token).toHaveBeenCalledTimes(1);
    expect(sent).toEqual(["jti present", "list present", "value present"]);
  });

  it("reads the list to its end, page by page", async () => {
    const pages = [listed([row({ jti: "b" })], 3), listed([row({ jti: "c" })], 3), listed([row({ is_revoked: true })], 3)];
    const { sent, outcome } = person([NO_JTI, ...pages]);
    expect(await outcome).toMatchObject({ kind: "revoked" });
    expect(sent).toEqual(["jti present", "list present", "list present", "list present"]);
  }); // prettier-ignore

  it("does not try the text where the store can revoke no more", async () => {
    const { token, sent, outcome } = person([LIMIT, listed([row()])]);
    expect(await failed(outcome)).toMatchObject({ code: "revocation_limit" });
    expect(token).not.toHaveBeenCalled();
    expect(sent).toEqual(["jti present", "list present"]);
  });

  it("does not try the text after a refused credential, and reads no list", async () => {
    const { token, sent, outcome } = person([answered(403)]);
    expect(await failed(outcome)).toMatchObject({ code: "forbidden" });
    expect([sent, token.mock.calls]).toEqual([["jti present"], []]);
  });

  it("ends with the jti's refusal where nobody has the text", async () => {
    const { sent, outcome } = person([INVALID, listed([row()])], { token: undefined });
    expect(await failed(outcome)).toMatchObject({ code: "jwt_invalid" });
    expect(sent).toEqual(["jti present", "list present"]);
  });

  it("sends nothing where the jti fits into no URL and nobody has the text", async () => {
    const { sent, outcome } = person([], { jti: "revoke-all", token: undefined });
    await expect(outcome).rejects.toMatchObject({ code: "token_unreadable" });
    expect(sent).toEqual([]);
  });

  it("shares six attempts between jti and text, as an update does", async () => {
    const busy = answered(503);
    const { sent, outcome } = person([busy, busy, busy, busy, busy, NO_ROUTE, listed([row()])]);
    expect(await failed(outcome)).toMatchObject({ code: "not_found", failure: { outcome: "UNKNOWN" } });
    expect(sent.filter((line) => !line.startsWith("list"))).toEqual(Array(6).fill("jti present"));
  });

  it("counts an earlier attempt that got no answer as the one that revoked the token", async () => {
    const { outcome } = person([lost, NO_JTI, listed([row({ is_revoked: true })])]);
    expect(await outcome).toMatchObject({ kind: "accepted", says: "BigCommerce", by: "jti" });
  });

  it("asks GraphQL once the text is known, and not the list again", async () => {
    const { sent, outcome } = person([NO_JTI, listed([row()]), INVALID, says("Unknown JWT token")]);
    expect(await outcome).toMatchObject({ kind: "revoked", says: "the store's GraphQL API", by: "value" });
    expect(sent).toEqual(["jti present", "list present", "value present", "graphql"]);
  });
});

it("an update's revocation goes by the text only where the jti's route is missing", async () => {
  const token = jest.fn(() => Promise.resolve(TOKEN));
  const missing = revoking([NO_ROUTE, answered(204)], { token }, {});
  expect(await missing.outcome).toMatchObject({ kind: "accepted", by: "value" });
  expect(missing.sent).toEqual(["jti present", "value present"]);
  const other = revoking([INVALID, listed([row()])], { token }, {});
  expect(await failed(other.outcome)).toMatchObject({ code: "jwt_invalid" });
  expect(other.sent).toEqual(["jti present", "list present"]);
  expect(token).toHaveBeenCalledTimes(1);
});
