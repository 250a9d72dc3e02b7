import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { historyFiles, type Recorded } from "../cli/histories";
import { withTwelveEvents } from "../cli/rotations";
import { DAY, day, type Exported, NOW, previous, printOf, token } from "../cli/states";
import { Chromium, chromiumOnPath } from "../support/chromium";

const path = chromiumOnPath();
const withChromium = path === undefined ? describe.skip : describe;
const NAMES = ["web", "server", "support", "a-resource-with-a-name-that-is-rather-long-for-a-lane"];

/** In days from `NOW`, because the bin has the real clock. */
const TODAY = Math.floor((Date.now() / 1_000 - NOW) / DAY);

const print = (count: number) => printOf(String(count).padStart(8, "-"));

/** Rotations of a few resources, a predecessor each, until there are that many tokens. */
function history(tokens: number): readonly Recorded[] {
  const updates: Recorded[] = [];
  const held = new Map<string, Exported>();
  for (let count = 0; count < tokens; count += 1) {
    const at = TODAY + Math.floor(count / NAMES.length) * 20 - 990;
    const name = NAMES[count % NAMES.length] ?? "";
    const [own, before] = [print(count), print(count - NAMES.length)];
    const ends = { expiresAt: day(at + 30), lifetime: "30d", rotateBefore: "10d", issuedAt: day(at) };
    const old = count < NAMES.length ? {} : { previous: { ...previous("x", { expiresAt: day(at + 10), issuedAt: day(at - 20) }), fingerprint: before, id: before } }; // prettier-ignore
    held.set(name, token(name, { id: own, outputs: { ...ends, fingerprint: own, ...old } }));
    updates.push({
      day: at + (count % NAMES.length) / 1_000,
      tokens: [...held.values()],
      changes: { create: 1, replace: 1 },
    });
  }
  return updates.length > 0 ? updates : [{ day: TODAY - 5, tokens: [] }];
}

/** Minutes of life in months, beside a token that lives on. */
function briefLives(count: number): readonly Recorded[] {
  const web = token("web", { outputs: { issuedAt: day(TODAY - 80), expiresAt: day(TODAY + 40) } });
  return Array.from({ length: count }, (_, at): readonly Recorded[] => {
    const begin = TODAY - 78 + (at * 76) / count;
    const times = { issuedAt: day(begin), expiresAt: day(begin + (at % 2 === 0 ? 0.01 : 60)) };
    const outputs = { ...times, fingerprint: print(at), lifetime: undefined, rotateBefore: undefined };
    return [
      { day: begin + 0.001, tokens: [web, token("preview", { id: print(at), outputs })], changes: { create: 1 } }, // prettier-ignore
      { day: begin + 0.005, tokens: [web], changes: { delete: 1 } },
    ];
  }).flat();
}

const folder = mkdtempSync(join(tmpdir(), "page-"));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** The page of a history, made by the installed package. */
function made(name: string, updates: readonly Recorded[]): string {
  const file = join(folder, `${name}.html`);
  const files = historyFiles(updates, { folder: join(folder, name) });
  for (const [path, bytes] of Object.entries(files)) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
  }
  const bin = join(process.env["TEST_FRESH"] ?? "", "node_modules/.bin/pulumi-bigcommerce-tokens");
  writeFileSync(file, execFileSync(bin, ["audit", "--history", join(folder, name), "--format", "html"]));
  return file;
}

it("the page of 20 tokens with 12 events each takes less than 80 kB, its script less than 3 kB of it", () => {
  const text = readFileSync(made("twelve", withTwelveEvents(20, { last: TODAY - 1 })), "utf8");
  expect(text.match(/^<tr><td/gm)).toHaveLength(240);
  expect(Buffer.byteLength(text)).toBeLessThan(80_000);
  const [, script = ""] = /<script>([^]*?)<\/script>/.exec(text) ?? [];
  expect(script.length).toBeGreaterThan(500);
  expect(script.length).toBeLessThan(3_000);
});

