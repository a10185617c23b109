"use strict";
// Small helpers: elements from words (text nodes only, so that no label is ever read as HTML) and numbers in words.
const Dom = (function () {
  function add(node, children) {
    for (const child of children.flat()) {
      if (child !== null && child !== undefined) node.append(child instanceof Node ? child : String(child));
    }
    return node;
  }
  function make(tag, attributes, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (typeof value === "function") node.addEventListener(name, value);
      else if (value !== null && value !== undefined && value !== false) node.setAttribute(name, value === true ? "" : value);
    }
    return add(node, children);
  }
  function fill(node, ...children) {
    node.replaceChildren();
    return add(node, children);
  }
  const raised = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };
  function power(exponent) { return "10" + Array.from(String(exponent), (c) => raised[c]).join(""); }
  // Three significant digits, 1.2×10⁶ where plain digits would be long.
  function number(value, digits = 3) {
    if (value === null || value === undefined || Number.isNaN(value)) return "–";
    if (!Number.isFinite(value)) return value < 0 ? "−∞" : "∞";
    if (value === 0) return "0";
    const exponent = Math.floor(Math.log10(Math.abs(value)));
    if (exponent >= 6 || exponent < -3) {
      const mantissa = Number((value / 10 ** exponent).toPrecision(digits));
      return (mantissa === 1 ? "" : mantissa + "×") + power(exponent);
    }
    return Number(value.toPrecision(Math.max(digits, exponent + 1))).toLocaleString("en");
  }
  // Short enough for a cell: "0.93", "3.4", "57", "1.2k", "5M".
  function ratio(value) {
    if (!Number.isFinite(value)) return "∞";
    for (const [size, letter] of [[1e9, "G"], [1e6, "M"], [1e3, "k"]]) {
      if (value >= size * 0.9995) return value / size >= 1e3 ? ">999G" : Number((value / size).toPrecision(value / size >= 10 ? 3 : 2)) + letter;
    }
    return value >= 9.95 ? value.toFixed(0) : value >= 0.995 ? value.toFixed(1) : value.toFixed(2);
  }
  return { make, fill, number, ratio, power };
})();

// Tables that sort by a click on a column's head.
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

// A table whose cells are one stop of the tab key: arrows, Home and End move within it, and show(cell) tells of a cell.
function makeGrid(table, show) {
  const cells = Array.from(table.tBodies[0].rows, (row) => Array.from(row.querySelectorAll("[data-cell]"))).filter((row) => row.length);
  if (!cells.length) return;
  let place = [0, 0];
  function stand(row, column) {
    row = Math.max(0, Math.min(cells.length - 1, row));
    column = Math.max(0, Math.min(cells[row].length - 1, column));
    cells[place[0]][place[1]].tabIndex = -1;
    place = [row, column];
    cells[row][column].tabIndex = 0;
    return cells[row][column];
  }
  const moves = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], Home: [0, -1e6], End: [0, 1e6] };
  cells.forEach((row, i) => row.forEach(function (cell, j) {
    cell.tabIndex = -1;
    cell.addEventListener("focus", function () { stand(i, j); show(cell); });
    cell.addEventListener("click", function () { cell.focus(); show(cell); });
    cell.addEventListener("keydown", function (event) {
      const move = moves[event.key];
      if (!move) return;
      event.preventDefault();
      stand(i + move[0], j + move[1]).focus();
    });
  }));
  cells[0][0].tabIndex = 0;
}

