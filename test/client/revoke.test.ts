import type { RevokeRequest } from "../../provider/bigcommerce/client";
import { ACCEPTED, clientWith, CREDENTIAL, failed, fastClock, REVOKE, targetAt, TOKEN } from "./fixtures";
import { closeServers, cut, problem, reply, reset, serve, type Step } from "./servers";

afterEach(closeServers);

const BY_HEADER = "/stores/{store_hash}/v3/storefront/api-token";
const BY_JTI = "/stores/{store_hash}/v3/storefront/api-token-private/{jti}";
const JTI = "0b7e9a3c-4d1f-4b1e-9a3c-1d2e3f4a5b6c";

const revokeAt = (url: string, over: Partial<RevokeRequest> = {}) =>
  clientWith().revoke([targetAt(url)], { ...REVOKE, ...over });
const lines = (requests: readonly string[]) => requests.map((request) => request.split(" HTTP", 1)[0]);

describe("a revocation that is accepted", () => {
  it.each([
    ["[R1] 200 and {}", reply(200, "{}")],
    ["[R1] 200 and nothing", reply(200)],
    ["200 and an empty page", reply(200, "", { "Content-Type": "text/html" })],
    ["[R1] 202", reply(202, { data: null })],
    ["[R1] 204", "HTTP/1.1 204 No Content\r\n\r\n"],
  ])("by %s", async (_, answer) => {
    const server = await serve(answer);
    await expect(revokeAt(server.url)).resolves.toEqual(ACCEPTED);
    expect(lines(server.requests)).toEqual(["DELETE /stores/abc123/v3/storefront/api-token"]);
  });

  it("[R19,S7] carries the token byte for byte in its header and nowhere else", async () => {
    const server = await serve(reply(200));
    await revokeAt(server.url);
    const [request] = server.requests;
    expect(request).toContain(`\r\nSf-Api-Token: ${TOKEN}\r\n`);
    expect(request).toContain(`\r\nX-Auth-Token: ${CREDENTIAL}\r\n`);
    expect(request!.split(TOKEN)).toHaveLength(2);
    expect(request).not.toMatch(/content-type|content-length: [1-9]/i);
  });

  it("goes by jti where there is one, without the token", async () => {
    const server = await serve("HTTP/1.1 204 No Content\r\n\r\n");
    await revokeAt(server.url, { jti: JTI });
    expect(lines(server.requests)).toEqual([`DELETE /stores/abc123/v3/storefront/api-token-private/${JTI}`]);
    expect(server.requests[0]).not.toContain(TOKEN);
  });

  it.each([
    ["404 without a title", reply(404, { status: 404, type: "https://developer.bigcommerce.com" })],
    ["404 with another title", problem(404, "The route is not found")],
    ["404 and a page", reply(404, "<html>", { "Content-Type": "text/html" })],
    ["405", problem(405, "Method not allowed")],
  ])("[R3] goes by header after %s for the jti's route", async (_, answer) => {
    const server = await serve(answer, reply(200));
    await expect(revokeAt(server.url, { jti: JTI })).resolves.toEqual(ACCEPTED);
    expect(lines(server.requests)).toEqual([
      `DELETE /stores/abc123/v3/storefront/api-token-private/${JTI}`,
      "DELETE /stores/abc123/v3/storefront/api-token",
    ]);
  });

  it.each(["revoke-all", "a/b", "..", ".", "", "a?b", "a b", "é", "a".repeat(129)])(
    "goes by header for the jti %j, which cannot stand in a path",
    async (jti) => {
      const server = await serve(reply(200));
      await revokeAt(server.url, { jti });
      expect(lines(server.requests)).toEqual(["DELETE /stores/abc123/v3/storefront/api-token"]);
    },
  );
});

