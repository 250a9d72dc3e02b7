import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { historyFiles, type Recorded } from "../cli/histories";
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

withChromium(
  `the page in a real Chromium${path === undefined ? " (skipped: there is none on PATH)" : ""}`,
  () => {
    const folder = mkdtempSync(join(tmpdir(), "page-"));
    // Set this to keep the pictures and look at them.
    const pictures = process.env["TEST_SCREENSHOTS"] ?? folder;
    let browser: Chromium;

    const made = (tokens: number): string => {
      const file = join(folder, `${tokens}.html`);
      const files = historyFiles(history(tokens), { folder: join(folder, `h${tokens}`) });
      for (const [name, bytes] of Object.entries(files)) {
        mkdirSync(dirname(name), { recursive: true });
        writeFileSync(name, bytes);
      }
      const bin = join(process.env["TEST_FRESH"] ?? "", "node_modules/.bin/pulumi-bigcommerce-tokens");
      writeFileSync(
        file,
        execFileSync(bin, ["audit", "--history", join(folder, `h${tokens}`), "--format", "html"]),
      );
      return file;
    };

    beforeAll(async () => {
      browser = await Chromium.start(path ?? "");
    });
    afterAll(async () => {
      await browser.close();
      rmSync(folder, { recursive: true, force: true });
    });
    afterEach(() => {
      expect({ asked: browser.requested, complaints: browser.complaints }).toEqual({
        asked: [],
        complaints: [],
      });
    });

    it.each([
      [0, "light", 1280],
      [1, "light", 1280],
      [200, "light", 1280],
      [200, "dark", 1280],
      [200, "light", 420],
    ] as const)(
      "draws %i tokens, %s, %i px wide: a bar each, and nothing beyond its place",
      async (tokens, scheme, width) => {
        await browser.open(made(tokens), { scheme, width });
        const drawn = await browser.evaluate<Drawn>(`(${measure.toString()})()`);
        expect(drawn).toEqual({
          bars: tokens,
          outside: 0,
          collisions: 0,
          overflow: 0,
          dark: scheme === "dark",
        });
        const picture = await browser.screenshot(width);
        writeFileSync(join(pictures, `${tokens}-${scheme}-${width}.png`), picture);
        expect(picture.length).toBeGreaterThan(10_000);
      },
    );

    it("can be used by the keyboard alone: arrows go from bar to bar, Enter lists the events of one", async () => {
      await browser.open(made(200));
      const focused = "document.activeElement.getAttribute('aria-label') ?? document.activeElement.id";
      await browser.evaluate("document.querySelector('.tokens rect[tabindex=\"0\"]').focus()");
      const first = await browser.evaluate<string>(focused);
      await browser.press("ArrowRight");
      const second = await browser.evaluate<string>(focused);
      await browser.press("ArrowDown");
      const below = await browser.evaluate<string>(focused);
      await browser.press("ArrowUp");
      await browser.press("ArrowRight");
      expect([first, second, below].map((title) => title.split(",")[0])).toEqual([
        NAMES[3],
        NAMES[3],
        "server",
      ]);
      expect(await browser.evaluate(focused)).toBe(second);
      expect(await browser.evaluate("document.querySelectorAll('.tokens rect[tabindex=\"0\"]').length")).toBe(
        1,
      );

      await browser.press("Enter", "\r");
      const [, chosen = ""] = /token (\w{16})/.exec(second) ?? [];
      const shown = await browser.evaluate<string[]>(
        "[...document.querySelectorAll('#events tbody tr:not([hidden])')].map((row) => row.textContent)",
      );
      expect(shown.length).toBeGreaterThan(0);
      expect(shown.filter((text) => !text.includes(chosen))).toEqual([]);
      expect(await browser.evaluate("document.querySelector('output').textContent")).toBe(
        `${shown.length} of 396 shown`,
      );
    });

    it("filters the events by what and by words together, and shows all again", async () => {
      await browser.open(made(200));
      const shown = () =>
        browser.evaluate<number>("document.querySelectorAll('#events tbody tr:not([hidden])').length");
      const set = (name: string, value: string) =>
        browser.evaluate(
          `{ const field = document.querySelector('[name=${name}]'); field.value = '${value}'; field.dispatchEvent(new Event('input', { bubbles: true })); }`,
        );
      await set("what", "minted");
      expect(await shown()).toBe(4);
      await set("text", "SERVER works");
      expect(await shown()).toBe(1);
      await browser.evaluate("document.querySelector('button[type=reset]').click()");
      await browser.frames();
      expect(await shown()).toBe(396);
    });

    it("tells a screen reader its headings, its tables with captions, and each bar in words", async () => {
      await browser.open(made(1));
      const nodes = await browser.accessible();
      const names = (role: string) =>
        nodes.filter((node) => node.role?.value === role).map(({ name }) => name?.value);
      expect(names("heading")).toEqual(["Tokens of shop/dev", "Timeline", "Events"]);
      expect(names("table")).toEqual([expect.stringMatching(/^Events, oldest first/)]);
      expect(names("button").sort()).toEqual([
        "Show all",
        expect.stringMatching(/^web, private token \w{16}; issued .*expired/),
      ]);
      expect(names("columnheader")).toContain("evidence");
    });

    it("prints without its controls, black on white, even where the screen is dark", async () => {
      await browser.open(made(200), { scheme: "dark" });
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
  readonly bars: number;
  readonly outside: number;
  readonly collisions: number;
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
    querySelectorAll(selector: string): Iterable<Node>;
    readonly scrollWidth: number;
    readonly clientWidth: number;
  }
  const page = (globalThis as unknown as { document: { documentElement: Node; body: Node; querySelector(selector: string): Node | null } }).document; // prettier-ignore
  const style = (globalThis as unknown as { getComputedStyle: (node: Node) => { backgroundColor: string } }).getComputedStyle; // prettier-ignore
  const svg = page.querySelector("#timeline svg");
  const boxes = (selector: string) => [...(svg?.querySelectorAll(selector) ?? [])].map((node) => node.getBoundingClientRect()); // prettier-ignore
  const bars = boxes(".tokens rect");
  const frame = svg?.getBoundingClientRect();
  const apart = (a: Box, b: Box) => a.right <= b.left || b.right <= a.left || a.bottom <= b.top + 1 || b.bottom <= a.top + 1; // prettier-ignore
  const texts = boxes("text").filter((box) => box.right > box.left);
  return {
    bars: bars.length,
    outside: [...bars, ...texts].filter((box) => frame && (box.left < frame.left - 1 || box.right > frame.right + 1 || box.bottom > frame.bottom + 1)).length, // prettier-ignore
    collisions: bars.flatMap((a, at) => bars.slice(at + 1).filter((b) => !apart(a, b))).length,
    overflow: Math.max(0, page.documentElement.scrollWidth - page.documentElement.clientWidth),
    dark: style(page.body).backgroundColor !== "rgb(255, 255, 255)",
  };
}