// The runs of the page, as functions of a clock.
const Runs = (function () {
  const data = JSON.parse(document.getElementById("page-data").textContent);
  const clocks = [
    { key: "cpu", name: "CPU seconds", unit: "s", words: " of CPU time" },
    { key: "wall", name: "wall-clock seconds", unit: "s", words: " on the wall clock" },
    { key: "gradients", name: "gradients", unit: "", words: "" },
  ];
  const places = new Map();
  for (const [target, sampler, seed, status, times, values, half] of data.runs) {
    const key = target + "/" + sampler;
    if (!places.has(key)) places.set(key, []);
    places.get(key).push({ seed, status: data.statuses[status], keeps: ["finished", "timeout"].includes(data.statuses[status]), times, values, half });
  }
  const of = (target, sampler) => places.get(target + "/" + sampler) || [];
  const quality = data.metrics.map((metric, i) => i).filter((i) => data.metrics[i].quality);

  // What counts as one floor of a metric on a target: the distance from `best` (0, or the mean of exact draws where
  // higher is better) to the edge that 95 % of exact draw sets reach. Without a floor: the best final mean.
  const bases = new Map();
  function base(target, metric) {
    const key = target + "/" + metric;
    if (!bases.has(key)) bases.set(key, findBase(target, metric));
    return bases.get(key);
  }
  const higher = (metric) => data.metrics[metric].better === "higher";
  function findBase(target, metric) {
    const floor = data.floors[target][metric];
    if (floor && !higher(metric) && floor[2] > 0) return { best: 0, unit: floor[2], floor: true };
    if (floor && higher(metric) && floor[0] > floor[1]) return { best: floor[0], unit: floor[0] - floor[1], floor: true };
    const means = data.samplers.map((_, s) => valuesAt(target, s, metric, 0, Infinity)).filter((at) => at.count && at.count === at.asked && at.mean > 0).map((at) => at.mean);
    if (!means.length) return null;
    return { best: 0, unit: higher(metric) ? Math.max(...means) : Math.min(...means), floor: false };
  }
  // How many floors from the best: at most 1 is as good as exact draws.
  function relative(target, metric, mean) {
    const by = base(target, metric);
    if (!by) return null;
    if (!by.floor && higher(metric)) return mean > 0 ? by.unit / mean : Infinity;
    return Math.max(higher(metric) ? by.best - mean : mean - by.best, 0) / by.unit;
  }
  // The last checkpoint at or before `time`, or -1.
  function indexAt(times, time) {
    let at = -1;
    while (at + 1 < times.length && times[at + 1] <= time) ++at;
    return at;
  }
  // The values of all seeds of one sampler at a time. `late` counts seeds without a checkpoint by then.
  function valuesAt(target, sampler, metric, clock, time) {
    const runs = of(target, sampler);
    const at = { sampler, bySeed: new Map(), count: 0, late: 0, ended: 0, asked: 0, mean: NaN };
    at.asked = runs.length && runs[0].seed === null ? 1 : data.seeds;
    let sum = 0;
    for (const run of runs) {
      const times = run.times[clock];
      const index = indexAt(times, time);
      at.ended = Math.max(at.ended, times.length ? times[times.length - 1] : 0);
      if (index < 0) { ++at.late; continue; }
      const value = (run.values[metric] || [])[index];
      if (value === null || value === undefined) continue;
      // A run that broke off has no draws after its last checkpoint.
      if (!run.keeps && index === times.length - 1 && times[index] < time) continue;
      at.bySeed.set(run.seed, value);
      if (run.half) at.half = run.half[metric][index];
      sum += value;
      ++at.count;
    }
    if (at.count) at.mean = sum / at.count;
    return at;
  }
  // The 95 % interval of left - right, paired by seed, holds 0. Of means: the intervals overlap.
  function tied(left, right) {
    if (left.half !== undefined) return Math.abs(left.mean - right.mean) <= Math.hypot(left.half || 0, right.half || 0);
    const differences = [];
    for (const [seed, value] of left.bySeed) if (right.bySeed.has(seed)) differences.push(value - right.bySeed.get(seed));
    const n = differences.length;
    if (n < 2) return true;
    const mean = differences.reduce((a, b) => a + b, 0) / n;
    const squares = differences.reduce((a, b) => a + (b - mean) ** 2, 0);
    return Math.abs(mean) <= data.t975[n] * Math.sqrt(squares / (n - 1) / n);
  }
  // The best variant of an entrant at a time, with its ratio to the base.
  function entrantAt(target, entrant, metric, clock, time) {
    let best = null;
    for (const sampler of entrant.samplers) {
      const at = valuesAt(target, sampler, metric, clock, time);
      at.complete = at.count === at.asked && at.count > 0;
      at.ratio = at.count ? relative(target, metric, at.mean) : null;
      const better = !best || (at.complete && !best.complete) || (at.complete === best.complete && at.count && (!best.count || at.ratio < best.ratio));
      if (better) best = at;
    }
    return Object.assign(best, { entrant });
  }
  // What the records say by resampling of who is best, where they were asked for that time.
  function asked(target, metric, clock, time) {
    const place = data.times.indexOf(time);
    const answers = place >= 0 && data.answers[clock] && data.answers[clock][metric];
    const found = answers && answers[target][place];
    if (!found) return null;
    const [best, floor, level, second, lead, low, high, isRatio] = found;
    return { best, floor, level, second, lead, low, high, isRatio };
  }
  // All entrants of a target at a time: which is best and which cannot be told from it. `own`: by this script alone.
  function standing(target, metric, clock, time, own) {
    const all = data.entrants.map((entrant) => entrantAt(target, entrant, metric, clock, time));
    const ranked = all.filter((at) => at.complete && !at.entrant.oracle);
    const sign = higher(metric) ? -1 : 1;
    let best = ranked.reduce((a, b) => (!a || sign * b.mean < sign * a.mean ? b : a), null);
    const known = own ? null : asked(target, metric, clock, time);
    if (known) {
      best = all[known.best];
      for (const i of known.level) all[i].tied = true;
    } else if (best) {
      const floor = (base(target, metric) || {}).floor;
      for (const at of ranked) at.tied = at !== best && ((floor && best.ratio <= 1 && at.ratio <= 1) || tied(best, at));
    }
    if (best) best.best = true;
    const ties = all.filter((at) => at.tied);
    return { all, best, ties, known, certain: best !== null && !ties.length && ranked.length > 1 && (best.count > 1 || best.half !== undefined) };
  }
  function range(clock) {
    let low = Infinity, high = 0;
    for (const run of data.runs) for (const time of run[4][clock]) if (time > 0) { low = Math.min(low, time); high = Math.max(high, time); }
    return low <= high ? [low, high] : null;
  }
  // Clocks that some run has spent time of.
  // Seconds of several machines do not compare.
  const usable = clocks.map((_, i) => i).filter((i) => range(i) && !(data.mixed && clocks[i].unit));
  return { data, clocks, usable, of, quality, higher, base, relative, indexAt, valuesAt, standing, range };
})();

