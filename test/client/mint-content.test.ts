import { clientWith, failed, MINT, targetAt, TOKEN } from "./fixtures";
import { closeServers, minted, problem, reply, serve, type Step } from "./servers";

afterEach(closeServers);

const STRAY = "stray-token-of-one-part";
const mintAt = (url: string) => clientWith().mint(targetAt(url), MINT);

async function content(...steps: Step[]) {
  const server = await serve(...steps);
  const error = await failed(mintAt(server.url), [STRAY]);
  return { error, methods: server.requests.map((request) => request.split(" ", 1)[0]), server };
}

describe("a status of success without a token", () => {
  it.each([
    "",
    " ",
    "null",
    "[]",
    '"x"',
    "7",
    "{}",
    '{"data":null}',
    '{"data":[]}',
    '{"data":{}}',
    '{"data":{"token":null}}',
    '{"data":{"token":0}}',
    '{"data":{"token":true}}',
    '{"data":{"token":{}}}',
    '{"data":{"token":["a.b.c"]}}',
    '{"data":{"token":""}}',
    `{"token":"${TOKEN}"}`,
    `{"__proto__":{"data":{"token":"${TOKEN}"}}}`,
    `{"data":{"__proto__":{"token":"${TOKEN}"}}}`,
    `[{"data":{"token":"${TOKEN}"}}]`,
    `{"data":{"token":"${TOKEN}"}`,
    `{"data":{"token":"${TOKEN}"}} trailing`,
    `MINTED_${TOKEN}`,
    `<html>${TOKEN}</html>`,
    "[".repeat(60_000),
    '{"a":'.repeat(12_000),
  ])("%.40s is no success, and nothing else is sent", async (body) => {
    const { error, methods } = await content(reply(200, body));
    expect(error).toMatchObject({ code: "malformed_reply", failure: { outcome: "UNKNOWN", status: 200 } });
    expect(error.message).toContain("may exist");
    expect(methods).toEqual(["POST"]);
  });

  it.each([202, 203, 204, 205, 206, 207, 299])("%i is unknown", async (status) => {
    const { error, methods } = await content(reply(status));
    expect(error).toMatchObject({ code: "malformed_reply", failure: { outcome: "UNKNOWN", status } });
    expect(methods).toEqual(["POST"]);
  });

  it("names the content type of a page, and nothing of the page", async () => {
    const page = reply(200, "<h1>Sign in to Example Corp</h1>", {
      "Content-Type": "text/html; charset=utf-8",
    });
    const { error } = await content(page);
    expect(error.message).toContain("text/html");
    expect(error.message).not.toContain("Example");
  });

  it.each([
    ["UTF-16", Buffer.from(`{"data":{"token":"${TOKEN}"}}`, "utf16le")],
    ["latin-1", Buffer.from(`{"data":{"token":"${TOKEN}é"}}`, "latin1")],
  ])("%s is not taken for UTF-8", async (_, body) => {
    const head = `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;
    const { error, methods } = await content(Buffer.concat([Buffer.from(head), body]));
    expect(error).toMatchObject({ code: "malformed_reply", failure: { outcome: "UNKNOWN" } });
    expect(methods).toEqual(["POST"]);
  });
});

describe("a token that no header can carry", () => {
  it.each([
    ["line breaks", `${TOKEN}\r\nX-Evil: 1`],
    ["NUL", `${TOKEN}\u0000`],
    ["a space", `${TOKEN} `],
    ["another alphabet", `${TOKEN}é`],
    ["a byte order mark", `\uFEFF${TOKEN}`],
    ["10 kB", `${TOKEN}${"a".repeat(10_000)}`],
  ])("with %s is neither kept nor sent back", async (_, token) => {
    const { error, methods } = await content(minted(token));
    expect(error).toMatchObject({ code: "malformed_reply", failure: { outcome: "UNKNOWN" } });
    expect(error.message).toContain("the token in it could not be revoked");
    expect(methods).toEqual(["POST"]);
  });
});

describe("a token in a reply that cannot be trusted", () => {
  it.each<[string, string, string]>([
    ["not of three parts", minted(STRAY), STRAY],
    ["of two parts", minted(`${STRAY}.b`), `${STRAY}.b`],
    ["of four parts", minted(`${TOKEN}.d`), `${TOKEN}.d`],
    ["with an empty part", minted("a..c"), "a..c"],
    ["with padding", minted("a.b.c="), "a.b.c="],
    ["under 202", reply(202, { data: { token: TOKEN } }), TOKEN],
    ["beside errors", reply(200, { data: { token: TOKEN }, errors: { a: "b" } }), TOKEN],
    ["beside a status of 500", reply(200, { data: { token: TOKEN }, status: 500 }), TOKEN],
  ])("%s is revoked once, and the mint fails as rejected", async (_, answer, token) => {
    const { error, server } = await content(answer, reply(200, "{}"));
    expect(error.failure.outcome).toBe("REJECTED");
    expect(error.message).toContain("accepted to revoke the token in it");
    expect(error.message).not.toContain("may exist");
    expect(server.requests).toHaveLength(2);
    expect(server.requests[1]).toMatch(/^DELETE \/stores\/abc123\/v3\/storefront\/api-token HTTP/);
    expect(server.requests[1]).toContain(`\r\nSf-Api-Token: ${token}\r\n`);
  });

  it.each([
    ["422", problem(422, `The supplied JWT ${STRAY} is invalid.`)],
    ["500", problem(500, "oh")],
    ["429", problem(429, "slow")],
    ["a page", reply(200, "<html>")],
  ])("stays unknown when its revocation is answered by %s, and is not revoked twice", async (_, answer) => {
    const { error, methods } = await content(minted(STRAY), answer);
    expect(error).toMatchObject({ code: "malformed_reply", failure: { outcome: "UNKNOWN", status: 200 } });
    expect(error.message).toContain("the token in it could not be revoked");
    expect(error.message).toContain("may exist");
    expect(methods).toEqual(["POST", "DELETE"]);
  });

  it("is not shown where the same reply echoes it", async () => {
    const { error } = await content(
      reply(200, { data: { token: STRAY }, title: `got ${STRAY}` }),
      reply(204),
    );
    expect(error.failure.title).toBe("got ***");
  });
});
