import { clientWith, CREDENTIAL, failed, MINT, NOW_MS, targetAt, TOKEN, USER_AGENT } from "./fixtures";
import { closeServers, minted, problem, reply, serve } from "./servers";

afterEach(closeServers);

const DATE = new Date(NOW_MS).toUTCString();
const mintAt = (url: string) => clientWith().mint(targetAt(url), MINT);

describe("a mint that succeeds", () => {
  it("[H1] sends one POST with exactly the credential, the body and no more", async () => {
    const server = await serve(minted(TOKEN, { Date: DATE }));
    await expect(mintAt(server.url)).resolves.toEqual({ token: TOKEN });

    const [head, body] = server.requests[0]!.split("\r\n\r\n");
    const [line, ...headers] = head!.split("\r\n");
    expect(line).toBe("POST /stores/abc123/v3/storefront/api-token-private HTTP/1.1");
    expect(headers.map((header) => header.toLowerCase()).sort()).toEqual(
      [
        `x-auth-token: ${CREDENTIAL.toLowerCase()}`,
        "accept: application/json",
        "accept-encoding: identity",
        "content-type: application/json",
        `content-length: ${body!.length}`,
        `user-agent: ${USER_AGENT}`,
        `host: 127.0.0.1:${server.port}`,
        "connection: close",
      ].sort(),
    );
    expect(head).toContain(CREDENTIAL);
    expect(JSON.parse(body!)).toEqual(MINT.body);
    expect(server.requests).toHaveLength(1);
  });

  it.each([
    ["[H1] 200", minted(TOKEN)],
    ["[H2] 201", reply(201, { data: { token: TOKEN } })],
    ["[B5] a byte order mark", reply(200, `\uFEFF{"data":{"token":"${TOKEN}"}}`)],
    ["[B11] unknown fields", reply(200, { data: { token: TOKEN, id: 7 }, meta: { a: [] }, more: null })],
    ["empty errors", reply(200, { data: { token: TOKEN }, errors: {}, status: 200 })],
    ["[H14] 103 before it", `HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${minted(TOKEN)}`],
    ["[N19] HTTP/1.0", minted(TOKEN).replace("HTTP/1.1", "HTTP/1.0")],
    ["no length", minted(TOKEN).replace(/Content-Length: \d+\r\n/, "")],
    ["no content type", minted(TOKEN).replace("Content-Type: application/json\r\n", "")],
    ["[B7] a polluting key", reply(200, `{"__proto__":{"x":1},"data":{"token":"${TOKEN}"}}`)],
    ["[B6] the last of two tokens", reply(200, `{"data":{"token":"first.one.x","token":"${TOKEN}"}}`)],
    ["[B6] the last of two data", reply(200, `{"data":{"token":"first.one.x"},"data":{"token":"${TOKEN}"}}`)],
  ])("takes the token from %s", async (_, answer) => {
    const server = await serve(answer);
    await expect(mintAt(server.url)).resolves.toEqual({ token: TOKEN });
    expect(server.requests).toHaveLength(1);
    expect(({} as Record<string, unknown>)["x"]).toBeUndefined();
  });

  it.each([undefined, "yesterday", "2026-10-01T12:00:00Z", "Fri, 01 Oct 2026 12:00:00 GMT"])(
    "[C8] is none the worse for the date %j",
    async (date) => {
      const server = await serve(minted(TOKEN, date === undefined ? {} : { Date: date }));
      await expect(mintAt(server.url)).resolves.toEqual({ token: TOKEN });
    },
  );

  it("[N7] opens a connection of its own each time", async () => {
    const server = await serve(minted(TOKEN, { Connection: "keep-alive" }));
    await mintAt(server.url);
    await mintAt(server.url);
    expect(server.connections()).toBe(2);
  });
});

