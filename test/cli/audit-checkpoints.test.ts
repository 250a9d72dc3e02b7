import { createCheckpoints } from "../../cli/pulumi/checkpoints";
import { parseExport } from "../../cli/pulumi/export";
import { cli } from "./fake-system";
import { historyFiles, type Recorded } from "./histories";
import { day, deployment, type Exported, NOW, previous, printOf, token } from "./states";

const STATES: readonly (readonly Exported[])[] = [
  [token("a"), token("b"), token("c")],
  [token("a"), token("b", { outputs: { channelIds: [1, 2] } }), token("c")],
  [token("c"), token("b"), token("é", { outputs: { label: '},{"urn":"x"' } })],
  [token("b"), token("b", { rest: { delete: true } }), token("b", { id: "third" })],
  [token("b", { outputs: { list: [{ urn: "x" }, { urn: "y" }], resources: [{ urn: "z" }, { urn: "z" }] } })],
  [token("a"), token("b", { outputs: { list: [{ urn: "x" }, { urn: "y" }] } }), token("c")],
  [],
  [token("a")],
  [token("a"), token("b"), token("c")],
];

function checkpoint(latest: unknown, rest: Exported = {}): string {
  return JSON.stringify({ version: 3, checkpoint: { stack: "organization/shop/dev", ...rest, latest } });
}

const bytesOf = (text: string) => Buffer.from(text);
const pending = { type: "creating", resource: { urn: "u", type: token("a")["type"] } };

/** The ways in which one state may be written. */
const FORMS: Readonly<Record<string, (resources: readonly Exported[]) => Uint8Array>> = {
  "as the backend writes it": (resources) => bytesOf(checkpoint(deployment(...resources))),
  "with line breaks": (resources) =>
    bytesOf(JSON.stringify(JSON.parse(checkpoint(deployment(...resources))), undefined, 4)),
  "with the URN behind the type": (resources) =>
    bytesOf(checkpoint(deployment(...resources.map(({ urn, type, ...rest }) => ({ type, urn, ...rest }))))),
  "with a byte order mark": (resources) => bytesOf(`\ufeff${checkpoint(deployment(...resources))}`),
  "in UTF-16": (resources) => Buffer.from(`\ufeff${checkpoint(deployment(...resources))}`, "utf16le"),
  "with another list of resources before": (resources) =>
    bytesOf(checkpoint(deployment(...resources), { old: deployment(token("x"), token("y")) })),
  "with another list of resources behind": (resources) => {
    const more = JSON.stringify(deployment(token("x"), token("y")));
    return bytesOf(checkpoint(deployment(...resources)).replace(/\}$/, `,"more":${more}}`));
  },
  "with operations": (resources) =>
    bytesOf(checkpoint({ ...deployment(...resources), pending_operations: [pending, pending] })),
  "with its resources twice": (resources) =>
    bytesOf(checkpoint(deployment(token("x"), token("y"))).replace(/\}\}\}$/, `,"resources":${JSON.stringify(deployment(...resources)["resources"])}}}}`)), // prettier-ignore
};

it.each(Object.entries(FORMS))("reads every state of a history for what it is: %s", (_, form) => {
  const read = createCheckpoints();
  for (const resources of STATES) {
    const bytes = form(resources);
    expect(read(bytes, "x")).toEqual(parseExport(new TextDecoder(bytes[0] === 0xff ? "utf-16le" : "utf-8").decode(bytes), "x")); // prettier-ignore
  }
});

it("reads a resource once while it stays as it is, wherever it stands, and anew when a byte differs", () => {
  const read = createCheckpoints();
  const at = (...resources: readonly Exported[]) =>
    read(bytesOf(checkpoint(deployment(...resources, token("z")))), "x").resources;
  const [, a, b] = at(token("a"), token("b"));
  const [, second, other, first] = at(token("b"), token("c"), token("a"));
  expect(first).toBe(a);
  expect(second).toBe(b);
  expect(other?.id).toBe("jti-c");
  const [, changed, same] = at(token("a", { outputs: { apiAccount: "client-b" } }), token("b"));
  expect(changed?.outputs["apiAccount"]).toBe("client-b");
  expect(same).toBe(b);
});

it.each([
  ["is truncated", (text: string) => text.slice(0, -2)],
  ["ends within a resource", (text: string) => text.slice(0, text.lastIndexOf("fingerprint"))],
  ["has a damaged resource between sound ones", (text: string) => text.replace("jti-b", 'jti"b')],
  ["has a resource without a type", (text: string) => text.replace('"type":"pulumi-nodejs', '"typ":"pulumi-nodejs')], // prettier-ignore
  ["lacks a comma", (text: string) => text.replace('}},{"urn"', '}} {"urn"')],
  ["has a comma too many", (text: string) => text.replace('}},{"urn"', '}},,{"urn"')],
  ["is of another version", (text: string) => text.replace('"version":3', '"version":9')],
])("a state that %s is told as if it were read alone, though the one before was sound", (_, damage) => {
  const sound = checkpoint(deployment(token("a"), token("b"), token("c")));
  const damaged = damage(sound);
  const said = (text: () => unknown) => {
    try {
      return text();
    } catch (thrown) {
      return (thrown as Error).message;
    }
  };
  const read = createCheckpoints();
  read(bytesOf(sound), "x");
  const told = said(() => read(bytesOf(damaged), "x"));
  expect(told).toEqual(expect.stringMatching(/^x: /));
  expect(told).toBe(said(() => parseExport(damaged, "x")));
});

it("5,000 tokens over 250 updates are told in seconds", async () => {
  const live = 20;
  const UPDATES = 250;
  const held = (update: number, slot: number) => {
    const issued = (update - UPDATES) / 10;
    const name = (each: number) => `${each}/${slot}`;
    const before = previous(name(update - 1), { issuedAt: day(issued), expiresAt: day(issued + 90) });
    const fingerprint = printOf(name(update).padStart(8, "0"));
    return token(`t${slot}`, {
      id: `jti-${name(update)}`,
      outputs: {
        ...{ fingerprint, issuedAt: day(issued), expiresAt: day(issued + 90), rotateBefore: "2158h" },
        ...(update > 0 && {
          previous: { ...before, fingerprint: printOf(name(update - 1).padStart(8, "0")) },
        }),
      },
    });
  };
  const updates = Array.from({ length: UPDATES }, (_, update): Recorded => ({
    day: (update - UPDATES) / 10,
    tokens: Array.from({ length: live }, (_each, slot) => held(update, slot)),
    changes: { replace: live },
  }));
  const files = historyFiles(updates);
  const used = process.cpuUsage();
  const { stdout, stderr } = await cli(["audit", "--history", "h"], { now: NOW, files });
  expect(stderr).toBe("");
  expect(stdout).toMatch(/\d+ events in 250 updates\.\n$/);
  expect(stdout.match(/ minted /g)).toHaveLength(live);
  expect(stdout.match(/ rotated /g)).toHaveLength(UPDATES * live - live);
  // A few seconds of the processor; what grows with the square of the history takes half a minute or more.
  const { user, system } = process.cpuUsage(used);
  expect((user + system) / 1_000_000).toBeLessThan(15);
});