withChromium(
  `the page in a real Chromium${path === undefined ? " (skipped: there is none on PATH)" : ""}`,
  () => {
    // Set this to keep the pictures and look at them.
    const pictures = process.env["TEST_SCREENSHOTS"] ?? folder;
    let browser: Chromium;
    const tokens = (count: number) => made(`${count}`, history(count));

    beforeAll(async () => {
      browser = await Chromium.start(path ?? "");
    });
    afterAll(async () => {
      await browser.close();
    });
    afterEach(() => {
      expect({ asked: browser.requested, complaints: browser.complaints }).toEqual({
        asked: [],
        complaints: [],
      });
    });

    it.each([
      [0, "light", 1280, true],
      [1, "light", 1280, true],
      [200, "light", 1280, true],
      [200, "light", 1280, false],
      [200, "dark", 1280, true],
      [200, "light", 390, true],
      [200, "dark", 390, false],
    ] as const)(
      "draws %i tokens, %s, %i px wide, with scripts: %s; a bar each, and nothing beyond its place",
      async (count, scheme, width, scripts) => {
        await browser.open(tokens(count), { scheme, width, scripts });
        const drawn = await browser.evaluate<Drawn>(`(${measure.toString()})()`);
        expect(drawn).toEqual({
          ...{ bars: count, groups: 0, outside: 0, collisions: 0, cut: 0, overflow: 0 },
          dark: scheme === "dark",
        });
        const picture = await browser.screenshot(width);
        writeFileSync(join(pictures, `${count}-${scheme}-${width}${scripts ? "" : "-static"}.png`), picture);
        expect(picture.length).toBeGreaterThan(10_000);
      },
    );

    it.each([1280, 390])("counts 120 tokens of minutes in months, %i px wide, where they would cover each other", async (width) => {
      await browser.open(made("brief", briefLives(120)), { width });
      const { groups, bars, ...rest } = await browser.evaluate<Drawn>(`(${measure.toString()})()`);
      expect(rest).toEqual({ outside: 0, collisions: 0, cut: 0, overflow: 0, dark: false });
      expect(groups).toBeGreaterThan(5);
      expect(bars).toBe(121);
      writeFileSync(join(pictures, `brief-${width}.png`), await browser.screenshot(width));
    }); // prettier-ignore

    it("without scripts has everything but the filter", async () => {
      await browser.open(tokens(200), { scripts: false });
      const seen = (selector: string) => browser.evaluate<number>(`[...document.querySelectorAll(${JSON.stringify(selector)})].filter((each) => each.getBoundingClientRect().height > 0).length`); // prettier-ignore
      expect(await seen(".lanes svg")).toBe(5);
      expect(await seen(".legend svg")).toBeGreaterThan(3);
      expect(await seen(".events td:first-child")).toBe(396);
      expect(await seen("form")).toBe(0);
    });

    it("can be used by the keyboard alone: Tab goes from resource to resource, Enter shows the events of one", async () => {
      await browser.open(tokens(200));
      const focused = () => browser.evaluate<string>("document.activeElement.textContent");
      await browser.press("Tab");
      expect(await focused()).toBe("Skip to the events");
      await browser.press("Tab");
      expect(await focused()).toBe(NAMES[3]);
      await browser.press("Tab");
      expect(await focused()).toBe("server");
      await browser.press("Enter", "\r");
      const shown = await browser.evaluate<string[]>(
        "[...document.querySelectorAll('.events tbody:not([hidden]) tr:not([hidden]) td:nth-child(3)')].map((cell) => cell.textContent.trim())",
      );
      expect(shown).toHaveLength(99);
      expect([...new Set(shown)]).toEqual(["server"]);
      expect(await browser.evaluate("document.querySelector('output').textContent")).toBe("99 of 396 shown");
      expect(await browser.evaluate("document.activeElement.name")).toBe("resource");
    });

    it("shows the events of the token whose bar is clicked", async () => {
      await browser.open(tokens(200));
      const [token = ""] = await browser.evaluate<string[]>(
        "(() => { const bar = document.querySelectorAll('.lanes g:has(> title)')[7]; bar.querySelector('rect').dispatchEvent(new MouseEvent('click', { bubbles: true })); return bar.querySelector('title').textContent.split('\\n'); })()",
      );
      expect(token).toMatch(/^\w{16}$/);
      const shown = await browser.evaluate<string[]>(
        "[...document.querySelectorAll('.events tr:not([hidden])')].map((row) => row.cells[3]?.textContent ?? '').filter(Boolean)",
      );
      expect(shown.slice(1)).toEqual([token, token]);
    });

    it("filters the events by what and by words together, and shows all again", async () => {
      await browser.open(tokens(200));
      const shown = () =>
        browser.evaluate<number>(
          "document.querySelectorAll('.events tbody tr:not([hidden]) td:first-child').length",
        );
      const set = (name: string, value: string) =>
        browser.evaluate(
          `{ const field = document.querySelector('[name=${name}]'); field.value = '${value}'; field.dispatchEvent(new Event('input', { bubbles: true })); }`,
        );
      await set("what", "minted");
      expect(await shown()).toBe(4);
      // An update with no row left is hidden with its heading.
      expect(await browser.evaluate("document.querySelectorAll('.events tbody:not([hidden])').length")).toBe(
        4,
      );
      await set("text", "SERVER works");
      expect(await shown()).toBe(1);
      await browser.evaluate("document.querySelector('button[type=reset]').click()");
      await browser.frames();
      expect(await shown()).toBe(396);
      await set("text", "update #7,");
      expect(await shown()).toBe(2);
    });

    it("tells a screen reader its headings, its table with captions, and each bar in words", async () => {
      await browser.open(tokens(1), { scripts: false });
      const nodes = await browser.accessible();
      const names = (role: string) =>
        nodes.filter((node) => node.role?.value === role).map(({ name }) => name?.value);
      expect(names("heading")).toEqual(["Tokens of shop/dev", "Needs attention", "Timeline", "Events"]);
      expect(names("table")).toEqual([expect.stringMatching(/^Events, oldest first/)]);
      expect(names("group")).toEqual([expect.stringMatching(/^\w{16} issued [-\d]+ [:\d]+ expired .*/)]);
      expect(names("columnheader")).toContain("evidence");
    });

    it("prints without its controls, black on white, even where the screen is dark", async () => {
      await browser.open(tokens(200), { scheme: "dark" });
      await browser.print();
      const picture = await browser.screenshot();
      writeFileSync(join(pictures, "200-print.png"), picture);
      const look =
        "[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.querySelector('form')).display]";
      expect(await browser.evaluate(look)).toEqual(["rgb(255, 255, 255)", "none"]);
    });
  },
);

