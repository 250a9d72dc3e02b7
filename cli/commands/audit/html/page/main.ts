import { createFilter } from "./filter";

const form = document.querySelector("form");
const table = document.querySelector<HTMLTableElement>("table.events");
const lanes = document.querySelector<HTMLElement>(".lanes");

if (form && table && lanes) {
  const filter = createFilter(form, table);
  lanes.classList.add("filters");
  lanes.addEventListener("click", (event) => {
    const target = event.target as Element;
    const resource = target.closest("a")?.textContent;
    const token = target.closest("g:not(.group)")?.querySelector("title")?.textContent.split("\n")[0];
    if (resource) filter.show("resource", resource);
    else if (token) filter.show("text", token);
    else return;
    event.preventDefault();
  });
}
