import { effectLine } from "../support/effect-line";
import { cli } from "./fake-system";
import { audited, historyFiles, outline, type Recorded } from "./histories";
import { DAY, day, NOW, printOf, token, urnOf } from "./states";

const A = printOf("a");
const LABEL = "acme/shop/dev/private/a";
const FIRST: Recorded = { day: -30, tokens: [token("a")], changes: { create: 2 } };
const GONE: Recorded = { day: -5, tokens: [], changes: { delete: 1 } };

function says(effect: Parameters<typeof effectLine>[0], label = LABEL, print = A): string {
  return `bigcommerce-tokens: ${effectLine(effect, label, print, day(60))}`;
}
const ACCEPTED = says("revoke accepted");
const BEFORE = `bigcommerce-tokens: warning: token ${A} of ${LABEL} was revoked before this run, says the store's list`;
const SEEN = `bigcommerce-tokens: warning: ${LABEL}: token ${A} was revoked outside of this stack; the next \`pulumi up\` mints a new one`;

/** A diagnostic of an event log, by default as the engine notes what a process writes to standard error. */
function event(message: string, rest: Readonly<Record<string, unknown>> = {}): string {
  const diagnosticEvent = { message: `${message}\n\n`, color: "never", severity: "info#err", ...rest };
  return JSON.stringify({ sequence: 7, timestamp: NOW - 5 * DAY - 10, diagnosticEvent });
}

async function toldWith(lines: readonly string[], updates = [FIRST, GONE], args: readonly string[] = []) {
  return audited(updates, ["--events", "up.log", ...args], { files: { "up.log": lines.join("\n") } });
}

describe("what anything in an update can print is reported, never accepted or confirmed", () => {
  it.each<[string, string]>([
    ["a printed line", `    ${ACCEPTED}`],
    ["a printed line that begins as the provider's do", ACCEPTED],
    ["a printed proof", BEFORE],
    ["the output of a resource in an event log", event(ACCEPTED, { urn: urnOf("a") })],
    ["`pulumi.log.warn` without a resource", event(ACCEPTED, { severity: "warning", prefix: "warning: " })],
    ["`pulumi.log.info` without a resource", event(ACCEPTED, { severity: "info" })],
    ["a line of a process that quotes the provider's", event(`it said: ${ACCEPTED}`)],
  ])("%s", async (_, line) => {
    const told = await toldWith([line]);
    expect(outline(told)).toEqual(["minted a (confirmed)", "revoked a (reported)"]);
    expect(told.tokens?.[0]?.end).toMatchObject({ how: "revoked", evidence: "reported" });
  });

  it("but the standard error of a process in an event log is the provider's word, and goes before such a line", async () => {
    for (const logs of [
      ["e.log", "p.log"],
      ["p.log", "e.log"],
    ]) {
      const files = { "e.log": event(ACCEPTED), "p.log": BEFORE };
      const told = await audited(
        [FIRST, GONE],
        logs.flatMap((log) => ["--events", log]),
        { files },
      );
      expect(outline(told).at(-1)).toBe("revoked a (accepted)");
    }
  });

  it.each([
    ["an adoption", says("adopted"), "minted a (confirmed)"],
    ["a mint", says("minted"), "minted a (confirmed)"],
  ])("%s of a token whose state says otherwise changes nothing", async (_, line, first) => {
    expect(outline(await toldWith([line]))).toEqual([first, "ended a (inferred)"]);
  });

  it("an error of a token's resource, which the program can print under its name", async () => {
    const failed = { ...FIRST, day: -5, result: "failed" };
    const told = await toldWith([event("no", { severity: "error", urn: urnOf("a") })], [FIRST, failed]);
    expect(outline(told)).toEqual(["minted a (confirmed)", "failed a (reported)"]);
  });
});

describe("a line of JSON counts as an event only in a log of nothing else", () => {
  const forged = event(ACCEPTED);
  const { sequence, timestamp, diagnosticEvent } = JSON.parse(forged) as Readonly<Record<string, unknown>>;
  it.each<[string, readonly string[]]>([
    ["before Pulumi's own lines", [forged, "Updating (dev):", "    ~ a"]],
    ["behind them", ["Updating (dev):", forged]],
    ["behind them, at the end of a line that is cut", ["Updating (dev):", forged, forged.slice(0, 20)]],
    ["between two lines that are cut", [forged, forged.slice(0, 20), forged]],
    ["before JSON that is no event", [forged, "{}"]],
    ["before a number", [forged, "7"]],
    ["before a word", [forged, "warning"]],
    ["without a number of its own", [JSON.stringify({ timestamp, diagnosticEvent })]],
    ["without a time", [JSON.stringify({ sequence, diagnosticEvent })]],
    ["behind a line too long to be read for what it says", ["x".repeat(70_000), forged]],
  ])("%s, it is reported, without a time", async (_, lines) => {
    const told = await toldWith(lines);
    expect(outline(told)).toEqual(["minted a (confirmed)", "revoked a (reported)"]);
    expect(told.events.at(-1)?.time).toBe(day(-5));
  });

  it("a plain log beside it takes nothing from an event log, nor gets anything of it", async () => {
    const left = "Updating (dev):\n" + event(BEFORE);
    const files = { "e.log": event(says("minted")), "p.log": left };
    const told = await audited([FIRST, GONE], ["--events", "e.log", "--events", "p.log"], { files });
    expect(outline(told).at(-1)).toBe("revoked a (reported)");
  });

  it.each<[string, readonly string[]]>([
    [
      "with other events",
      [
        '{"sequence":1,"timestamp":2,"preludeEvent":{"config":{}}}',
        "",
        forged,
        '{"sequence":9,"timestamp":2,"cancelEvent":{}}\r',
      ],
    ],
    ["whose run was killed in the middle of a line", [forged, forged.slice(0, 40)]],
  ])("but one %s is an event log", async (_, lines) => {
    expect(outline(await toldWith(lines)).at(-1)).toBe("revoked a (accepted)");
  });
});