interface Drawn {
  /** The number of tokens that the marks stand for. */
  readonly bars: number;
  /** Marks that stand for several tokens. */
  readonly groups: number;
  readonly outside: number;
  readonly collisions: number;
  /** Numbers that are wider than their mark. */
  readonly cut: number;
  readonly overflow: number;
  readonly dark: boolean;
}

/** Runs in the page. */
function measure(): Drawn {
  interface Box {
    readonly left: number;
    readonly right: number;
    readonly top: number;
    readonly bottom: number;
  }
  interface Node {
    getBoundingClientRect(): Box;
    querySelector(selector: string): Node | null;
    querySelectorAll(selector: string): Iterable<Node>;
    readonly textContent: string;
    readonly scrollWidth: number;
    readonly clientWidth: number;
  }
  const page = (globalThis as unknown as { document: { documentElement: Node; body: Node } & Node }).document;
  const style = (globalThis as unknown as { getComputedStyle: (node: Node) => { backgroundColor: string } }).getComputedStyle; // prettier-ignore
  const apart = (a: Box, b: Box) => a.right <= b.left + 0.5 || b.right <= a.left + 0.5 || a.bottom <= b.top + 1 || b.bottom <= a.top + 1; // prettier-ignore
  const found = { bars: 0, groups: 0, outside: 0, collisions: 0, cut: 0 };
  for (const svg of page.querySelectorAll(".lanes svg")) {
    const frame = svg.getBoundingClientRect();
    const inside = (box: Box) => box.left >= frame.left - 1 && box.right <= frame.right + 1 && box.bottom <= frame.bottom + 1; // prettier-ignore
    const marks = [...svg.querySelectorAll("g")].filter((each) => each.querySelector("title"));
    const boxes = marks.map((mark) =>
      [...mark.querySelectorAll("rect")].map((each) => each.getBoundingClientRect()),
    );
    const texts = [...svg.querySelectorAll("text")].map((each) => each.getBoundingClientRect());
    found.outside += [...boxes.flat(), ...texts.filter((box) => box.right > box.left)].filter((box) => !inside(box)).length; // prettier-ignore
    boxes.forEach((own, at) => {
      const others = boxes.slice(at + 1).flat();
      found.collisions += own.flatMap((a) => others.filter((b) => !apart(a, b))).length;
    });
    for (const mark of marks) {
      const number = mark.querySelector("text");
      const count = Number.parseInt(number?.textContent ?? "", 10);
      if (!number || Number.isNaN(count)) {
        found.bars += 1;
        continue;
      }
      found.bars += count;
      found.groups += 1;
      const [text, box] = [
        number.getBoundingClientRect(),
        mark.querySelector("rect")?.getBoundingClientRect(),
      ];
      if (box && (text.left < box.left || text.right > box.right)) found.cut += 1;
    }
  }
  return {
    ...found,
    overflow: Math.max(0, page.documentElement.scrollWidth - page.documentElement.clientWidth),
    dark: style(page.body).backgroundColor !== "rgb(255, 255, 255)",
  };
}
