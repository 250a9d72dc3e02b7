import { DARK, LIGHT, styleOf } from "../../cli/commands/audit/html/style";

/** https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
function contrast(one: string, other: string): number {
  const luminance = (colour: string) => {
    const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
      const channel = parseInt(colour.slice(at, at + 2), 16) / 255;
      return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

const colours = (text: string): Readonly<Record<string, string>> =>
  Object.fromEntries([...text.matchAll(/--(\w+): (#[0-9a-f]{6});/g)].map(([, name = "", colour = ""]) => [name, colour])); // prettier-ignore

describe.each([
  ["light", LIGHT],
  ["dark", DARK],
])("in %s", (_, palette) => {
  const { page = "", stripe = "", ...others } = colours(palette);

  it.each(["text", "quiet", "accent", "good", "bad", "warn", "today"])(
    "%s is text that can be read",
    (name) => {
      for (const ground of [page, stripe]) expect(contrast(others[name] ?? "", ground)).toBeGreaterThanOrEqual(4.5); // prettier-ignore
    },
  );

  it.each(["live", "leaving", "gone", "doubt", "today"])("%s is a mark that can be seen", (name) => {
    for (const ground of [page, stripe]) expect(contrast(others[name] ?? "", ground)).toBeGreaterThanOrEqual(3); // prettier-ignore
  });

  it("the arrow on a bar can be seen", () => {
    expect(contrast("#ffffff", others["live"] ?? "")).toBeGreaterThanOrEqual(3);
  });
});

it("both have the same colours, and a printed page has the light ones", () => {
  expect(Object.keys(colours(DARK))).toEqual(Object.keys(colours(LIGHT)));
  const [, print = ""] = /@media print\{:root\{([^}]*)\}/.exec(styleOf([])) ?? [];
  expect(print).toContain(`--page:${colours(LIGHT)["page"] ?? ""};`);
  expect(print).toContain(`--text:${colours(LIGHT)["text"] ?? ""};`);
});

it("on a phone each cell begins with the title of its column", () => {
  const style = styleOf([{ id: "events", titles: ["time (UTC)", "what"] }]);
  expect(style).toContain('.events td:nth-child(2)::before{content:"what"');
  expect(style).not.toMatch(/undefined|\n/);
});
