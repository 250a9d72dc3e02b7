import { withLink } from "../../provider/error-links";
import { effectLine } from "../support/effect-line";
import { audited, outline, type Recorded } from "./histories";
import { day, NOW, previous, printOf, token, urnOf } from "./states";

const A = printOf("a");
const LABEL = "acme/shop/dev/private/a";
const REMOVED: readonly Recorded[] = [
  { day: -30, tokens: [token("a")], changes: { create: 2 } },
  { day: -5, tokens: [], changes: { delete: 1 } },
];
const AT = { timestamp: NOW - 5 * 86_400 - 10, sequence: 7 };

/** A line of an event log. */
function logged(message: string, rest: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({
    ...AT,
    diagnosticEvent: { message: `${message}\n\n`, severity: "info#err", ...rest },
  });
}

/** A line of what `pulumi up` prints. */
function printed(message: string): string {
  return ` -  pulumi:pulumi:Stack shop-dev running ${message}`;
}

async function toldWith(lines: readonly string[], updates = REMOVED) {
  return audited(updates, ["--events", "up.jsonl"], { files: { "up.jsonl": Buffer.from(lines.join("\n")) } });
}

const SAID = {
  accepted: `bigcommerce-tokens: ${effectLine("revoke accepted", LABEL, A, day(60))}`,
  left: `bigcommerce-tokens: ${effectLine("left to expire", LABEL, A, day(60))}`,
  before: `bigcommerce-tokens: warning: token ${A} of ${LABEL} was revoked before this run, says the store's list`,
  refused: `bigcommerce-tokens: warning: token ${A} of ${LABEL} was not revoked and may work until ${day(60)}: Deleting a token: refused. Nothing tries again.`,
};

it.each<[string, keyof typeof SAID, string, RegExp]>([
  ["an accepted revocation", "accepted", "revoked a (accepted)", /within about 60 s/],
  ["a revocation that was proven", "before", "revoked a (confirmed)", /says the store's list/],
  [
    "a token left to expire against its rule",
    "left",
    "left to expire a (inferred)",
    /sent nothing: works until/,
  ],
  ["a refused revocation", "refused", "failed a (confirmed)", /refused its revocation: works until/],
])(
  "the provider's line goes before the rule: %s, from an event log and, as reported, from plain output",
  async (_, line, last, detail) => {
    for (const wrap of [logged, printed]) {
      const told = await toldWith([wrap(SAID[line])]);
      expect(outline(told).slice(1)).toEqual([wrap === logged ? last : last.replace(/\(.*\)/, "(reported)")]);
      expect(told.events[1]).toMatchObject({ detail: expect.stringMatching(detail), update: { number: 2 } });
    }
  },
);

it("takes the time of a revocation from the log", async () => {
  const { events } = await toldWith([logged(SAID.accepted)]);
  expect(events[1]?.time).toBe(new Date(AT.timestamp * 1_000).toISOString().replace(".000Z", "Z"));
});

it("a predecessor that was left to expire, and is revoked later, is told twice", async () => {
  const successor = token("a", { id: "jti-b", outputs: { fingerprint: printOf("b"), channelIds: [1, 2], previous: previous("a", { expiresAt: day(60) }) } }); // prettier-ignore
  const updates = [REMOVED[0]!, { day: -20, tokens: [successor], changes: { replace: 1 } }, REMOVED[1]!];
  const told = await toldWith([logged(SAID.accepted)], updates);
  expect(outline(told)).toEqual([
    "minted a (confirmed)",
    "replaced a (confirmed)",
    "left to expire a (inferred)",
    "revoked a (accepted)",
    "ended a (inferred)",
  ]);
  expect(told.events[3]).toMatchObject({ token: { fingerprint: A }, update: { number: 3 } });
});

it("of lines without times, a predecessor's revocation is the later update's, not that of its replacement", async () => {
  const successor = token("a", {
    id: "jti-b",
    outputs: { fingerprint: printOf("b"), previous: previous("a") },
  });
  const updates = [REMOVED[0]!, { day: -20, tokens: [successor], changes: { replace: 1 } }, REMOVED[1]!];
  const { events } = await toldWith([printed(SAID.left), printed(SAID.accepted)], updates);
  const ends = events.filter(({ token: each, what }) => each?.fingerprint === A && what !== "minted");
  expect(ends.map(({ what, update }) => `#${update?.number ?? "-"} ${what}`)).toEqual([
    ...["#2 left to expire", "#3 revoked"],
  ]);
});

it("a token that was minted and revoked between two states is told from the log alone", async () => {
  const line = (effect: "minted" | "revoke accepted") =>
    logged(
      `bigcommerce-tokens: ${effectLine(effect, "acme/shop/dev/private/lost", printOf("lost"), day(60))}`,
    );
  const told = await toldWith([line("minted"), line("revoke accepted"), logged(SAID.accepted)]);
  expect(outline(told).slice(1).sort()).toEqual([
    "minted lost (reported)",
    "revoked a (accepted)",
    "revoked lost (reported)",
  ]);
});

it("an error of a token is told, without what looks like a token in it; one of another resource is not", async () => {
  const secret = `eyJ0eXAiOiJKV1QifQ.${"a".repeat(40)}.${"b".repeat(40)}`;
  const error = (urn: string) => logged(`refused ${secret}`, { severity: "error", urn });
  const failing = [...REMOVED.slice(0, 1), { day: -5, result: "failed", tokens: [token("a")] }];
  const told = await toldWith([error(urnOf("a")), error("urn:pulumi:dev::shop::aws:s3::x")], failing);
  expect(told.events.slice(1)).toEqual([
    expect.objectContaining({
      ...{ what: "failed", detail: "refused ***", token: expect.objectContaining({ resource: "a" }) },
      update: expect.objectContaining({ number: 2 }),
    }),
  ]);
});

it("an error is told as it was logged, with the address at its end and, from an earlier version, without", async () => {
  const message = "no credential for store abc123: set environment variable BIGCOMMERCE_ACCESS_TOKEN_ABC123";
  const error = (text: string) => logged(text, { severity: "error", urn: urnOf("a") });
  const failing = [...REMOVED.slice(0, 1), { day: -5, result: "failed", tokens: [token("a")] }];
  for (const text of [message, withLink(message, "credential_missing")]) {
    expect((await toldWith([error(text)], failing)).events.at(-1)).toMatchObject({ what: "failed", detail: text });
  }
}); // prettier-ignore

it("lines that only resemble the provider's prove nothing", async () => {
  const near = [
    SAID.accepted.replace(A, "nonsense"),
    SAID.accepted.replace("bigcommerce", "other"),
    "{ broken",
  ];
  const told = await toldWith(near.flatMap((line) => [printed(line), logged(line)]));
  expect(outline(told).at(-1)).toBe("ended a (inferred)");
});
