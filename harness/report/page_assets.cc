#include "harness/report/page_assets.h"

namespace samplerbench::harness::reporting {

const std::string_view page_style = R"css(
:root {
  color-scheme: light dark;
  --text: #1c2024; --muted: #5b6470; --line: #e2e6ea; --ground: #ffffff; --raised: #f6f8fa; --accent: #0b62a4;
  --warn-ground: #fff7e6; --warn-line: #e0a030;
}
@media (prefers-color-scheme: dark) {
  :root {
    --text: #e6e9ec; --muted: #9aa4af; --line: #2f363d; --ground: #15181c; --raised: #1e2227; --accent: #6cb6ff;
    --warn-ground: #2a2416; --warn-line: #8a6a20;
  }
}
* { box-sizing: border-box; }
html { scroll-behavior: smooth; scroll-padding-top: 3.5rem; }
body { margin: 0; background: var(--ground); color: var(--text);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, Helvetica, Arial, sans-serif; }
header, main { max-width: 72rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 2.5rem; }
.brand { margin: 0; color: var(--muted); font-size: .85rem; letter-spacing: .04em; }
h1 { margin: .1rem 0 .4rem; font-size: 2rem; line-height: 1.2; overflow-wrap: anywhere; }
h2 { margin: 3rem 0 1rem; padding-bottom: .35rem; border-bottom: 1px solid var(--line); font-size: 1.35rem; }
.lead { margin: 0 0 1rem; max-width: 48rem; color: var(--muted); font-size: 1.05rem; }
a { color: var(--accent); }
nav { display: flex; flex-wrap: wrap; gap: .25rem 1.1rem; padding: .6rem 0; border-block: 1px solid var(--line); }
nav a { text-decoration: none; font-size: .95rem; }
nav a:hover { text-decoration: underline; }
.highlights { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr)); gap: .75rem; margin: 1.5rem 0 0; }
.highlights div { padding: .7rem .9rem; background: var(--raised); border: 1px solid var(--line); border-radius: .5rem; }
.highlights dt { color: var(--muted); font-size: .8rem; }
.highlights dd { margin: 0; font-size: 1.15rem; font-weight: 600; overflow-wrap: anywhere; }
.warnings { margin-top: 1.25rem; padding: .7rem 1rem; background: var(--warn-ground); border-left: 3px solid var(--warn-line);
  border-radius: .25rem; font-size: .92rem; }
.warnings p, .warnings ul { margin: .2rem 0; }
.warnings li { overflow-wrap: anywhere; }
.scroll { overflow-x: auto; }
.scroll:focus-visible, button:focus-visible, a:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; font-variant-numeric: tabular-nums; }
caption { padding: 1rem 0 .5rem; text-align: left; font-weight: 600; font-size: 1.02rem; }
thead th { border-bottom: 2px solid var(--line); padding: 0; vertical-align: bottom; }
thead button { all: unset; box-sizing: border-box; display: block; width: 100%; padding: .4rem .7rem; cursor: pointer; font-weight: 600;
  text-align: left; white-space: nowrap; }
thead .number button { text-align: right; }
thead button:hover { color: var(--accent); }
thead button::after { content: ""; display: inline-block; width: .8em; color: var(--muted); }
th[aria-sort="ascending"] button::after { content: "\2191"; text-align: right; }
th[aria-sort="descending"] button::after { content: "\2193"; text-align: right; }
tbody th, td { padding: .38rem .7rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; font-weight: 400; }
tbody th { font-weight: 500; }
td.number, tbody th.number { text-align: right; white-space: nowrap; }
tbody tr:hover { background: var(--raised); }
td abbr { text-decoration: none; margin-left: .1em; color: var(--accent); }
.note { display: block; color: var(--muted); font-size: .82em; white-space: normal; }
.word { color: var(--muted); white-space: normal; }
.table-note { margin: .45rem 0; max-width: 60rem; color: var(--muted); font-size: .83rem; overflow-wrap: anywhere; }
.files { color: var(--muted); font-size: .83rem; }
.files a { margin-right: .35rem; }
figure { margin: 1.5rem 0 2.5rem; }
figure .scroll { background: #fff; border: 1px solid var(--line); border-radius: .5rem; padding: .75rem; text-align: center; }
figure img { max-width: 100%; min-width: 38rem; height: auto; }
figcaption { margin-top: .6rem; max-width: 60rem; color: var(--muted); font-size: .88rem; }
figcaption strong { color: var(--text); }
main { padding-bottom: 4rem; }
@media print { nav { display: none; } .scroll { overflow: visible; } figure, table { break-inside: avoid; } }
)css";

const std::string_view page_script = R"js(
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
)js";

}  // namespace samplerbench::harness::reporting