// Line charts with a cursor: Chart.js draws, the buttons below it name the lines, show their values at the cursor and
// turn them on and off.
const Charts = (function () {
  const { make, fill, number, power } = Dom;
  // Those of the figures, in harness/report/figures/palette.cc.
  const colours = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#7a5c00", "#56b4e9", "#e69f00", "#7f7f7f", "#7b5cd6", "#9aad00", "#b3122e"];
  const dashes = [[], [7, 4], [2, 3], [9, 3, 2, 3]];
  const kFloor = -1;  // the style of the noise floor
  // The look of the i-th method, and of its j-th length or setting: one colour a method, everywhere on the page.
  function style([i, j]) {
    if (i === kFloor) return { colour: token("--text"), dash: [1, 3], border: "dotted" };
    const dash = (Math.floor(i / colours.length) + j) % dashes.length;
    return { colour: colours[i % colours.length], dash: dashes[dash], border: ["solid", "dashed", "dotted", "double"][dash] };
  }
  const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const all = [];

  // The look of a line, beside its name.
  function swatch(i) {
    const mark = make("span", { class: "swatch", "aria-hidden": "true" });
    mark.style.borderTop = "3px " + style(i).border + " " + (i[0] === kFloor ? "currentColor" : style(i).colour);
    return mark;
  }
  function tick(value) {
    const exponent = Math.log10(value);
    if (Math.abs(exponent - Math.round(exponent)) > 1e-9) return "";
    return exponent < -2 || exponent > 4 ? power(Math.round(exponent)) : String(Number(value.toPrecision(3)));
  }
  function axis(title, log, more) {
    const ticks = log ? { callback: tick, maxRotation: 0, autoSkip: false } : { maxRotation: 0 };
    return Object.assign({ type: log ? "logarithmic" : "linear", title: { display: true, text: title, color: () => token("--text") },
      ticks: Object.assign(ticks, { color: () => token("--muted") }), grid: { color: (at) => (log && at.tick && tick(at.tick.value) === "" ? "transparent" : token("--line")) } }, more);
  }
  // The y of a step line at x: that of the last point at or before it.
  function stepAt(points, x) {
    let found;
    for (const point of points) { if (point.x > x) break; found = point.y; }
    return found;
  }
  const cursorLine = {
    id: "cursor",
    afterDatasetsDraw(chart) {
      const x = chart.cursorX;
      if (x === undefined) return;
      const at = chart.scales.x.getPixelForValue(x);
      const area = chart.chartArea;
      if (!(at >= area.left && at <= area.right)) return;
      const context = chart.ctx;
      context.save();
      context.strokeStyle = token("--text");
      context.setLineDash([3, 3]);
      context.beginPath();
      context.moveTo(at, area.top);
      context.lineTo(at, area.bottom);
      context.stroke();
      context.restore();
    },
  };

  // Lines of {name, points, band} in `host`; show(view) draws them. view: {lines, label, x, y}: x and y are
  // {title, log, min, max, show}.
  function build(host, name) {
    const canvas = make("canvas", { role: "img", "aria-label": name });
    const cursor = make("input", { type: "range", min: 0, max: 200, step: 1, value: 200, "aria-label": "Cursor of " + name, input: () => moveTo(toX(cursor.value / 200)) });
    const where = make("output", { class: "cursor-at" });
    const legend = make("div", { class: "legend", role: "group", "aria-label": "Lines of " + name });
    const rows = make("div", { class: "scroll" });
    fill(host, make("div", { class: "chart" }, canvas), make("div", { class: "cursor-row" }, make("label", {}, "Cursor ", cursor), where), legend,
      make("details", { class: "numbers" }, make("summary", {}, "The lines as a table"), rows));
    const hidden = new Set();
    const values = new Map();
    let chart = null, view = null, pointed = null;

    const span = () => [view.x.min, view.x.max];
    const toX = (share) => { const [low, high] = span(); return view.x.log ? low * (high / low) ** share : low + (high - low) * share; };
    const toShare = (x) => { const [low, high] = span(); return view.x.log ? Math.log(x / low) / Math.log(high / low) : (x - low) / (high - low); };
    function moveTo(x) {
      chart.cursorX = x;
      cursor.value = Math.round(200 * Math.max(0, Math.min(1, toShare(x))));
      const words = view.x.show(x);
      cursor.setAttribute("aria-valuetext", words);
      fill(where, "at " + words);
      for (const line of view.lines) fill(values.get(line.name), view.y.show(stepAt(line.points, x)));
      chart.draw();
    }
    // Many bands hide each other: they are faint, but that of the line whose button a reader is at.
    function bandShade(line) { return pointed === line.name ? "55" : pointed ? "00" : view.lines.length > 4 ? "12" : "22"; }
    function point(line) {
      pointed = line ? line.name : null;
      chart.data.datasets = datasets();
      chart.update("none");
    }
    function datasets() {
      const list = [];
      view.lines.forEach(function (line) {
        const { colour, dash } = style(line.style);
        const common = { parsing: false, stepped: true, hidden: hidden.has(line.name), pointRadius: 0, borderColor: colour, label: line.name };
        list.push(Object.assign({ data: line.points, borderWidth: 2, borderDash: dash }, common));
        const end = line.end && stepAt(line.points, line.end);
        if (end !== undefined && line.end) list.push(Object.assign({}, common, { data: [{ x: line.end, y: end }], pointRadius: 4, backgroundColor: colour, showLine: false }));
        if (!line.band) return;
        list.push(Object.assign({}, common, { data: line.band.map((p) => ({ x: p.x, y: p.low })), borderWidth: 0, fill: false }));
        list.push(Object.assign({}, common, { data: line.band.map((p) => ({ x: p.x, y: p.high })), borderWidth: 0, fill: "-1", backgroundColor: colour + bandShade(line) }));
      });
      return list;
    }
    function toggle(line, button) {
      if (!hidden.delete(line.name)) hidden.add(line.name);
      button.setAttribute("aria-pressed", String(!hidden.has(line.name)));
      for (const dataset of chart.data.datasets) if (dataset.label === line.name) dataset.hidden = hidden.has(line.name);
      chart.update("none");
    }
    function toggleAll() {
      const show = view.lines.some((line) => hidden.has(line.name));
      hidden.clear();
      if (!show) for (const line of view.lines) hidden.add(line.name);
      chart.data.datasets = datasets();
      chart.update("none");
      for (const button of legend.querySelectorAll("[aria-pressed]")) button.setAttribute("aria-pressed", String(show));
    }
    function drawLegend() {
      fill(legend, make("button", { type: "button", class: "all", click: toggleAll }, "all on or off"), view.lines.map(function (line) {
        const value = make("span", { class: "value" });
        values.set(line.name, value);
        const button = make("button", { type: "button", "aria-pressed": String(!hidden.has(line.name)), click: () => toggle(line, button),
          mouseenter: () => point(line), mouseleave: () => point(null), focus: () => point(line), blur: () => point(null) }, swatch(line.style), make("span", {}, line.name), value);
        return button;
      }));
    }
    function drawRows() {
      const marks = view.marks;
      fill(rows, make("table", {}, make("caption", {}, view.label), make("thead", {}, make("tr", {}, make("th", { scope: "col" }, "line"), marks.map((x) => make("th", { scope: "col", class: "number" }, view.x.show(x))))),
        make("tbody", {}, view.lines.map((line) => make("tr", {}, make("th", { scope: "row" }, line.name), marks.map((x) => make("td", { class: "number" }, view.y.show(stepAt(line.points, x)))))))));
    }
    function show(next) {
      view = next;
      canvas.setAttribute("aria-label", view.label + ". The same numbers stand in the table below it.");
      const share = chart ? cursor.value / 200 : 1;
      const options = {
        animation: false, responsive: true, maintainAspectRatio: false, events: ["mousemove", "touchstart", "touchmove", "click"],
        plugins: { legend: { display: false }, tooltip: { enabled: false } },
        scales: { x: axis(view.x.title, view.x.log, { min: view.x.min, max: view.x.max }), y: axis(view.y.title, view.y.log, { min: view.y.min, max: view.y.max }) },
        onHover: (event) => { if (event.x !== null && event.x >= chart.chartArea.left && event.x <= chart.chartArea.right) moveTo(chart.scales.x.getValueForPixel(event.x)); },
      };
      if (!chart) { chart = new Chart(canvas, { type: "line", data: { datasets: datasets() }, options, plugins: [cursorLine] }); all.push(chart); }
      else { chart.options = options; chart.data.datasets = datasets(); chart.update("none"); }
      drawLegend();
      drawRows();
      moveTo(toX(share));
    }
    return { show };
  }
  function redraw() { for (const chart of all) { chart.resize(); chart.update("none"); } }
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
  return { build, redraw, kFloor };
})();

