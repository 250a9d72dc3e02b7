import type { GoodAnswer, IssuedToken } from "../../emulator";
import { DAY, declare, type Declared } from "../support/program";
import { itOnOneHost, Stack, type StackOptions } from "../support/stack";

const token = (name: string, args: Readonly<Record<string, unknown>> = {}): Declared => ({
  kind: "PrivateToken",
  name,
  args: { channelIds: [1], scopes: ["Customer"], lifetime: "90d", ...args },
});
const PROGRAM = declare(token("server"), token("worker"), token("batch"));
const COLLEAGUE = "an-account-of-a-colleague-0123";
const SCOPES = ["store_storefront_api", "store_storefront_api_customer_impersonation"] as const;

let stack: Stack;
let asked = 0;
afterEach(() => stack.close());
/** Up, and then long enough ago that no list can lag behind. */
const start = async (program = PROGRAM, options: StackOptions = {}) => {
  stack = await Stack.start(program, options);
  await stack.up();
  stack.advance(DAY);
  requests();
};
/** What was asked of the store since the last call. */
const requests = (): string[] => {
  const fresh = stack.emulator.requests.slice(asked);
  asked = stack.emulator.requests.length;
  return fresh.map(({ method }) => method);
};
beforeEach(() => {
  asked = 0;
});
const refresh = () => stack.ok("refresh", "--yes", "--skip-preview");
/** What was said, each line as often as the summary at the end shows it. */
const said = (output: string) =>
  (output.split("Diagnostics:")[1] ?? "")
    .split("\n")
    .flatMap((line) => /bigcommerce-tokens: (.*)/.exec(line)?.[1] ?? [])
    .filter((line) => !line.includes(" is reached at "));
/** Outputs by name; a secret is encrypted anew each time, so only that it is there can be compared. */
const state = async (): Promise<ReadonlyMap<string | undefined, Readonly<Record<string, unknown>>>> =>
  new Map(
    (await stack.tokens()).map(({ urn, outputs: { token: text, ...open } }) => [
      urn.split("::").at(-1),
      { ...open, secret: Object.keys(text as object) },
    ]),
  );
/** The names of the resources whose token no refresh saw gone. */
const inUse = async () =>
  [...(await state())]
    .flatMap(([name = "", outputs]) => (outputs["gone"] === undefined ? [name] : []))
    .sort();
const issued = (fingerprint: unknown): IssuedToken =>
  stack.emulator.issued.find((each) => each.fingerprint === fingerprint)!;
