import type { PageData } from "../data";
import { drawChart } from "./chart";
import { createFilter } from "./filter";
import { makeFocusable } from "./keys";

const data = JSON.parse(document.getElementById("data")?.textContent ?? "null") as PageData | null;
const timeline = document.getElementById("timeline");
const form = document.querySelector<HTMLFormElement>("form#filter");
const table = document.querySelector<HTMLTableElement>("table#events");
const showToken = form && table ? createFilter(form, table) : () => undefined;

if (data && timeline && data.bars.length > 0) {
  let width = 0;
  const draw = () => {
    if (timeline.clientWidth === width) return;
    width = timeline.clientWidth;
    const chart = drawChart(data, width);
    makeFocusable(chart, ({ token }) => {
      showToken(token);
    });
    timeline.replaceChildren(chart.svg);
  };
  draw();
  new ResizeObserver(draw).observe(timeline);
}