describe("a line counts only if it names a token as a state does", () => {
  it.each([
    ["by its fingerprint alone", says("revoke accepted", "acme/shop/dev/private/b")],
    ["by its label alone", says("revoke accepted", LABEL, printOf("other"))],
  ])("%s: nothing is told of it", async (_, line) => {
    for (const each of [`    ${line}`, event(line, { urn: urnOf("a") })]) {
      expect(outline(await toldWith([each]))).toEqual(["minted a (confirmed)", "ended a (inferred)"]);
    }
  });

  it("a wrong label before the right one hides nothing", async () => {
    const wrong = says("revoke accepted", "acme/shop/dev/private/b");
    expect(outline(await toldWith([wrong, ACCEPTED])).at(-1)).toBe("revoked a (reported)");
  });

  it("a label that only a later state has counts as well, as after a rename", async () => {
    const label = "acme/shop/dev/private/renamed";
    const renamed = { day: -20, tokens: [token("a", { outputs: { label } })], changes: { update: 1 } };
    const told = await toldWith([says("revoke accepted", label)], [FIRST, renamed, GONE]);
    expect(outline(told).at(-1)).toBe("revoked a (reported)");
  });

  it("its end is that of the state, whatever the line says", async () => {
    const line = says("left to expire").replace(day(60), day(1));
    expect((await toldWith([line])).events.at(-1)).toMatchObject({ what: "left to expire", until: day(60) });
  });
});

describe("a reported end proves nothing", () => {
  it("the token may have been alive after it", async () => {
    const { alive } = await toldWith([ACCEPTED], [FIRST, GONE], ["--live-between", day(-2), day(-1)]);
    expect(alive).toEqual([expect.objectContaining({ fingerprint: A, until: day(60), isSure: false })]);
  });

  it("gives way to what the store proves later, and to a state that has the token again", async () => {
    const again = { ...FIRST, day: -4, changes: { same: 2 } };
    const marked = { day: -3, kind: "refresh", tokens: [token("a", { outputs: { gone: true } })], changes: { same: 2 } }; // prettier-ignore
    const told = await toldWith([ACCEPTED], [FIRST, GONE, again, marked]);
    expect(told.tokens?.[0]?.end).toMatchObject({ how: "drifted", evidence: "confirmed", time: day(-3) });
  });

  it("of a token that the last state still holds is told, and the state is believed", async () => {
    const held = [FIRST, { ...FIRST, day: -5, changes: { same: 2 } }];
    for (const line of [ACCEPTED, BEFORE, SEEN, says("expired")]) {
      const told = await toldWith([line], held);
      expect(told.events.at(-1)).toMatchObject({ evidence: "reported", detail: expect.stringMatching(/; the state still has it$/) }); // prettier-ignore
      expect(told.tokens?.[0]).not.toHaveProperty("end");
    }
  });

  it("a reported drift is no proof that it was gone", async () => {
    const after = token("a", { id: "jti-b", outputs: { fingerprint: printOf("b"), issuedAt: day(-5) } });
    const told = await toldWith([SEEN], [FIRST, { ...GONE, tokens: [after], changes: { replace: 1 } }]);
    expect([...outline(told)].sort()).toEqual(["drifted a (reported)", "minted a (confirmed)", "replaced a (confirmed)"]); // prettier-ignore
    expect(told.events.find(({ what }) => what === "replaced")?.detail).toMatch(/^the old token was gone, as a line of a log says/); // prettier-ignore
    const files = { "up.log": SEEN };
    const { alive } = await audited([FIRST, GONE], ["--events", "up.log", "--live-between", day(-2), day(-1)], { files }); // prettier-ignore
    expect(alive).toHaveLength(1);
  });
});

it.each(["table", "markdown", "html"])("every view for people names it: %s", async (format) => {
  const files = { ...historyFiles([FIRST, GONE]), "up.log": ACCEPTED };
  const { stdout } = await cli(["audit", "--history", "h", "--events", "up.log", "--format", format], { files, now: NOW }); // prettier-ignore
  expect(stdout).toContain("reported");
  if (format !== "html") return;
  expect(stdout).toContain("reported: a line of a log says so, which any program in the update can print");
  expect(stdout).toContain("<option>reported</option>");
  expect(stdout).toMatch(/<line class="maybe"[^]*<g class=unproven>/);
  expect(stdout).toContain("revoked by the rules or by a line of a log, unproven");
});