describe("a mint that is refused", () => {
  it.each<[string, number, string, string]>([
    ["H3", 400, "rejected", ""],
    ["H5", 401, "unauthorized", "env BIGCOMMERCE_ACCESS_TOKEN"],
    ["H6", 403, "forbidden", "Storefront API Tokens: manage"],
    ["H7", 404, "not_found", "Check the store hash"],
    ["H8", 405, "rejected", ""],
    ["H8", 406, "rejected", ""],
    ["H8", 409, "rejected", ""],
    ["H8", 413, "rejected", ""],
    ["H8", 415, "rejected", ""],
    ["H3", 422, "rejected", ""],
    ["H8", 423, "rejected", "Some title"],
    ["H8", 451, "rejected", ""],
  ])("[%s] %i is %s, and is not sent again", async (_row, status, code, hint) => {
    const server = await serve(problem(status, "Some title"));
    const error = await failed(mintAt(server.url));
    expect(error).toMatchObject({
      code,
      failure: {
        outcome: "REJECTED",
        method: "POST",
        pathTemplate: "/stores/{store_hash}/v3/storefront/api-token-private",
        status,
        title: "Some title",
      },
    });
    expect(error.message).toContain(
      `POST /stores/{store_hash}/v3/storefront/api-token-private (store abc123)`,
    );
    expect(error.message).toContain(`answered ${status}, "Some title" [REJECTED]`);
    expect(error.message).toContain(hint);
    expect(error.message).not.toContain("may exist");
    expect(server.requests).toHaveLength(1);
  });

  it("[H6] says of a 403 that a wrong store hash gets the same answer", async () => {
    const server = await serve(problem(403, "You don't have a required scope to access the endpoint"));
    expect((await failed(mintAt(server.url))).message).toContain(
      "check the store hash: a wrong one gets the same",
    );
  });

  it("[H3] shows the field messages and the request id", async () => {
    const key = "allowed_cors_origins:has_invalid_suffix";
    const answer = problem(422, `The following fields are invalid: ${key}`, {
      errors: { [key]: "A trailing slash." },
    });
    const server = await serve(answer.replace("\r\n", `\r\nX-Request-Id: 7f00-aa\r\nDate: ${DATE}\r\n`));
    const error = await failed(mintAt(server.url));
    expect(error.failure).toMatchObject({
      title: `The following fields are invalid: ${key}; A trailing slash.`,
      requestId: "7f00-aa",
      serverTimeMs: NOW_MS,
    });
    expect(error.message).toContain("request 7f00-aa");
  });

  it.each([undefined, "yesterday", "1790856000000", "2026-10-01T12:00:00Z", "Fri, 01 Oct 2026 12:00:00 GMT"])(
    "[C8] tells no time of the server by the date %j",
    async (date) => {
      const server = await serve(reply(404, "{}", date === undefined ? {} : { Date: date }));
      expect((await failed(mintAt(server.url))).failure).not.toHaveProperty("serverTimeMs");
    },
  );

  it.each([
    ["an empty body", reply(422)],
    ["no title", reply(422, { status: 422 })],
    ["a body of another kind", reply(422, "<html>no</html>", { "Content-Type": "text/html" })],
    ["odd types", reply(422, { title: 7, errors: [null, 1, {}] })],
    ["a list", reply(422, "[1]")],
  ])("stays clean with %s", async (_, answer) => {
    const server = await serve(answer);
    const error = await failed(mintAt(server.url));
    expect(error).toMatchObject({ code: "rejected", failure: { outcome: "REJECTED", status: 422 } });
    expect(error.failure.title).toBeUndefined();
  });

  it("keeps to 500 characters whatever the server and the settings say", async () => {
    const long = "word ".repeat(2_000);
    const server = await serve(problem(401, long).replace("\r\n", `\r\nX-Request-Id: ${"r".repeat(64)}\r\n`));
    const target = targetAt(server.url, { credentialSource: "s".repeat(3_000), storeHash: "h".repeat(32) });
    const error = await failed(clientWith().mint(target, MINT));
    expect(error.failure.title).toBe("the server's text was left out");
    expect(error.message).toContain("set a valid one there.");
    const scoped = await serve(problem(403, long));
    const request = { ...MINT, oauthScope: "s".repeat(600) };
    expect((await failed(clientWith().mint(targetAt(scoped.url), request))).message).toHaveLength(500);
  });
});

describe("a mint of which nobody knows", () => {
  it.each<[string, string, string]>([
    ["500", problem(500, "oh"), "server_error"],
    ["[H10] 501", problem(501, "oh"), "server_error"],
    ["[H11] 502", reply(502, "<html>", { "Content-Type": "text/html" }), "server_error"],
    [
      "[H12] 503 that says when to come back",
      problem(503, "oh").replace("\r\n", "\r\nRetry-After: 1\r\n"),
      "server_error",
    ],
    [
      "[L11] 500 with pacing",
      problem(500, "oh").replace("\r\n", "\r\nX-Rate-Limit-Time-Reset-Ms: 5\r\n"),
      "server_error",
    ],
    ["[H13] 507", problem(507, "oh"), "server_error"],
    ["[H13] 599", problem(599, "oh"), "server_error"],
    ["[H13] 600", problem(600, "oh"), "reply_malformed"],
    ["[H13] 999", problem(999, "oh"), "reply_malformed"],
    ["[H17] 408", problem(408, "oh"), "timeout"],
    ["[H17] 499", problem(499, "oh"), "timeout"],
    ["[H16] 304", reply(304), "reply_malformed"],
    ["[H18] 200 that says 500", reply(200, { status: 500 }), "rejected"],
    ["[H18] 200 that says errors", reply(200, { errors: { a: "b" } }), "rejected"],
  ])("%s: one request, and the error says what may exist", async (_, answer, code) => {
    const server = await serve(answer);
    const error = await failed(mintAt(server.url));
    expect(error).toMatchObject({ code, failure: { outcome: "UNKNOWN" } });
    expect(error.message).toContain("A token valid until 2030-01-02T03:04:05Z may exist");
    expect(server.requests).toHaveLength(1);
  });

  it("shows the title of a failure of the server", async () => {
    const server = await serve(problem(503, "The store is down for maintenance"));
    const error = await failed(mintAt(server.url));
    expect(error.failure.title).toBe("The store is down for maintenance");
    expect(error.message).toContain('answered 503, "The store is down for maintenance" [UNKNOWN]');
  });

  it("says of a token without end that it never expires", async () => {
    const server = await serve(problem(500, "oh"));
    const error = await failed(clientWith().mint(targetAt(server.url), { ...MINT, expiry: "never" }));
    expect(error.message).toContain("A token that never expires may exist");
  });

  it("[H18] is rejected where a status of success says 4xx in its body", async () => {
    const server = await serve(reply(200, { status: 422, title: "no" }));
    const error = await failed(mintAt(server.url));
    expect(error).toMatchObject({ code: "rejected", failure: { outcome: "REJECTED", title: "no" } });
  });
});
