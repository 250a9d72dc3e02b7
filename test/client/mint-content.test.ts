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
    ["[B1] nothing", ""],
    ["[B1] a space", " "],
    ["[B1] null", "null"],
    ["[B1] an empty list", "[]"],
    ["[B1] a text", '"x"'],
    ["[B1] a number", "7"],
    ["[B1] an empty object", "{}"],
    ["[B1] data of null", '{"data":null}'],
    ["[B1] data of an empty list", '{"data":[]}'],
    ["[B1] data in a list", `[{"data":{"token":"${TOKEN}"}}]`],
    ["[B2] no token", '{"data":{}}'],
    ["[B2] a token of null", '{"data":{"token":null}}'],
    ["[B2] a token of 0", '{"data":{"token":0}}'],
    ["[B2] a token of true", '{"data":{"token":true}}'],
    ["[B2] an object for a token", '{"data":{"token":{}}}'],
    ["[B2] a list for a token", '{"data":{"token":["a.b.c"]}}'],
    ["[B2] an empty token", '{"data":{"token":""}}'],
    ["[B2] a token in the wrong place", `{"token":"${TOKEN}"}`],
    ["[B7] data of a prototype", `{"__proto__":{"data":{"token":"${TOKEN}"}}}`],
    ["[B7] a token of a prototype", `{"data":{"__proto__":{"token":"${TOKEN}"}}}`],
    ["[B7] a token of a constructor", `{"data":{"constructor":{"prototype":{"token":"${TOKEN}"}}}}`],
    ["[B3] a token of 100 kB", `{"data":{"token":"${TOKEN}${"a".repeat(100_000)}"}}`],
    ["[N12] JSON that was cut", `{"data":{"token":"${TOKEN}"}`],
    ["[B10] JSON with something behind", `{"data":{"token":"${TOKEN}"}} trailing`],
    ["[B10] no JSON", `MINTED_${TOKEN}`],
    ["[B9] a page", `<html>${TOKEN}</html>`],
    ["[B8] lists of lists", "[".repeat(60_000)],
    ["[B8] whole lists of lists", `${"[".repeat(32_000)}${"]".repeat(32_000)}`],
    ["[B8] objects of objects", '{"a":'.repeat(12_000)],
  ])("%s is no success, and nothing else is sent", async (_, body) => {
    const { error, methods } = await content(reply(200, body));
    expect(error).toMatchObject({ code: "reply_malformed", failure: { outcome: "UNKNOWN", status: 200 } });
    expect(error.message).toContain("may exist");
    expect(methods).toEqual(["POST"]);
  });

  it.each([202, 203, 204, 205, 206, 207, 299])("[H2] %i is unknown", async (status) => {
    const { error, methods } = await content(reply(status));
    expect(error).toMatchObject({ code: "reply_malformed", failure: { outcome: "UNKNOWN", status } });
    expect(methods).toEqual(["POST"]);
  });

  it("[B9] names the content type of a page, and nothing of the page", async () => {
    const page = reply(200, "<h1>Sign in to Example Corp</h1>", {
      "Content-Type": "text/html; charset=utf-8",
    });
    const { error } = await content(page);
    expect(error.message).toContain("text/html");
    expect(error.message).not.toContain("Example");
  });

  it.each([
    ["[B5] UTF-16", Buffer.from(`{"data":{"token":"${TOKEN}"}}`, "utf16le")],
    ["[B5] latin-1", Buffer.from(`{"data":{"token":"${TOKEN}é"}}`, "latin1")],
  ])("%s is not taken for UTF-8", async (_, body) => {
    const head = `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;
    const { error, methods } = await content(Buffer.concat([Buffer.from(head), body]));
    expect(error).toMatchObject({ code: "reply_malformed", failure: { outcome: "UNKNOWN" } });
    expect(methods).toEqual(["POST"]);
  });
});

describe("a token that no header can carry", () => {
  it.each([
    ["[B3] line breaks", `${TOKEN}\r\nX-Evil: 1`],
    ["[B3] NUL", `${TOKEN}\u0000`],
    ["[B3] a space", `${TOKEN} `],
    ["[B2] spaces alone", "   "],
    ["[B3] another alphabet", `${TOKEN}é`],
    ["[B3] a byte order mark", `\uFEFF${TOKEN}`],
    ["[B3] 20 kB", `${TOKEN}${"a".repeat(20_000)}`],
  ])("%s: is neither kept nor sent back", async (_, token) => {
    const { error, methods } = await content(minted(token));
    expect(error).toMatchObject({ code: "reply_malformed", failure: { outcome: "UNKNOWN" } });
    expect(error.message).toContain("the token in the reply could not be revoked");
    expect(methods).toEqual(["POST"]);
  });
});

describe("a token in a reply that cannot be trusted", () => {
  it.each<[string, string, string]>([
    ["[B4] not of three parts", minted(STRAY), STRAY],
    ["[B4] of two parts", minted(`${STRAY}.b`), `${STRAY}.b`],
    ["[B4] of four parts", minted(`${TOKEN}.d`), `${TOKEN}.d`],
    ["[B4] with an empty part", minted("a..c"), "a..c"],
    ["[B4] with padding", minted("a.b.c="), "a.b.c="],
    ["[B3] with a quotation mark", minted(`${TOKEN}"`), `${TOKEN}"`],
    ["[H2] under 202", reply(202, { data: { token: TOKEN } }), TOKEN],
    ["[H18] beside errors", reply(200, { data: { token: TOKEN }, errors: { a: "b" } }), TOKEN],
    ["[H18] beside a status of 500", reply(200, { data: { token: TOKEN }, status: 500 }), TOKEN],
  ])("%s is revoked once, and the mint fails as rejected", async (_, answer, token) => {
    const { error, server } = await content(answer, reply(200, "{}"));
    expect(error.failure.outcome).toBe("REJECTED");
    expect(error.message).toContain("accepted the revocation of the token in the reply");
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
  ])(
    "[B4] stays unknown when its revocation is answered by %s, and is not revoked twice",
    async (_, answer) => {
      const { error, methods } = await content(minted(STRAY), answer);
      expect(error).toMatchObject({ code: "reply_malformed", failure: { outcome: "UNKNOWN", status: 200 } });
      expect(error.message).toContain("the token in the reply could not be revoked");
      expect(error.message).toContain("may exist");
      expect(methods).toEqual(["POST", "DELETE"]);
    },
  );

  it("is not shown where the same reply echoes it", async () => {
    const { error } = await content(
      reply(200, { data: { token: STRAY }, title: `got ${STRAY}` }),
      reply(204),
    );
    expect(error.failure.title).toBe("got ***");
  });
});
