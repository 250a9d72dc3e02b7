export interface Filter {
  /** Shows only the rows in which this field has this value. */
  show(field: "text" | "resource", value: string): void;
}

/** Filters the rows of the table by all fields of the form. The names of fields are the titles of columns. */
export function createFilter(form: HTMLFormElement, table: HTMLTableElement): Filter {
  const titles = [...(table.tHead?.rows[0]?.cells ?? [])].map((cell) => cell.textContent);
  const selects = [...form.querySelectorAll("select")].map((select) => ({
    select,
    column: titles.indexOf(select.name),
  }));
  // The first row of an update may be its heading, which counts for all of its events.
  const bodies = [...table.tBodies].map((body) => ({
    body,
    heading: body.querySelector("th")?.textContent ?? "",
    rows: [...body.rows].filter((row) => row.cells.length > 1),
  }));
  const rows = bodies.flatMap(({ heading, rows: own }) =>
    own.map((row) => ({
      row,
      text: `${row.textContent} ${heading}`.toLowerCase(),
      values: selects.map(({ column }) => row.cells[column]?.textContent.trim()),
    })),
  );
  const words = form.elements.namedItem("text") as HTMLInputElement;
  const output = form.querySelector("output");
  const apply = () => {
    const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const { row, text, values } of rows) {
      const isWanted = selects.every(({ select }, at) => select.value === "" || select.value === values[at]);
      row.hidden = !isWanted || !wanted.every((word) => text.includes(word));
      if (!row.hidden) count += 1;
    }
    for (const { body, rows: own } of bodies) body.hidden = own.every(({ hidden }) => hidden);
    if (output) output.textContent = `${count} of ${rows.length} shown`;
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
  return {
    show(field, value) {
      form.reset();
      const input = form.elements.namedItem(field) as HTMLInputElement | HTMLSelectElement;
      input.value = value;
      apply();
      form.scrollIntoView({ block: "start" });
      input.focus();
    },
  };
}