// Marks on a logarithmic axis from low to high: 0.1, 1, 10, 60, 600 of seconds, else powers of ten.
function presets(clock, low, high) {
  const seconds = [0.01, 0.1, 1, 10, 60, 600, 3600];
  const powers = Array.from({ length: 16 }, (_, i) => 10 ** i);
  return (Runs.clocks[clock].unit ? seconds : powers).filter((x) => x >= low && x <= high * 1.6);
}
function timeWords(clock, x) { return Dom.number(x, 2) + (Runs.clocks[clock].unit ? "\u00a0s" : " gradients"); }

// A group of radio buttons that chooses a clock.
function clockChoice(name, chosen, choose) {
  const { make } = Dom;
  return make("fieldset", { class: "choice" }, make("legend", {}, "Time as"), Runs.usable.map((i) =>
    make("label", {}, make("input", { type: "radio", name, value: Runs.clocks[i].key, checked: i === chosen, change: () => choose(i) }), Runs.clocks[i].name)));
}
function choiceOf(label, names, chosen, choose) {
  const { make } = Dom;
  return make("label", {}, label + " ", make("select", { change: (event) => choose(Number(event.target.value)) }, names.map(([value, name]) => make("option", { value, selected: value === chosen }, name))));
}

// The first screen: who is best, the share of problems solved, and the matrix of targets and samplers at a time.
(function () {
  const { make, fill, number, ratio } = Dom;
  const { data, quality, standing, base, higher } = Runs;
  const host = document.getElementById("front");
  if (!quality.length || !Runs.usable.length) return;
  const state = { metric: data.front_metric, clock: Runs.usable[0], time: 1 };
  const bounds = [1, 2, 5, 10, 30, 100];
  const shade = (value) => "q" + bounds.filter((bound) => value > bound).length;
  const named = (at) => {
    const variant = at.entrant.samplers.length > 1 ? data.samplers[at.sampler].name : "";
    return variant && variant !== at.entrant.name ? variant : at.entrant.name;
  };
  const list = (names, most) => names.length <= most ? names.join(", ") : names.slice(0, most).join(", ") + " and " + (names.length - most) + " more";
  const metricName = () => data.metrics[state.metric].name;

  function answerTimes() {
    if (Runs.clocks[state.clock].unit) return [1, 60];
    const [, most] = Runs.range(state.clock);
    const top = 10 ** Math.floor(Math.log10(most));
    return [top / 100, top];
  }
  // The answer for one target at one time, in words.
  function answer(target, time) {
    const { best, ties, certain, known } = standing(target, state.metric, state.clock, time);
    if (!best) return make("td", {}, make("span", { class: "word" }, "no sampler has draws of all seeds yet"));
    const floor = known && known.floor;
    const words = [make("strong", {}, named(best)), " "];
    if (best.ratio !== null) words.push(make("span", { class: "ratio " + shade(best.ratio) }, ratio(best.ratio) + "×"), " ");
    if (certain) words.push(make("span", { class: "badge certain" }, "certain"), make("span", { class: "note" }, lead(known)));
    else words.push(make("span", { class: "badge open" }, "not certain"), make("span", { class: "note" }, data.seeds < 2 ? "one seed alone" : ties.length ? (floor ? "level with " : "or ") + list(ties.map(named), 2) : "nothing to compare with"));
    if (best.ended < time / 2) words.push(make("span", { class: "note" }, "ended at " + timeWords(state.clock, best.ended)));
    return make("td", {}, words);
  }
  // "2.3 times (1.6 to 4.9) better than the second, SVGD".
  function lead(known) {
    if (!known || known.second === null || known.lead === null) return "";
    const interval = known.low === null ? "" : " (" + number(known.low) + " to " + number(known.high) + ")";
    return number(known.lead) + (known.isRatio ? " times" : "") + interval + " ahead of " + data.entrants[known.second].name;
  }
  function answers() {
    const times = answerTimes();
    return make("table", { class: "answers" },
      make("caption", {}, "Best by " + metricName() + " within a time for training and " + number(data.draws) + " draws", make("span", { class: "note" }, "0.8×: 0.8 noise floors; up to 1× is as good as exact draws. Certain: at 95 %")),
      make("thead", {}, make("tr", {}, make("th", { scope: "col" }, "target"), times.map((time) => make("th", { scope: "col" }, "within " + timeWords(state.clock, time) + Runs.clocks[state.clock].words)))),
      make("tbody", {}, data.targets.map((target, t) => make("tr", {}, make("th", { scope: "row" }, target.name), times.map((time) => answer(t, time))))));
  }

  // One cell of the matrix, with what is said of it when it has the focus.
  function matrixCell(target, at) {
    const here = { "data-cell": "", class: "none" };
    let text = "–", words;
    if (!at.count) {
      const ended = Runs.of(target, at.sampler).filter((run) => run.status !== "finished").map((run) => run.status);
      const late = at.late > 0 || !ended.length;
      text = late ? "–" : "✗";
      words = late ? "no draws yet" + (ended.length ? "; " + ended.length + " runs ended as " + list([...new Set(ended)], 3) : "") : "no run finished: " + list([...new Set(ended)], 3);
    } else {
      const few = at.count < at.asked;
      text = (at.ratio === null ? number(at.mean, 2) : ratio(at.ratio)) + (at.best ? " ★" : at.tied ? " ≈" : !few ? "" : at.late === at.asked - at.count ? " …" : " ✗");
      here.class = (at.ratio === null ? "none" : shade(at.ratio)) + (at.best ? " best" : "") + (few ? " few" : "");
      const values = Array.from(at.bySeed.values());
      words = metricName() + " " + number(at.mean) + " (" + (values.length > 1 ? "mean of " + values.length + " seeds, " + number(Math.min(...values)) + " to " + number(Math.max(...values)) : "one value") + ")";
      if (at.ratio !== null) words += ", " + ratio(at.ratio) + (base(target, state.metric).floor ? " noise floors" : " times the best final mean");
      if (at.best) words += "; the best here";
      if (at.tied) words += "; not told apart from the best";
      if (few) words += "; " + (at.asked - at.count) + " of " + at.asked + " seeds have no value" + (at.late ? " yet" : "");
      if (at.ended < state.time) words += "; its runs ended at " + timeWords(state.clock, at.ended);
    }
    here["data-words"] = (at.count ? named(at) : at.entrant.name) + " on " + data.targets[target].name + " at " + timeWords(state.clock, state.time) + ": " + words + ".";
    return make("td", here, text);
  }
  function matrix() {
    const columns = data.targets.map((_, t) => standing(t, state.metric, state.clock, state.time));
    const table = make("table", { class: "matrix", role: "grid", "aria-label": "Quality of each sampler on each target, in multiples of the noise floor" },
      make("thead", {}, make("tr", {}, make("th", { scope: "col" }, "sampler"), data.targets.map((target) => make("th", { scope: "col" }, make("span", {}, target.name))))),
      make("tbody", {}, data.entrants.map((entrant, e) => make("tr", {}, make("th", { scope: "row" }, entrant.name), columns.map((column, t) => matrixCell(t, column.all[e]))))));
    makeGrid(table, (cell) => fill(detail, cell.dataset.words));
    return table;
  }

  // The share of (target, seed) pairs solved, as the page's data hold it, one line an entrant.
  function profile() {
    const { times, lines: given } = data.profile[state.clock];
    profileHost.hidden = !given.length;
    const known = data.floors.flat().some((floor) => floor);
    fill(unsolved, given.length ? "" : known ? "No run stays within 2 noise floors of all metrics before its end." : "No noise floor is known, so that nothing counts as solved.");
    if (!given.length) return;
    const low = times[0], high = times[times.length - 1];
    const lines = given.map((line) => ({ name: data.entrants[line.entrant].name, style: [line.entrant, 0], end: line.budget,
      points: times.map((x, i) => ({ x, y: 100 * line.share[i] })), band: times.map((x, i) => ({ x, low: 100 * line.low[i], high: 100 * line.high[i] })) }));
    lines.sort((a, b) => b.points[b.points.length - 1].y - a.points[a.points.length - 1].y);
    profileChart.show({ lines, marks: presets(state.clock, low, high), label: "Share of problems solved within a time, in per cent",
      x: { title: Runs.clocks[state.clock].name, log: true, min: low, max: high, show: (x) => timeWords(state.clock, x) },
      y: { title: "solved, %", log: false, min: 0, max: 100, show: (y) => (y === undefined ? "–" : Math.round(y) + " %") } });
  }

  const detail = make("p", { class: "detail", "aria-live": "polite" }, "Choose a cell for its numbers.");
  const answersHost = make("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Who is best" });
  const matrixHost = make("div", { class: "scroll tall", tabindex: 0, role: "region", "aria-label": "Matrix" });
  const slider = make("input", { type: "range", id: "time", min: 0, max: 1, step: 1, "aria-label": "Time of the matrix", input: () => setTime(fromStep(Number(slider.value))) });
  const title = make("h3", {});
  const sliderWords = make("output", { for: "time" });
  const jumps = make("span", { class: "jumps", role: "group", "aria-label": "Times" });
  const profileHost = make("div", {});
  const unsolved = make("p", { class: "missing" });
  const profileChart = Charts.build(profileHost, "the share of problems solved");
  const kSteps = 20;  // a decade
  const fromStep = (step) => Number((10 ** (step / kSteps)).toPrecision(2));
  function setTime(time) {
    state.time = time;
    slider.value = Math.round(kSteps * Math.log10(time));
    const words = timeWords(state.clock, time);
    slider.setAttribute("aria-valuetext", words);
    fill(sliderWords, words);
    fill(title, metricName() + " after " + words + Runs.clocks[state.clock].words + ", in noise floors");
    for (const button of jumps.children) button.setAttribute("aria-pressed", String(Number(button.value) === time));
    fill(matrixHost, matrix());
  }
  function setClock(clock) {
    state.clock = clock;
    const [low, high] = Runs.range(clock);
    slider.min = Math.floor(kSteps * Math.log10(low));
    slider.max = Math.ceil(kSteps * Math.log10(high));
    const times = presets(clock, low, high);
    fill(jumps, times.map((time) => make("button", { type: "button", value: time, "aria-pressed": "false", click: () => setTime(time) }, timeWords(clock, time))));
    fill(answersHost, answers());
    profile();
    setTime(times.includes(1) ? 1 : times.length ? times[Math.floor(times.length / 2)] : high);
  }
  function setMetric(metric) {
    state.metric = metric;
    fill(answersHost, answers());
    setTime(state.time);
  }
  function legend() {
    const words = ["up to 1", ...bounds.slice(1).map((bound) => "to " + bound), "more"];
    const marks = ["★ best", "≈ not told apart from the best", "… not all seeds have draws yet", "– none has", "✗ runs failed"];
    return make("p", { class: "scale" }, words.map((word, i) => make("span", { class: "q" + i }, word)), marks.map((mark) => make("span", {}, mark)));
  }
  fill(host, make("h2", { id: "front-title", class: "visually-hidden" }, "The answer"),
    make("div", { class: "controls" }, choiceOf("Quality by", quality.map((m) => [m, data.metrics[m].name]), state.metric, setMetric), clockChoice("front-clock", state.clock, setClock)),
    answersHost,
    make("div", { class: "pair" },
      make("div", { class: "panel", id: "matrix" }, title,
        make("div", { class: "time" }, make("label", { for: "time" }, "Time "), slider, sliderWords, jumps), matrixHost, detail, legend()),
      make("div", { class: "panel", id: "profile" }, make("h3", {}, "Solved within a time"), profileHost, unsolved,
        make("p", { class: "table-note" }, "Share of the pairs of target and seed that are within 2 noise floors in all metrics of quality with a floor, and stay so. Bands: 95 %, by resampling targets and seeds; point at a name to see its own. Dot: where the runs of the method end."))));
  host.hidden = false;
  for (const words of [data.reduced, data.mixed && "Seconds are left out: " + data.mixed + "."]) if (words) host.append(make("p", { class: "table-note" }, words));
  setClock(state.clock);
})();