const forget = async (name: string) => {
  stack.emulator.forget(issued((await stack.token(name)).outputs["fingerprint"]));
};
const send = async (method: string, family: string, credential: string, more: object, body?: object) => {
  const url = `${stack.emulator.url}/stores/abc123/v3/storefront/${family}`;
  const headers = { "X-Auth-Token": credential, "Content-Type": "application/json", ...more };
  const answer = await fetch(url, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  if (!answer.ok) throw new Error(`BigCommerce answered ${answer.status}`);
};
const revokeElsewhere = async (name: string) => {
  const { token: text } = issued((await stack.token(name)).outputs["fingerprint"]);
  await send("DELETE", "api-token", stack.env["BIGCOMMERCE_ACCESS_TOKEN"] ?? "", { "Sf-Api-Token": text });
};
const mintElsewhere = (credential = stack.env["BIGCOMMERCE_ACCESS_TOKEN"] ?? "") => {
  const body = { channel_ids: [1], scopes: ["Customer"], expires_at: 2_000_000_000 };
  return send("POST", "api-token-private", credential, {}, body);
};

it("[X9] what was revoked, and what the list has lost, is marked by a refresh, and the next up mints it anew", async () => {
  await start();
  await revokeElsewhere("server");
  await forget("worker");
  requests();
  const output = await refresh();
  expect(requests()).toEqual(["GET"]);
  expect(said(output).sort()).toEqual([
    expect.stringMatching(/^(?:warning: )?\S+\/server: token \w+ was revoked outside of this stack; `pulumi up --refresh`/),
    expect.stringMatching(/^(?:warning: )?\S+\/worker: token \w+ is no longer in the list of API account client-a, which/),
  ]);
  const marks = Object.fromEntries(
    [...(await state())].map(([name, outputs]) => [name, [outputs["gone"], typeof outputs["goneAt"]]]),
  );
  expect(marks).toEqual({
    server: [true, "string"],
    worker: [true, "string"],
    batch: [undefined, "undefined"],
  });
  // One look for both marks, and none for a token that a mint may have left.
  await stack.up();
  expect(requests()).toEqual(["GET", "POST", "POST"]);
  expect(await stack.tokens()).toHaveLength(3);
  expect(stack.live()).toHaveLength(3);
  await stack.up("--refresh", "--expect-no-changes");
}); // prettier-ignore

itOnOneHost(
  "[X9] what is gone with a live predecessor is replaced, and the predecessor stays and is revoked by destroy",
  async () => {
    await start();
    const first = (await stack.token("server")).outputs["fingerprint"];
    const wide = declare(token("server", { channelIds: [1, 2] }), token("worker"), token("batch"));
    stack.program(wide);
    await stack.up();
    stack.advance(DAY);
    await forget("server");
    requests();
    await refresh();
    expect(requests()).toEqual(["GET"]);
    expect((await stack.token("server")).outputs).toMatchObject({ gone: true });
    await stack.up();
    expect(requests()).toEqual(["GET", "POST"]);
    const { outputs } = await stack.token("server");
    expect(outputs).toMatchObject({ previous: { fingerprint: first } });
    expect(outputs).not.toHaveProperty("gone");
    expect(stack.live()).toEqual(expect.arrayContaining([first, outputs["fingerprint"]]));
    await stack.up("--refresh", "--expect-no-changes");
    await stack.destroy();
    expect(stack.live()).toEqual([]);
  },
);

itOnOneHost(
  "[X9] what another API account minted is kept, and told in one line, until its credential is there",
  async () => {
    const own = "an-account-of-the-stack-4567";
    const account = (clientId: string, accessToken: string) => ({
      clientId,
      accessToken,
      scopes: [...SCOPES],
    });
    const accounts = [account("client-a", own), account("client-b", COLLEAGUE)];
    stack = await Stack.start(PROGRAM, { stores: [{ hash: "abc123", accounts }] });
    stack.env["BIGCOMMERCE_ACCESS_TOKEN"] = own;
    await stack.up();
    stack.advance(DAY);
    await mintElsewhere(COLLEAGUE);
    await forget("server");
    stack.env["BIGCOMMERCE_ACCESS_TOKEN"] = COLLEAGUE;
    const before = await state();
    requests();
    const output = await refresh();
    expect(requests()).toEqual(["GET"]);
    expect(said(output)).toEqual([
      expect.stringMatching(
        /^a refresh cannot tell whether the tokens of API account client-a in store abc123 were revoked: /,
      ),
    ]);
    expect(await state()).toEqual(before);

    stack.env["BIGCOMMERCE_ACCESS_TOKEN_ABC123_PREVIOUS"] = own;
    await refresh();
    expect(requests()).toEqual(["GET", "GET"]);
    expect(await inUse()).toEqual(["batch", "worker"]);
  },
);

itOnOneHost("[X3,X4] a list of which a page fails takes nothing away, and is told in one line", async () => {
  await start();
  await forget("server");
  await forget("worker");
  const before = await state();
  const twoPages = ({ body }: GoodAnswer) => {
    const { data, meta } = body as { data: unknown[]; meta: { pagination: object } };
    return { body: { data, meta: { pagination: { ...meta.pagination, total_pages: 2 } } } };
  };
  stack.emulator.faults.push({ kind: "reply", method: "GET", reply: twoPages });
  stack.emulator.faults.push({ kind: "status", status: 403, method: "GET" });
  requests();
  const output = await refresh();
  expect(requests()).toEqual(["GET", "GET"]);
  expect(said(output)).toEqual([
    expect.stringMatching(/^(?:warning: )?the list of private tokens in store abc123 could not be read \(answered 403/),
  ]);
  expect(await state()).toEqual(before);
  await refresh();
  expect(await inUse()).toEqual(["batch"]);
}); // prettier-ignore

itOnOneHost("[X4] many tokens are looked up in as many pages as their list has", async () => {
  const many = Array.from({ length: 40 }, (_, index) => token(`server${index}`));
  await start(declare(...many), { quota: { requests: 10_000, windowMs: 30_000 } });
  for (let count = 0; count < 215; count += 1) await mintElsewhere();
  await forget("server0");
  await revokeElsewhere("server39");
  requests();
  await refresh();
  expect(requests()).toEqual(["GET", "GET"]);
  expect(await inUse()).toHaveLength(38);
});
