import { DAY, declare, type Declared } from "../support/program";
import { ORGANIZATION, Stack } from "../support/stack";

const server = (args: Readonly<Record<string, unknown>> = {}): Declared => ({
  kind: "PrivateToken",
  name: "server",
  args: { channelIds: [1], scopes: ["Customer"], lifetime: "90d", rotateBefore: "30d", ...args },
});
const LABEL = `${ORGANIZATION}/shop/dev/private/server`;
const EFFECT = /^(minted|revoke accepted|left to expire|expired|adopted) /;
const END = String.raw`20\d\d-\d\d-\d\dT00:00:00Z`;

let stack: Stack;
afterEach(() => stack.close());

/** What the provider said in a run, each line as often as the summary at the end shows it. Effects are not counted. */
const linesIn = (run: string): string[] =>
  (run.split("Diagnostics:")[1] ?? "")
    .split("\n")
    .flatMap((line) => /bigcommerce-tokens: (.*)/.exec(line)?.[1] ?? [])
    .filter((line) => !line.includes(" is reached at ") && !EFFECT.test(line));
const fingerprint = async () => String((await stack.token("server")).outputs["fingerprint"]);
/** An update that nobody attends, with its preview. */
const upWithPreview = async () => {
  const [preview = "", update = ""] = (await stack.ok("up", "--yes")).split("Updating (dev)");
  return { preview: linesIn(preview), update: linesIn(update) };
};

it("a rotation that nobody attends is one line in the preview and one in the update, and no warning", async () => {
  stack = await Stack.start(declare(server()));
  expect(await upWithPreview()).toEqual({ preview: [], update: [] });
  const old = await fingerprint();
  stack.advance(70 * DAY);
  const { preview, update } = await upWithPreview();
  expect(preview).toEqual([
    expect.stringMatching(new RegExp(`^${LABEL}: will be replaced: token ${old} works until ${END}$`)),
  ]);
  const fresh = await fingerprint();
  expect(update).toEqual([
    expect.stringMatching(
      new RegExp(`^${LABEL}: rotated, old ${old} valid until ${END}, new ${fresh} expires ${END}$`),
    ),
  ]);
  expect(await upWithPreview()).toEqual({ preview: [], update: [] });
});

it("what takes rights away says in both that the old token is revoked, and nothing of a preview stays in the state", async () => {
  stack = await Stack.start(declare(server({ channelIds: [1, 2] })));
  await stack.up();
  const old = await fingerprint();
  stack.program(declare(server()));
  const { preview, update } = await upWithPreview();
  const revoked = `${old} will be revoked at the end of this update \\(.*60 s.*\\)`;
  expect(preview).toEqual([
    expect.stringMatching(new RegExp(`^${LABEL}: will be replaced: token ${revoked}$`)),
  ]);
  expect(update).toEqual([
    expect.stringMatching(
      new RegExp(`^${LABEL}: replaced, old ${revoked}, new ${await fingerprint()} expires ${END}$`),
    ),
  ]);
  const [{ inputs, outputs } = { inputs: {}, outputs: {} }] = await stack.tokens("server");
  for (const held of [inputs, outputs]) {
    expect(Object.keys(held).filter((name) => /^is[A-Z]/.test(name))).toEqual([]);
  }
});