// Curves of one metric on one target, all samplers, with the range of the seeds.
(function () {
  const { make, fill, number } = Dom;
  const { data, of } = Runs;
  const host = document.getElementById("explore");
  const shown = data.metrics.map((_, m) => m).filter((m) => data.runs.some((run) => run[5][m]));
  if (!shown.length || !Runs.usable.length) return;
  const state = { metric: shown[0], target: 0, clock: Runs.usable[0], logX: true, logY: true };

  function styleOf(sampler) {
    const entrant = data.entrants.findIndex((one) => one.samplers.includes(sampler));
    return [entrant, data.entrants[entrant].samplers.indexOf(sampler)];
  }
  // Means over the seeds at the union of their times, with the least and the most.
  function line(sampler) {
    const runs = of(state.target, sampler).filter((run) => run.values[state.metric]);
    const finished = runs.filter((run) => run.status === "finished");
    const used = finished.length ? finished : runs;
    const times = [...new Set(used.flatMap((run) => run.times[state.clock]))].sort((a, b) => a - b);
    const points = [], band = [];
    for (const x of times) {
      const values = used.map((run) => { const i = Runs.indexAt(run.times[state.clock], x); return i < 0 ? undefined : run.values[state.metric][i]; });
      if (!values.length || values.some((value) => value === undefined || value === null)) continue;
      const half = used[0].half ? used[0].half[state.metric][used[0].times[state.clock].indexOf(x)] || 0 : 0;
      const mean = values.reduce((a, b) => a + b, 0) / values.length;
      const low = Math.min(...values) - half, high = Math.max(...values) + half;
      if ((state.logY && low <= 0) || (state.logX && x <= 0)) continue;
      points.push({ x, y: mean });
      band.push({ x, low, high });
    }
    return { name: data.samplers[sampler].name, style: styleOf(sampler), points, band: used.length > 1 || (used[0] || {}).half ? band : null };
  }
  function floorLine(low, high) {
    const floor = data.floors[state.target][state.metric];
    const edge = floor ? floor[Runs.higher(state.metric) ? 1 : 2] : 0;
    return edge > 0 || (floor && !state.logY) ? [{ name: "noise floor", style: [Charts.kFloor, 0], points: [{ x: low, y: edge }, { x: high, y: edge }] }] : [];
  }
  function draw() {
    const lines = data.samplers.map((_, s) => line(s)).filter((one) => one.points.length);
    const xs = lines.flatMap((one) => one.points.map((point) => point.x));
    fill(empty, xs.length ? "" : "No sampler has values of this metric on this target" + (state.logY ? " that a logarithmic axis can show." : "."));
    const low = xs.length ? (state.logX ? Math.min(...xs) : 0) : state.logX ? 0.1 : 0;
    const high = xs.length ? Math.max(...xs) : 1;
    for (const one of lines) one.points.push({ x: high, y: one.points[one.points.length - 1].y });
    const metric = data.metrics[state.metric];
    const words = { lower: " (lower is better)", higher: " (higher is better)" }[metric.better] || "";
    chart.show({ lines: [...lines, ...floorLine(low, high)], marks: presets(state.clock, low, high), label: metric.name + " on " + data.targets[state.target].name + " against " + Runs.clocks[state.clock].name,
      x: { title: Runs.clocks[state.clock].name, log: state.logX, min: low, max: high > low ? high : low * 2 + 1, show: (x) => timeWords(state.clock, x) },
      y: { title: metric.name + words, log: state.logY, show: (y) => number(y) } });
    fill(note, metric.text);
  }
  const set = (name) => (value) => { state[name] = value; draw(); };
  const log = (label, name) => make("label", {}, make("input", { type: "checkbox", checked: state[name], change: (event) => set(name)(event.target.checked) }), label);
  const chartHost = make("div", {});
  const empty = make("p", { class: "missing" });
  const note = make("p", { class: "table-note" });
  const chart = Charts.build(chartHost, "the curves");
  fill(host, make("h2", { id: "explore-title" }, "Explore the curves"),
    make("div", { class: "controls" },
      choiceOf("Target", data.targets.map((target, t) => [t, target.name]), state.target, set("target")),
      choiceOf("Metric", shown.map((m) => [m, data.metrics[m].name]), state.metric, set("metric")),
      clockChoice("curve-clock", state.clock, set("clock")), log("logarithmic time", "logX"), log("logarithmic quality", "logY")),
    chartHost, empty,
    make("p", { class: "table-note" }, "Lines: means over the seeds that finished; bands: from the least to the most of them; point at a name to see its own. Each line holds its last checkpoint's value until the next. A line's button turns it off and on."), note);
  host.hidden = false;
  draw();
})();

// The matrix of claims: a cell tells of its line.
(function () {
  const table = document.getElementById("claims-matrix");
  if (!table) return;
  const { make, fill } = Dom;
  const lines = document.getElementById("table-claims");
  const heads = Array.from(lines.tHead.rows[0].cells, (head) => head.textContent);
  const rows = Array.from(lines.tBodies[0].rows);
  const detail = document.getElementById("claims-detail");
  makeGrid(table, function (cell) {
    const row = rows[Number(cell.dataset.cell)];
    fill(detail, make("dl", {}, Array.from(row.cells, (value, i) => make("div", {}, make("dt", {}, heads[i]), make("dd", {}, value.textContent)))));
  });
})();

// Print: light colours, everything open, no controls.
(function () {
  let closed = [];
  addEventListener("beforeprint", function () {
    document.documentElement.classList.add("printing");
    closed = Array.from(document.querySelectorAll("details:not([open])"));
    for (const details of closed) details.open = true;
    Charts.redraw();
  });
  addEventListener("afterprint", function () {
    document.documentElement.classList.remove("printing");
    for (const details of closed) details.open = false;
    Charts.redraw();
  });
})();
