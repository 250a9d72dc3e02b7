import { cli } from "./fake-system";
import { day, NOW, previous, printOf, urnOf } from "./states";

type Fields = Readonly<Record<string, unknown>>;

const TYPE = "pulumi-nodejs:dynamic/bigcommerce:PrivateToken";
const labelOf = (name: string) => `acme/shop/dev/private/${name}`;
const inputsOf = (name: string): Fields => ({
  ...{ label: labelOf(name), storeHash: "abc123", channelIds: [1], scopes: ["Customer"], expiresAt: day(60) },
  ...{ lifetime: "90d", rotateBefore: "30d", overlap: "auto", onDelete: "revoke" },
});
const HELD: Fields = { previous: previous("old"), previousToken: "[secret]" };

const holding = (name: string, outputs: Fields = {}, flags: Fields = {}): Fields => ({
  ...{ type: TYPE, id: `jti-${name}`, inputs: inputsOf(name), ...flags },
  outputs: { ...inputsOf(name), fingerprint: printOf(name), token: "[secret]", ...outputs },
});
const declared = (name: string, inputs: Fields = {}): Fields => ({
  type: TYPE,
  inputs: { ...inputsOf(name), ...inputs },
});
const removed = (name: string, outputs?: Fields, flags?: Fields) => ({
  ...{ op: "delete", urn: urnOf(name), oldState: holding(name, outputs, flags) },
});
const narrowed = (
  name: string,
  outputs: Fields = {},
  inputs: Fields = {},
  ...reasons: readonly string[]
) => ({
  ...{ op: "replace", urn: urnOf(name), oldState: holding(name, { channelIds: [1, 2], ...outputs }) },
  ...{ newState: declared(name, inputs), replaceReasons: ["channelIds", ...reasons] },
});
/** As Pulumi prints it: the value is hidden, known or not. */
const adopting = (name: string) => ({
  ...{ op: "create", urn: urnOf(name), newState: declared(name, { adopt: "[secret]" }) },
});
const stays = (op: string, name: string, outputs?: Fields) => ({
  ...{ op, urn: urnOf(name), oldState: holding(name, outputs), newState: declared(name) },
});
const says = (name: string, fingerprint: string) =>
  `bigcommerce-tokens: ${labelOf(name)}: will adopt token ${fingerprint}, which then stays valid`;

async function shown(format: string, steps: readonly object[], lines: readonly string[]) {
  const diagnostics = lines.map((line) => ({ message: `${line}\n\n`, severity: "info#err" }));
  const files = { "p.json": JSON.stringify({ steps, diagnostics, changeSummary: {} }) };
  return (await cli(["preview", "--file", "p.json", "--format", format], { now: NOW, files })).stdout;
}
async function ends(steps: readonly object[], ...lines: readonly string[]) {
  const { tokens } = JSON.parse(await shown("json", steps, lines)) as { tokens: { ends: Fields[] }[] };
  return tokens.flatMap((token) => token.ends.map(({ fingerprint, end }) => [fingerprint, end]));
}
const [A, B, OLD] = [printOf("a"), printOf("b"), printOf("old")];

