/** Filters the rows of the table by all fields of the form. Returns a function that shows one token's events. */
export function createFilter(form: HTMLFormElement, table: HTMLTableElement): (token: string) => void {
  const rows = [...(table.tBodies[0]?.rows ?? [])].map((row) => ({
    row,
    text: row.textContent.toLowerCase(),
    what: row.dataset["what"] ?? "",
    evidence: row.dataset["evidence"] ?? "",
  }));
  const field = (name: string) => form.elements.namedItem(name) as HTMLInputElement | HTMLSelectElement;
  const shown = form.querySelector("output");
  const apply = () => {
    const words = field("text").value.toLowerCase().split(/\s+/).filter(Boolean);
    const what = field("what").value;
    const evidence = field("evidence").value;
    let count = 0;
    for (const each of rows) {
      const fits =
        (what === "" || each.what === what) &&
        (evidence === "" || each.evidence === evidence) &&
        words.every((word) => each.text.includes(word));
      each.row.hidden = !fits;
      if (fits) count += 1;
    }
    if (shown) shown.textContent = `${count} of ${rows.length} shown`;
  };
  form.addEventListener("input", apply);
  form.addEventListener("reset", () => {
    // The browser resets the fields after this event.
    requestAnimationFrame(apply);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
  });
  form.hidden = false;
  apply();
  return (token) => {
    form.reset();
    field("text").value = token;
    apply();
    table.scrollIntoView({ block: "start" });
    field("text").focus();
  };
}
