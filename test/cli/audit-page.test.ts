import { createHash } from "node:crypto";

import { cli } from "./fake-system";
import { historyFiles, type Recorded } from "./histories";
import { rotationsOf, withTwelveEvents } from "./rotations";
import { day, NOW, previous, printOf, token } from "./states";

const NASTY = `</script><script>alert(1)</script><img src=x onerror=alert(1)>"'&\`<b>\``;

async function page(updates: readonly Recorded[], ...args: string[]): Promise<string> {
  const files = historyFiles(updates);
  const told = await cli(["audit", "--history", "h", "--format", "html", ...args], { now: NOW, files });
  expect({ code: told.code, stderr: told.stderr }).toEqual({ code: 0, stderr: "" });
  return told.stdout;
}

const tagsIn = (text: string) => text.replace(/<(style|title)>[^]*?<\/\1>/g, "").match(/<[^>]*>/g) ?? [];

describe("the page", () => {
  it("admits by its policy its own style and script, and nothing else from anywhere", async () => {
    const text = await page([{ day: -30, tokens: [token("a")] }]);
    const [, policy = ""] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(text) ?? [];
    const inside = (tag: string) => new RegExp(`<${tag}>([^]*?)</${tag}>`).exec(text)?.[1] ?? "";
    const hash = (content: string) => `'sha256-${createHash("sha256").update(content).digest("base64")}'`;
    const readable = policy.replaceAll("&#39;", "'");
    expect(readable.split("; ").sort()).toEqual([
      ...["base-uri 'none'", "default-src 'none'", "form-action 'none'"],
      ...[`script-src ${hash(inside("script"))}`, `style-src ${hash(inside("style"))}`],
    ]);
    expect(text).not.toMatch(/https?:|src=|@import|url\(|<link| style=/);
    expect(text.match(/<script/g)).toHaveLength(1);
  });

  it("has the same tags whatever names, labels, stores, authors and messages are: hostile ones stay text", async () => {
    const made = (text: string, store: string) => {
      const outputs = { label: text, storeHash: store, apiAccount: text, scopes: [text] };
      const shown = token(`a${text}`, { outputs });
      const due = token(`d${text}`, { outputs: { ...outputs, expiresAt: day(5) }, rest: { protect: true } });
      return page([
        { day: -30, tokens: [shown, due], message: text, environment: { "git.author": text } },
        { day: -6, tokens: [due], changes: { delete: 1 } },
        { day: -5, tokens: [due], result: "failed", pendingOperations: [{ resource: token(`l${text}`), type: "creating" }] }, // prettier-ignore
      ]);
    };
    const hostile = await made(NASTY, NASTY);
    expect(tagsIn(hostile)).toEqual(tagsIn(await made("plain", "abc123")));
    expect(hostile).not.toContain("alert(1)</script>");
    expect(hostile.match(/&lt;img src=x onerror=alert\(1\)&gt;/g)?.length).toBeGreaterThanOrEqual(20);
  });

  it("is whole without a single token", async () => {
    const text = await page([{ day: -3, tokens: [] }]);
    expect(text).toMatch(/<h2[^>]*>Needs attention<\/h2>\s*<p><b class="good">✓ Nothing\.<\/b>/);
    expect(text).toContain("There is no token to draw.");
    expect(text).toContain("Nothing happened.");
    expect(text).not.toContain("<svg");
  });

  it("tells first what needs attention, then the timeline, then the events", async () => {
    const text = await page([{ day: -30, tokens: [token("a")] }]);
    expect([...text.matchAll(/<h2[^>]*>([^<]*)/g)].map(([, title]) => title)).toEqual([
      ...["Needs attention", "Timeline", "Events"],
    ]);
  });

  it("of 20 tokens with 12 events each takes less than 80 kB, and of 200 tokens less than 150 kB", async () => {
    const updates = withTwelveEvents(20);
    const { events } = JSON.parse(
      (await cli(["audit", "--history", "h", "--json"], { now: NOW, files: historyFiles(updates) })).stdout,
    ) as { events: readonly { token?: { resource: string } }[] };
    const of = (name: string) => events.filter((event) => event.token?.resource === name);
    expect(events).toHaveLength(240);
    expect([of("service-0").length, of("service-19").length]).toEqual([12, 12]);
    // The built page also has its script, which stories/cli-page measures.
    expect(Buffer.byteLength(await page(updates))).toBeLessThan(78_000);
    expect(Buffer.byteLength(await page(rotationsOf(200, 0)))).toBeLessThan(150_000);
  });
});

describe("the events", () => {
  const headings = (text: string) =>
    [...text.matchAll(/scope="rowgroup">([^\n]*)/g)].map(([, title]) => title);
  const titles = (text: string) => [...text.matchAll(/<th scope="col">([^<]*)/g)].map(([, title]) => title);
  const rows = (text: string) => [...text.matchAll(/^<tr>(<td.*)$/gm)].map(([, row = ""]) => row.split(/<td[^>]*>/).slice(1)); // prettier-ignore

  it("are a table with a caption, titles and the store, for readers without a script", async () => {
    const elsewhere = token("b", { outputs: { storeHash: "zzz999" } });
    const text = await page([{ day: -30, tokens: [token("a"), elsewhere] }]);
    expect(text).toMatch(/<table class="events">\s*<caption>Events, oldest first/);
    expect(titles(text)).toEqual(["time (UTC)", "what", "resource", "token", "store", "evidence", "detail"]);
    expect(rows(text)).toEqual([
      [
        "2026-12-11 12:00",
        "minted",
        "a",
        printOf("a"),
        "abc123",
        "confirmed",
        "works until 2027-03-11 12:00",
      ],
      [
        "2026-12-11 12:00",
        "minted",
        "b",
        printOf("b"),
        "zzz999",
        "confirmed",
        "works until 2027-03-11 12:00",
      ],
    ]);
    const adopted = await page([{ day: -30, tokens: [token("a", { outputs: { adopted: printOf("a") } })] }]);
    expect(rows(adopted)[0]?.[1]).toBe("adopted");
    expect(await page([{ day: -30, tokens: [token("a", { outputs: { expiresAt: day(-1) } })] }])).toContain("<td class=warn>expired"); // prettier-ignore
  });

  it("stand under their update, with its time, author and message; where there is no author, no word of one", async () => {
    const text = await page([
      { day: -30, tokens: [token("a")], message: "first\nlong", environment: { "git.author": "Ann", "git.head": "fd41011c0ffee" } }, // prettier-ignore
      { day: -20, tokens: [token("a"), token("b", { outputs: { issuedAt: day(-20) } })], result: "failed" },
      { day: -15, kind: "refresh", tokens: [token("a", { outputs: { gone: true } }), token("b", { outputs: { issuedAt: day(-20), expiresAt: day(-1) } })] }, // prettier-ignore
    ]);
    expect(headings(text)).toEqual([
      "Update #1, 2026-12-11 12:00, by Ann fd41011: first",
      "Update #2, failed, 2026-12-21 12:00",
      "Update (refresh) #3, 2026-12-26 12:00",
      "Outside of the updates of this history",
    ]);
  });

  it("show the time range that was asked for, and who was valid in it", async () => {
    const text = await page([{ day: -30, tokens: [token("a")] }], "--live-between", "5d", "4d");
    expect(text).toMatch(/<table class="alive">/);
    const [, x, width] = /<rect class="asked" x="([\d.]+)%" width="([\d.]+)%"/.exec(text) ?? [];
    // From 31.8 days before now to 61.8 days after, with 2 percent of room at both ends.
    expect([Number(x), Number(width)]).toEqual([expect.closeTo((26.8 / 93.6) * 100, 1), expect.closeTo(100 / 93.6, 1)]); // prettier-ignore
  });
});

interface Drawn {
  readonly state: string | undefined;
  readonly facts: readonly string[];
  /** Percents of the width: each part of the bar. */
  readonly parts: readonly (readonly [from: number, to: number])[];
  readonly markup: string;
}

function barsIn(text: string): readonly Drawn[] {
  return [...text.matchAll(/<g(?: class=(\w+))?><title>([^<]*)<\/title>(.*?)<\/g>/g)].map(([, state = "expired", title = "", markup = ""]) => ({
    ...{ state, facts: title.split("\n"), markup },
    parts: [...markup.matchAll(/<rect x=([\d.]+)% y=\d+ width=([\d.]+)%/g)].map(([, x, width]) => [Number(x), Number(x) + Number(width)] as const),
  }));
} // prettier-ignore

describe("a bar", () => {
  const drawn = async (outputs: Readonly<Record<string, unknown>>, ...updates: Recorded[]) => {
    const text = await page([{ day: -30, tokens: [token("a", { outputs })] }, ...updates]);
    const [bar] = barsIn(text);
    if (!bar) throw new Error("there is no bar");
    return { ...bar, text, doubt: /class="maybe" x1="([\d.]+)%" x2="([\d.]+)%"/.exec(text)?.slice(1).map(Number) }; // prettier-ignore
  };
  /** Where a day stands if the first time is 30 days ago and the last in 60 days. */
  const at = (days: number) => expect.closeTo(((days + 31.8) / 93.6) * 100, 1) as number;
  const gone: Recorded = { day: -5, tokens: [], changes: { delete: 1 } };

  it("goes from the issue to the expiration, and is thin from when on an update rotates it", async () => {
    const { state, parts, facts } = await drawn({});
    expect({ state, parts }).toEqual({
      state: "live",
      parts: [
        [at(-30), at(30)],
        [at(30), at(60)],
      ],
    });
    expect(facts).toEqual([
      printOf("a"),
      "issued 2026-12-11 12:00",
      "due from 2027-02-09 12:00",
      "expires 2027-03-11 12:00",
      "in the state",
    ]);
  });

  it("of a token that never expires goes to the end of the chart, and has an arrow there", async () => {
    const bar = await drawn({ expiresAt: "never", lifetime: undefined, rotateBefore: undefined });
    expect(bar).toMatchObject({ state: "live", parts: [[expect.any(Number), expect.closeTo(100, 1)]] });
    expect(bar.markup).toContain("→");
    expect(bar.text).toContain("<br>never expires</small>");
  });

  it("of a token that expires in ten years has an arrow as well, and does not make the others small", async () => {
    const text = await page([{ day: -30, tokens: [token("a"), token("b", { outputs: { expiresAt: day(3_650) } })] }]); // prettier-ignore
    const [a, b] = barsIn(text);
    const [from = 0, to = 0] = a?.parts[0] ?? [];
    expect(to - from).toBeGreaterThan(10);
    expect([a?.markup.includes("→"), b?.markup.includes("→")]).toEqual([false, true]);
  });

  it("ends with an update that was to revoke its token, dashed, and a dotted line goes on: nothing proves it", async () => {
    const { state, parts, doubt } = await drawn({}, gone);
    expect({ state, parts, doubt }).toEqual({
      state: "unproven",
      parts: [[at(-30), at(-5)]],
      doubt: [at(-5), at(60)],
    });
  });

  it("ends with a line at the refresh that saw its token gone, for certain", async () => {
    const marked = token("a", { outputs: { gone: true } });
    const bar = await drawn({}, { day: -5, kind: "refresh", tokens: [marked], changes: { same: 2 } });
    expect(bar).toMatchObject({ state: "revoked", parts: [[at(-30), at(-5)]], doubt: undefined });
    expect(bar.markup).toContain("class=cut");
    expect(bar.facts).toContain("seen to be gone at 2027-01-05 12:00 (confirmed)");
    expect(bar.text).toContain("<br>missing</small>");
  });

  it("of a token that was adopted begins with its issue, and tells which update adopted it", async () => {
    const { facts } = await drawn({ adopted: printOf("a"), issuedAt: day(-200) });
    expect(facts).toEqual(expect.arrayContaining(["issued 2026-06-24 12:00", "adopted in update 1"]));
  });

  it("of a token that is left to expire is hollow until it has expired", async () => {
    const { state, parts } = await drawn({ onDelete: "letExpire" }, gone);
    expect({ state, parts }).toEqual({ state: "leaving", parts: [[at(-30), at(60)]] });
    expect(await drawn({ expiresAt: day(-1) })).toMatchObject({ state: "expired" });
  });

  it("tells the rights of its token only if the latest token of the resource has others", async () => {
    const after = token("a", { id: "jti-b", outputs: { fingerprint: printOf("b"), channelIds: [1, 2], issuedAt: day(-5), previous: previous("a", { expiresAt: day(60) }) } }); // prettier-ignore
    const text = await page([{ day: -30, tokens: [token("a")] }, { day: -5, tokens: [after], changes: { replace: 1 } }]); // prettier-ignore
    expect(text).toContain("<small>private, store abc123, channels 1, 2; Customer<br>expires");
    const told = barsIn(text).map(({ facts }) => facts.filter((fact) => fact.startsWith("channels")));
    expect(told).toEqual([["channels 1; Customer"], []]);
  });
});

describe("a lane", () => {
  const names = (text: string) => [...text.matchAll(/<li><div><a href="#events">([^<]*)<\/a><small>(\w+)/g)].map(([, name, kind]) => `${name} ${kind}`); // prettier-ignore

  it("is of one resource, in the order of their names and numbers; two kinds with one name have two", async () => {
    const other = token("a", { kind: "storefront", id: "x", outputs: { fingerprint: printOf("x") } });
    const text = await page([{ day: -30, tokens: [token("s-10"), token("s-9"), token("a"), other] }]);
    expect(names(text).sort()).toEqual(["a private", "a storefront", "s-10 private", "s-9 private"]);
    expect(names(text).slice(2)).toEqual(["s-9 private", "s-10 private"]);
  });

  it("has a previous token and the token after it", async () => {
    const after = token("a", { id: "jti-b", outputs: { fingerprint: printOf("b"), issuedAt: day(-5), previous: previous("a", { expiresAt: day(60) }) } }); // prettier-ignore
    const text = await page([{ day: -30, tokens: [token("a")] }, { day: -5, tokens: [after], changes: { replace: 1 } }]); // prettier-ignore
    expect(names(text)).toEqual(["a private"]);
    expect(barsIn(text).map(({ state }) => state)).toEqual(["leaving", "live"]);
  });
});

describe("the legend", () => {
  const legend = (text: string) => [...(/<ul class="legend"[^>]*>([^]*?)<\/ul>/.exec(text)?.[1] ?? "").matchAll(/<\/svg>([^\n]*)/g)].map(([, entry]) => entry); // prettier-ignore

  it("explains the marks that this chart has, and no others", async () => {
    expect(legend(await page([{ day: -30, tokens: [token("a")] }]))).toEqual([
      "in the state: your program has this token",
      "thin part: due, an update rotates the token",
      "today",
    ]);
    const fixed = { lifetime: undefined, rotateBefore: undefined };
    const b = token("b", { outputs: { ...fixed, onDelete: "letExpire" } });
    const text = await page([
      { day: -30, tokens: [token("a"), b, token("c", { outputs: { ...fixed, expiresAt: "never" } })] },
      {
        day: -5,
        tokens: [token("c", { outputs: { ...fixed, expiresAt: "never" } })],
        changes: { delete: 2 },
      },
    ]);
    expect(legend(text)).toEqual([
      "in the state: your program has this token",
      "replaced or removed, valid until it expires",
      "revoked by the rules or by a line of a log, unproven",
      "may have been valid, if that revocation did not happen",
      "never expires, or after the end of this chart",
      "today",
    ]);
  });
});
