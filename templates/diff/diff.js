"use strict";
// Sorting and searching of the tables; without it the page shows the same rows.
(() => {
  const key = (row, at) => {
    const cell = row.cells[at];
    return cell ? (cell.dataset.v ?? cell.textContent) : "";
  };
  const sort = (table, head) => {
    const at = head.cellIndex;
    const down = head.getAttribute("aria-sort") === "ascending";
    for (const other of head.parentNode.cells) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    const body = table.tBodies[0];
    const words = new Intl.Collator("en", { numeric: true });
    const number = head.dataset.sort === "n";
    const rows = [...body.rows].map((row) => [key(row, at), row]);
    rows.sort(([a], [b]) => {
      if (number) {
        if (a === "" || b === "") return (a === "") - (b === "");
        return down ? b - a : a - b;
      }
      return down ? words.compare(b, a) : words.compare(a, b);
    });
    body.append(...rows.map(([, row]) => row));
  };
  const finder = (table) => {
    const rows = [...table.tBodies[0].rows];
    const texts = rows.map((row) => row.textContent.toLowerCase());
    const bar = document.createElement("div");
    bar.className = "tools";
    const input = document.createElement("input");
    input.type = "search";
    input.placeholder = "search these rows";
    input.setAttribute("aria-label", "search these rows");
    const told = document.createElement("output");
    const choice = document.createElement("select");
    choice.setAttribute("aria-label", "variable");
    const names = new Set(rows.map((row) => row.dataset.variable).filter(Boolean));
    choice.append(new Option("all variables", ""), ...[...names].map((n) => new Option(n, n)));
    const show = () => {
      const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      rows.forEach((row, n) => {
        const fits = (!choice.value || row.dataset.variable === choice.value) && words.every((w) => texts[n].includes(w));
        row.hidden = !fits;
        shown += fits;
      });
      told.textContent = shown === rows.length ? `${shown} rows` : `${shown} of ${rows.length} rows`;
    };
    input.addEventListener("input", show);
    choice.addEventListener("change", show);
    if (names.size > 1) bar.append(choice);
    bar.append(input, told);
    table.parentNode.before(bar);
    show();
    return { choice, input, show };
  };
  const finders = {};
  for (const table of document.querySelectorAll("table.rows")) {
    for (const head of table.tHead.rows[0].cells) {
      if (!head.dataset.sort) continue;
      head.tabIndex = 0;
      head.addEventListener("click", () => sort(table, head));
      head.addEventListener("keydown", (e) => { if (e.key === "Enter" || e.key === " ") { e.preventDefault(); sort(table, head); } });
    }
    if (table.classList.contains("find") && table.tBodies[0].rows.length > 3) finders[table.id] = finder(table);
  }
  for (const link of document.querySelectorAll("a[data-table]")) {
    link.addEventListener("click", () => {
      const found = finders[link.dataset.table];
      if (!found) return;
      found.choice.value = link.dataset.variable ?? "";
      found.input.value = link.dataset.words ?? "";
      found.show();
    });
  }
  window.addEventListener("beforeprint", () => {
    for (const fold of document.querySelectorAll("details")) fold.open = true;
  });
  document.documentElement.dataset.ready = "yes";
})();