describe("a revocation that is refused", () => {
  it.each<[number, string, string]>([
    [401, "No.", "unauthorized"],
    [403, "You don't have a required scope to access the endpoint", "forbidden"],
    [404, "The store is not found", "not_found"],
    [404, "No token found for the supplied jti.", "not_found"],
    [405, "Method not allowed", "rejected"],
    [422, "The supplied JWT is invalid.", "jwt_invalid"],
    [422, "the supplied JWT is  invalid", "jwt_invalid"],
    [422, "The token doesn't belong to the client", "other_account"],
    [422, "The token doesn’t belong to the client.", "other_account"],
    [422, "Store cannot revoke more tokens. Limit # of revoked tokens already reached.", "revocation_limit"],
    [422, "Sf-Api-Token header has to be provided.", "rejected"],
    [422, "Le JWT fourni est invalide.", "rejected"],
    [422, "Not so: The supplied JWT is invalid.", "rejected"],
    [400, "The supplied JWT is invalid.", "rejected"],
    [409, "busy", "rejected"],
  ])("%i %s: %s, and is not sent again", async (status, title, code) => {
    const server = await serve(problem(status, title));
    const error = await failed(revokeAt(server.url));
    expect(error).toMatchObject({
      code,
      failure: { outcome: "REJECTED", method: "DELETE", pathTemplate: BY_HEADER, status },
    });
    expect(error.message).toContain("Revoking token 0123456789abcdef");
    expect(server.requests).toHaveLength(1);
  });

  it.each(["detail", "errors"])("is understood where its text stands under %s", async (key) => {
    const text = "The token doesn't belong to the client";
    const server = await serve(reply(422, { status: 422, [key]: key === "errors" ? { token: text } : text }));
    expect((await failed(revokeAt(server.url))).code).toBe("other_account");
  });

  it("knows a jti that is not found, and judges it without a second request", async () => {
    const server = await serve(problem(404, "No token found for the supplied jti."));
    const error = await failed(revokeAt(server.url, { jti: JTI }));
    expect(error).toMatchObject({
      code: "jti_not_found",
      failure: { pathTemplate: BY_JTI, outcome: "REJECTED" },
    });
    expect(error.message).not.toContain(JTI);
    expect(server.requests.map((request) => request.split(" ", 1)[0])).toEqual(["DELETE", "GET"]);
  });

  it("is judged by the header's answer once the jti's route is missing", async () => {
    const server = await serve(problem(404, "no route"), problem(422, "The supplied JWT is invalid."));
    const error = await failed(revokeAt(server.url, { jti: JTI }));
    expect(error).toMatchObject({ code: "jwt_invalid", failure: { pathTemplate: BY_HEADER, status: 422 } });
    expect(server.requests.map((request) => request.split(" ", 1)[0])).toEqual(["DELETE", "DELETE", "GET"]);
  });

  it.each([401, 403, 429])("says of %i until when the token works", async (status) => {
    const server = await serve(problem(status, "no"));
    expect((await failed(revokeAt(server.url))).message).toContain(
      "the token works until 2030-01-02T03:04:05Z",
    );
  });

  it.each([
    [
      "[R2] a login page",
      reply(200, "<html>Sign in</html>", { "Content-Type": "text/html" }),
      "reply_malformed",
    ],
    ["half a body", reply(200, '{"da'), "reply_malformed"],
    ["201", reply(201, "{}"), "reply_malformed"],
    ["206", reply(206), "reply_malformed"],
    ["304", reply(304), "reply_malformed"],
    ["errors in the body", reply(200, { errors: [{ message: "no" }] }), "rejected"],
    ["a status in the body", reply(200, { status: 500 }), "rejected"],
  ])("takes %s for no success", async (_, answer, code) => {
    const server = await serve(answer);
    expect(await failed(revokeAt(server.url))).toMatchObject({ code, failure: { outcome: "UNKNOWN" } });
    expect(server.requests).toHaveLength(1);
  });
});

describe("a revocation that is sent again", () => {
  it.each<[string, Step]>([
    ["429", problem(429, "")],
    ["500", problem(500, "")],
    ["502", reply(502, "<html>")],
    ["503", problem(503, "")],
    ["504", problem(504, "")],
    ["507", problem(507, "")],
    ["408", problem(408, "")],
    ["a reset", reset],
    ["half a head", cut("HTTP/1.1 20")],
    ["half a body", cut("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{")],
  ])("[R7] after %s", async (_, fault) => {
    const server = await serve(fault, fault, reply(200));
    await expect(revokeAt(server.url)).resolves.toEqual(ACCEPTED);
    expect(server.requests).toHaveLength(3);
  });

  it.each<[string, Step, string]>([
    ["429", problem(429, ""), "rate_limited"],
    ["503", problem(503, ""), "server_error"],
    ["a reset", reset, "connection_failed"],
  ])("[R7] fails after six times %s", async (_, fault, code) => {
    const server = await serve(fault);
    const error = await failed(revokeAt(server.url));
    expect(error.code).toBe(code);
    expect(error.message).toContain("6 attempts");
    expect(server.requests).toHaveLength(6);
  });

  it.each([501, 505])("[H10] but not after %i", async (status) => {
    const server = await serve(problem(status, ""));
    expect((await failed(revokeAt(server.url))).code).toBe("server_error");
    expect(server.requests).toHaveLength(1);
  });

  it("[R7] shares its six attempts between jti and header, and remembers that one of them may have been accepted", async () => {
    const busy = problem(503, "");
    const server = await serve(busy, busy, busy, busy, busy, problem(404, "no route"), reply(200));
    const error = await failed(revokeAt(server.url, { jti: JTI }));
    expect(error).toMatchObject({ code: "not_found", failure: { outcome: "UNKNOWN" } });
    expect(server.requests.filter((request) => request.startsWith("DELETE"))).toHaveLength(6);
  });

  it("is sent six times in all where the header's route stays busy", async () => {
    const server = await serve(problem(404, "no route"), problem(503, ""));
    expect((await failed(revokeAt(server.url, { jti: JTI }))).message).toContain("6 attempts");
    expect(server.requests).toHaveLength(6);
  });

  it("stays unknown when an earlier attempt may have been accepted", async () => {
    const server = await serve(reset, problem(422, "The supplied JWT is invalid."));
    const error = await failed(revokeAt(server.url));
    expect(error).toMatchObject({ code: "jwt_invalid", failure: { outcome: "UNKNOWN", status: 422 } });
  });

  it("waits longer each time", async () => {
    const clock = fastClock();
    const server = await serve(problem(503, ""));
    await failed(clientWith(clock).revoke([targetAt(server.url)], REVOKE));
    expect(clock.slept).toEqual([500, 1_000, 2_000, 4_000, 8_000]);
  });
});
