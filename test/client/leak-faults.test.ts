import type { ApiError } from "../../provider/bigcommerce/errors";
import { certificateFor } from "./certificate";
import { clientWith, CREDENTIAL, failed, fastClock, MINT, REVOKE, targetAt, TOKEN } from "./fixtures";
import { leaksOf } from "./leak-channels";
import { closeServers, problem, reply, serve, serveTls, type Step } from "./servers";
import { restoreEnv, setEnv } from "./trusting-process";

afterEach(async () => {
  restoreEnv();
  await closeServers();
});

const SECRETS = [CREDENTIAL, TOKEN];

async function leakless(promise: Promise<unknown>): Promise<ApiError> {
  const error = await failed(promise);
  expect(leaksOf(error, SECRETS)).toBe(0);
  return error;
}

const mintAt = (url: string) => leakless(clientWith().mint(targetAt(url), MINT));

describe("a location", () => {
  const inPath = encodeURIComponent(CREDENTIAL);
  it.each([
    ["the query", `https://other.example/?t=${TOKEN}&c=${inPath}`],
    ["the path", `https://other.example/${TOKEN}/${inPath}`],
    ["the fragment", `https://other.example/#${TOKEN}`],
    ["the user's name and password", `https://${TOKEN}:${inPath}@other.example/`],
    ["a host", `https://${TOKEN.slice(-20, -2)}.other.example/`],
    ["no URL at all", TOKEN],
  ])("[T4] is shown without a secret in %s", async (_, location) => {
    const server = await serve(reply(307, "", { Location: location }));
    const error = await leakless(clientWith().revoke([targetAt(server.url)], REVOKE));
    expect(error.code).toBe("unexpected_redirect");
    expect(error.message).not.toMatch(/[?#@]|other\.example\//);
  });
});

describe("a reply that the parser refuses", () => {
  it.each([
    ["an unquoted word", "unquoted-word"],
    ["a broken string", '{"data":{"token":"broken-off'],
    ["a page", "<html>a-page</html>"],
    ["a number too many", '{"a":1} 777'],
  ])("[B10] is not quoted: %s", async (_, body) => {
    const server = await serve(reply(200, body));
    const error = await mintAt(server.url);
    expect(error.code).toBe("reply_malformed");
    for (const word of ["unquoted", "broken-off", "a-page", "777", "Unexpected", "position", "JSON at"]) {
      expect(error.message).not.toContain(word);
    }
  });
});

describe("a failure below HTTP", () => {
  it("[S2] holds no secret where TLS is refused", async () => {
    const server = await serveTls(certificateFor(), reply(200));
    expect((await mintAt(server.url)).code).toBe("tls_failed");
  });

  it.each<[string, Step]>([
    ["a refusal", reply(407, CREDENTIAL, { "Proxy-Authenticate": `Basic realm="${TOKEN}"` })],
    ["what is no HTTP", `${TOKEN} ${CREDENTIAL}\r\n\r\n`],
    ["a reset", (socket) => socket.resetAndDestroy()],
  ])("[S2] holds no secret where a proxy answers with %s", async (_, answer) => {
    const proxy = await serve(answer);
    const url = proxy.url.replace("//", `//user:${encodeURIComponent(CREDENTIAL)}@`);
    setEnv({ HTTPS_PROXY: url, https_proxy: url, NO_PROXY: "", no_proxy: "" });
    expect((await mintAt("https://127.0.0.1:1")).failure.outcome).toBe("NOT_SENT");
  });

  it("[S2] holds no secret where the credential cannot be sent", async () => {
    const error = await failed(
      clientWith().mint(targetAt("https://127.0.0.1:1", { accessToken: `${CREDENTIAL}\n` }), MINT),
    );
    expect(leaksOf(error, SECRETS)).toBe(0);
    expect(error.code).toBe("credential_malformed");
  });

  it("[S2] holds no secret where the API URL holds one", async () => {
    const url = `https://user:${encodeURIComponent(CREDENTIAL)}@127.0.0.1:1/?t=${TOKEN}`;
    expect((await mintAt(url)).code).toBe("target_malformed");
  });
});

describe("what a list and GraphQL answer", () => {
  const echo = `${CREDENTIAL} ${TOKEN}`;
  const withList = {
    spentMs: 0,
    queuedMs: 0,

    newName: () => "label#0123456789abcdef0123456789abcdef",
  };

  it.each<[string, Step]>([
    ["an error", problem(500, echo)],
    ["a page", reply(200, echo, { "Content-Type": "text/html" })],
    ["rows that are none", reply(200, { data: [{ jti: echo }] })],
    ["a row of the name", reply(200, { data: [{ jti: TOKEN, name: withList.newName(), is_revoked: false, is_expired: false }] })],
  ])("[S2] does not come into the error of a lost mint: %s", async (_, listed) => {
    const server = await serve((socket, request) => {
      const step = request.startsWith("POST ") ? problem(503, echo) : request.startsWith("GET ") ? listed : problem(422, echo);
      if (typeof step === "function") step(socket, request);
      else socket.end(step);
    });
    await leakless(clientWith(fastClock()).mint(targetAt(server.url), MINT, withList));
  }); // prettier-ignore

  it.each([
    ["the list", "a-b-c", { data: [{ jti: "a-b-c", is_revoked: false, is_expired: false, name: echo }] }],
    ["the list in words", "a-b-c", { title: echo }],
    ["GraphQL alone", undefined, {}],
  ])("[S2] does not come into the error of a refused revocation: %s", async (_, jti, listed) => {
    const server = await serve((socket, request) => {
      socket.end(
        request.startsWith("GET ") ? reply(200, listed) : problem(422, "The supplied JWT is invalid."),
      );
    });
    const request = { ...REVOKE, ...(jti !== undefined && { jti }) };
    await leakless(clientWith(fastClock()).revoke([targetAt(server.url)], request));
  });
});

describe("a mask", () => {
  it.each([12, 31, 64, 300])("[S9] is the same for a secret of %i characters", async (length) => {
    const secret = "s3cret-".repeat(50).slice(0, length);
    const server = await serve(problem(422, `got ${secret}!`));
    const error = await failed(clientWith().mint(targetAt(server.url, { accessToken: secret }), MINT));
    expect(error.failure.title).toBe("got ***!");
  });
});