describe("a token that another resource adopts", () => {
  const said = says("b", A);

  it("is adopted, by which resource and until when it works, in each format", async () => {
    const steps = [removed("a"), adopting("b")];
    const { tokens } = JSON.parse(await shown("json", steps, [said])) as { tokens: { ends: Fields[] }[] };
    expect(tokens[0]?.ends).toEqual([
      { fingerprint: A, isPredecessor: false, end: "adopted", adoptedBy: labelOf("b"), expiresAt: day(60) },
    ]);
    for (const format of ["table", "markdown"]) {
      const text = await shown(format, steps, [said]);
      expect(text.replace(/[`\\]/g, "")).toContain(
        `${A} is adopted by ${labelOf("b")} and works until ${day(60)}`,
      );
      expect(text).not.toContain("revoked");
    }
  });

  it("is adopted though its own resource says that it will be revoked", async () => {
    const own = `bigcommerce-tokens: ${labelOf("a")}: will be replaced: token ${A} will be revoked at the end of this update (BigCommerce takes up to about 60 s to apply it)`;
    expect(await ends([narrowed("a"), adopting("b")], own)).toEqual([[A, "unknown"]]);
    expect(await ends([narrowed("a"), adopting("b")], own, said)).toEqual([[A, "adopted"]]);
    expect(await ends([narrowed("a")], own)).toEqual([[A, "revoked"]]);
  });

  it.each<[string, object]>([
    ["is removed", removed("a", HELD)],
    ["is kept from the provider by retainOnDelete", removed("a", HELD, { retainOnDelete: true })],
    ["is replaced", narrowed("a", HELD)],
    ["is replaced by force", { ...narrowed("a", HELD), replaceReasons: ["id"] }],
  ])("leaves its previous token to expire where its resource %s", async (_, step) => {
    expect(await ends([step, adopting("b")], said)).toEqual([
      [A, "adopted"],
      [OLD, "left to expire"],
    ]);
  });

  it("is adopted where it is a previous token, by another resource or by its own", async () => {
    for (const [steps, by] of [
      [[narrowed("a", HELD), adopting("b")], "b"],
      [[narrowed("a", HELD, { adopt: "[secret]" }, "adopt")], "a"],
    ] as const) {
      expect(await ends(steps, says(by, OLD))).toEqual([
        [A, "revoked"],
        [OLD, "adopted"],
      ]);
    }
  });

  it("may be revoked where its record is deleted before any other is created", async () => {
    const first = [
      { op: "delete-replaced", urn: urnOf("a"), oldState: holding("a", { overlap: "never" }) },
      {
        ...{ op: "replace", urn: urnOf("a"), newState: declared("a") },
        oldState: holding("a", { overlap: "never" }, { pendingReplacement: true }),
      },
    ];
    expect(await ends([...first, adopting("b")], said)).toEqual([[A, "unknown"]]);
    expect(await ends(first)).toEqual([[A, "revoked"]]);
  });
});

describe("a token that another resource may hold after the update", () => {
  it("may be revoked where the preview does not know which token is adopted", async () => {
    const steps = [removed("a"), adopting("b")];
    expect(await ends(steps)).toEqual([[A, "unknown"]]);
    for (const format of ["table", "markdown"]) {
      expect(await shown(format, steps, [])).toContain(`may be revoked: only the update can tell (works until ${day(60)})`);
    }
    const adopter = { ...stays("update", "b"), newState: declared("b", { adopt: "[secret]" }) };
    expect(await ends([removed("a"), adopter])).toEqual([[A, "unknown"]]);
    expect(await ends([removed("a"), narrowed("b", { adopted: OLD }, { adopt: "[secret]" }, "adopt")])).toEqual([
      [A, "unknown"],
      [B, "revoked"],
    ]);
  }); // prettier-ignore

  it("is revoked where each adoption is known to be of another token, or is done", async () => {
    expect(await ends([removed("a"), adopting("b")], says("b", OLD))).toEqual([[A, "revoked"]]);
    const done = { ...stays("same", "b", { adopted: B }), newState: declared("b", { adopt: "[secret]" }) };
    expect(await ends([removed("a"), done])).toEqual([[A, "revoked"]]);
    const foreign = { op: "create", urn: "urn:pulumi:dev::shop::x:y:Z::z", newState: { type: "x:y:Z", inputs: { adopt: "x" } } };
    expect(await ends([removed("a"), foreign])).toEqual([[A, "revoked"]]);
  }); // prettier-ignore

  it.each(["same", "update"])("may be revoked where another state holds it as well (%s): --target may hide that from the provider", async (op) => {
    expect(await ends([removed("a"), stays(op, "b", { fingerprint: A, adopted: A })])).toEqual([[A, "unknown"]]);
  }); // prettier-ignore

  it("is revoked where the other state that holds it goes as well", async () => {
    expect(await ends([removed("a"), removed("b", { fingerprint: A })])).toEqual([
      [A, "revoked"],
      [A, "revoked"],
    ]);
  });

  it("is left to expire where it is left anyway", async () => {
    expect(await ends([removed("a", { onDelete: "letExpire" }), adopting("b")])).toEqual([[A, "left to expire"]]);
  }); // prettier-ignore
});
