"use strict";
// Sorting and filtering of the table of fields. The page is whole without this script.
(() => {
  for (const list of document.querySelectorAll("details")) {
    addEventListener("beforeprint", () => { list.open = true; });
  }
  const table = document.getElementById("fields");
  if (!table) return;
  const body = table.tBodies[0];
  const rows = Array.from(body.rows, (row) => ({
    row,
    kind: row.dataset.kind,
    text: row.textContent.toLowerCase(),
  }));

  // Filter: every word must be in the row, and the kind must be the chosen one.
  const words = document.getElementById("words");
  const kind = document.getElementById("kind");
  const shown = document.getElementById("shown");
  const filter = () => {
    const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const each of rows) {
      const match = (!kind.value || each.kind === kind.value) && wanted.every((w) => each.text.includes(w));
      each.row.hidden = !match;
      count += match;
    }
    shown.value = `${count} of ${rows.length} rows`;
  };
  words.addEventListener("input", filter);
  kind.addEventListener("change", filter);
  document.getElementById("controls").hidden = false;
  filter();

  // Sort: numbers by their exact value, largest first; words as people order them.
  const order = new Intl.Collator("en", { numeric: true, sensitivity: "base" }).compare;
  const heads = Array.from(table.tHead.rows[0].cells);
  heads.forEach((head, column) => {
    const numeric = head.classList.contains("n");
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const first = numeric ? "descending" : "ascending";
      const other = numeric ? "ascending" : "descending";
      const direction = head.getAttribute("aria-sort") === first ? other : first;
      heads.forEach((each) => each.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", direction);
      const sign = direction === "ascending" ? 1 : -1;
      const key = ({ row }) => numeric ? Number(row.cells[column].dataset.value) : row.cells[column].textContent;
      const compare = numeric ? (a, b) => a - b : order;
      const sorted = rows.map((each) => ({ row: each.row, key: key(each) }));
      sorted.sort((a, b) => sign * compare(a.key, b.key));
      body.append(...sorted.map((each) => each.row));
    });
  });
})();
