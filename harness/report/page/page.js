"use strict";
(function () {
  function key(row, column) {
    const cell = row.cells[column];
    const order = cell.dataset.order;
    if (order === undefined) return cell.textContent.trim();
    return order === "inf" ? Infinity : order === "-inf" ? -Infinity : Number(order);
  }
  // Numbers before words, so that a cell without a number stands last.
  function compare(a, b) {
    const numbers = [typeof a === "number" && !Number.isNaN(a), typeof b === "number" && !Number.isNaN(b)];
    if (numbers[0] && numbers[1]) return a === b ? 0 : a < b ? -1 : 1;
    if (numbers[0] !== numbers[1]) return numbers[0] ? -1 : 1;
    return String(a).localeCompare(String(b), "en", { numeric: true });
  }
  function sort(table, column) {
    const heads = table.tHead.rows[0].cells;
    const ascending = heads[column].getAttribute("aria-sort") !== "ascending";
    const rows = Array.from(table.tBodies[0].rows).map((row) => ({ row: row, key: key(row, column) }));
    rows.sort(function (a, b) {
      const words = (typeof a.key === "number") !== (typeof b.key === "number");
      const order = compare(a.key, b.key);
      return ascending || words ? order : -order;
    });
    for (const item of rows) table.tBodies[0].appendChild(item.row);
    for (const head of heads) head.removeAttribute("aria-sort");
    heads[column].setAttribute("aria-sort", ascending ? "ascending" : "descending");
  }
  for (const table of document.querySelectorAll("table.sortable")) {
    Array.from(table.tHead.rows[0].cells).forEach(function (head, column) {
      head.querySelector("button").addEventListener("click", function () { sort(table, column); });
    });
  }
})();
