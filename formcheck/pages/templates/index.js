"use strict";
(() => {
  const table = document.getElementById("sessions");
  if (!table) return;
  const body = table.tBodies[0];
  const rows = Array.from(body.rows, (row) => ({ row, text: row.textContent.toLowerCase() }));
  const wanted = document.getElementById("wanted");
  const shown = document.getElementById("shown");
  const order = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

  function filter() {
    const words = wanted.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const { row, text } of rows) {
      row.hidden = !words.every((word) => text.includes(word));
      count += row.hidden ? 0 : 1;
    }
    shown.textContent = `${count} shown`;
  }

  // What a cell lacks comes last, whichever way.
  function sort(column, isNumber, direction) {
    const key = (row) => (isNumber ? row.cells[column].dataset.v : row.cells[column].textContent.trim());
    const keyed = rows.map((entry) => [key(entry.row), entry.row]);
    keyed.sort(([a], [b]) => {
      if (!a || !b) return Number(!a) - Number(!b);
      return direction * (isNumber ? a - b : order.compare(a, b));
    });
    body.append(...keyed.map(([, row]) => row));
  }

  for (const button of table.tHead.querySelectorAll("button")) {
    button.addEventListener("click", () => {
      const cell = button.parentElement;
      const isNumber = button.dataset.kind === "number";
      const first = isNumber ? "descending" : "ascending";
      const other = isNumber ? "ascending" : "descending";
      const now = cell.getAttribute("aria-sort") === first ? other : first;
      for (const head of table.tHead.rows[0].cells) head.setAttribute("aria-sort", "none");
      cell.setAttribute("aria-sort", now);
      sort(cell.cellIndex, isNumber, now === "ascending" ? 1 : -1);
    });
  }
  wanted.addEventListener("input", filter);
})();
