import type { PlacedBar } from "./lanes";

/** Makes one bar reachable by Tab. Arrow keys move to other bars, Enter chooses a bar. */
export function makeFocusable(
  { svg, bars }: { readonly svg: SVGSVGElement; readonly bars: readonly PlacedBar[] },
  choose: (bar: PlacedBar) => void,
): void {
  const shapes = [...svg.querySelectorAll<SVGElement>(".tokens rect")];
  const focus = (at: number) => {
    shapes.forEach((shape, each) => {
      shape.setAttribute("tabindex", each === at ? "0" : "-1");
    });
    shapes[at]?.focus();
  };
  shapes.forEach((shape, at) => {
    const bar = bars[at];
    if (!bar) return;
    shape.setAttribute("tabindex", at === 0 ? "0" : "-1");
    shape.setAttribute("role", "button");
    shape.setAttribute("aria-label", bar.title);
    const title = document.createElementNS(svg.namespaceURI, "title");
    title.textContent = bar.title.replaceAll("; ", "\n");
    shape.append(title);
    shape.addEventListener("click", () => {
      choose(bar);
    });
    shape.addEventListener("keydown", (event: KeyboardEvent) => {
      const next = target(event.key, at, bars);
      if (event.key === "Enter" || event.key === " ") choose(bar);
      else if (next !== undefined) focus(next);
      else return;
      event.preventDefault();
    });
  });
}

/** The bar to which a key moves: left and right within the lane, up and down to another lane. */
function target(key: string, at: number, bars: readonly PlacedBar[]): number | undefined {
  const lane = bars[at]?.lane ?? 0;
  const first = (place: number) => bars.findIndex((bar) => bar.lane === place);
  const last = bars.length - 1;
  const within = (next: number) => (bars[next]?.lane === lane ? next : at);
  switch (key) {
    case "ArrowRight":
      return within(at + 1);
    case "ArrowLeft":
      return within(at - 1);
    case "ArrowDown":
      return Math.max(at, first(lane + 1));
    case "ArrowUp":
      return lane === 0 ? at : first(lane - 1);
    case "Home":
      return 0;
    case "End":
      return last;
    default:
      return undefined;
  }
}
