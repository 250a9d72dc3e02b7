import type { ApiError } from "../../provider/bigcommerce/errors";
import {
  clientWith,
  CREDENTIAL,
  failed as failedInWords,
  fastClock,
  MINT,
  REVOKE,
  targetAt,
  TOKEN,
} from "./fixtures";
import { leaksOf } from "./leak-channels";
import { closeServers, cut, hang, minted, problem, reply, reset, serve, type Step } from "./servers";

afterEach(closeServers);

/** As in every test of the client, and with a search of every channel for every encoding. */
async function failed(promise: Promise<unknown>, secrets: readonly string[] = []): Promise<ApiError> {
  const error = await failedInWords(promise, secrets);
  expect(leaksOf(error, [CREDENTIAL, TOKEN, ...secrets])).toBe(0);
  return error;
}

const JTI = "0b7e9a3c-4d1f-4b1e-9a3c-1d2e3f4a5b6c";

/** Everything that a request carries, in every form that an answer can have. */
const ECHO = [
  CREDENTIAL,
  TOKEN,
  encodeURIComponent(CREDENTIAL),
  Buffer.from(CREDENTIAL).toString("base64"),
  Buffer.from(`X-Auth-Token: ${CREDENTIAL}`).toString("base64url"),
  Buffer.from(TOKEN).toString("base64"),
  CREDENTIAL.slice(0, 20),
  TOKEN.slice(0, 45),
].join(" ");
const IN_HEADERS = {
  "X-Request-Id": TOKEN.slice(0, 50),
  Location: `https://h/?t=${encodeURIComponent(ECHO)}`,
};

describe("no error shows a credential or a token", () => {
  it.each<[string, Step]>([
    ["[H4] an echo in the title", problem(422, ECHO)],
    ["[H4] an echo in the detail", reply(422, { detail: ECHO })],
    ["[H4] an echo in the field messages", problem(422, "x", { errors: { [ECHO]: ECHO, a: `b ${ECHO}` } })],
    ["[H4] an echo at the end of a long title", problem(422, `${"word ".repeat(38)}${ECHO}`)],
    ["an echo in a reply of success", reply(200, { title: ECHO, errors: { a: ECHO } })],
    ["[B10] an echo that is no JSON", reply(200, ECHO)],
    ["an echo in a page", reply(500, `<p>${ECHO}</p>`, { "Content-Type": "text/html" })],
    ["an echo for a content type", reply(200, "x", { "Content-Type": `text/${CREDENTIAL.slice(0, 20)}` })],
    ["[T4] an echo in headers", reply(307, "", IN_HEADERS)],
    ["an echo in headers of a refusal", reply(401, "", IN_HEADERS)],
    ["an echo for a status line", `HTTP/1.1 400 ${ECHO}\r\n\r\n`],
    ["an echo that is no HTTP", ECHO],
    ["an echo in a broken header", `HTTP/1.1 200 OK\r\n${ECHO}\r\n\r\n`],
    ["a token in a body that was cut", cut(minted(TOKEN).slice(0, -9))],
    ["a reset", reset],
    ["no answer", hang],
  ])("[S2] after %s", async (_, answer) => {
    const server = await serve(answer);
    const client = clientWith(fastClock({ hurry: 400 }));
    const target = targetAt(server.url);
    await failed(client.mint(target, MINT), [JTI]);
    await failed(client.revoke([target], REVOKE), [JTI]);
    await failed(client.revoke([target], { ...REVOKE, jti: JTI }), [JTI]);
  });

  it.each([9, 30])("after an echo of the revoked token without its first %i characters", async (from) => {
    const server = await serve(problem(422, `got ${TOKEN.slice(from)}`));
    const error = await failed(clientWith().revoke([targetAt(server.url)], REVOKE));
    expect(error.failure.title).toBe("got ***");
  });

  it("[S2] after a token that was not kept", async () => {
    const stray = "stray-token-that-nobody-keeps";
    const server = await serve(reply(200, { data: { token: stray }, title: stray }), problem(422, stray));
    await failed(clientWith().mint(targetAt(server.url), MINT), [stray]);
  });

  it("prints nothing", async () => {
    const written: string[] = [];
    const spies = [process.stdout, process.stderr].map((stream) =>
      jest.spyOn(stream, "write").mockImplementation((chunk) => {
        written.push(String(chunk));
        return true;
      }),
    );
    const server = await serve(problem(422, ECHO), reset, minted(TOKEN));
    const target = targetAt(server.url);
    await failed(clientWith().mint(target, MINT));
    await failed(clientWith().mint(target, MINT));
    await clientWith().mint(target, MINT);
    spies.forEach((spy) => {
      spy.mockRestore();
    });
    expect(written).toEqual([]);
  });
});

it("[S2] the search finds a secret in every channel", () => {
  const getter = { get: () => TOKEN, enumerable: false };
  const leaks: Error[] = [
    new Error(`x ${TOKEN}`),
    new Error("x", { cause: TOKEN }),
    new AggregateError([new Error(CREDENTIAL)], "x"),
    Object.assign(new Error("x"), { config: { headers: { a: CREDENTIAL } } }),
    Object.assign(new Error("x"), { a: { b: { c: { d: { e: { f: Buffer.from(TOKEN) } } } } } }),
    Object.assign(new Error("x"), { [Symbol("s")]: encodeURIComponent(CREDENTIAL) }),
    Object.assign(new Error("x"), { toJSON: () => ({ a: CREDENTIAL }) }),
    Object.assign(new Error("x"), { stack: `at ${TOKEN}:1:2` }),
    Object.defineProperty(new Error("x"), "hidden", { value: Buffer.from(TOKEN).toString("base64") }),
    Object.defineProperty(new Error("x"), "got", getter),
    Object.setPrototypeOf(new Error("x"), Object.defineProperty(new Error("y"), "got", getter)) as Error,
  ];
  for (const error of leaks) expect(leaksOf(error, [CREDENTIAL, TOKEN])).toBe(1);
  expect(leaksOf(new Error("x"), [CREDENTIAL, TOKEN])).toBe(0);
});

it("the stack of an error is its message, in one line", async () => {
  const server = await serve(problem(404, "a\nb"));
  const error = await failed(clientWith().mint(targetAt(server.url), MINT));
  expect(error.stack).toBe(error.message);
});
