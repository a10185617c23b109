"""Opens a report's page in headless Chromium and uses it as a reader does, by its keyboard and its pointer: moves the
slider of the matrix, walks through cells, turns a line off, reads the cursor, sorts every table both ways, prints. No
console error, no network, no script but the page's own.

usage: page_test.py INDEX_HTML [--chromium PROGRAM]      exit status 0 where all holds, 77 where there is no Chromium
"""

import argparse
import base64
import json
import os
import pathlib
import re
import select
import shutil
import subprocess
import sys
import tempfile
import time

PATIENCE = 180  # seconds in which a browser answers, on a busy machine too

# Every table, picture and link of the page.
PROBE = """
(async function () {
  const faults = [];
  const counts = { tables: 0, columns: 0, images: 0 };
  for (const details of document.querySelectorAll("details")) details.open = true;
  for (const image of document.images) {
    counts.images += 1;
    try { await image.decode(); } catch (error) { faults.push("does not decode: " + image.alt); }
    if (image.naturalWidth === 0) faults.push("does not show: " + image.alt);
    if (!image.src.startsWith("data:")) faults.push("not inline: " + image.src);
    if (!image.alt) faults.push("an image has no text alternative");
  }
  const value = (row, column) => {
    const cell = row.cells[column];
    return cell.dataset.order === undefined ? null : Number(cell.dataset.order.replace("inf", "Infinity"));
  };
  for (const table of document.querySelectorAll("table.sortable")) {
    counts.tables += 1;
    const before = Array.from(table.tBodies[0].rows).map((row) => row.textContent).sort().join("|");
    Array.from(table.tHead.rows[0].cells).forEach(function (head, column) {
      counts.columns += 1;
      const button = head.querySelector("button");
      button.focus();
      if (document.activeElement !== button) faults.push("no focus: " + head.textContent);
      for (const direction of ["ascending", "descending"]) {
        button.click();
        if (head.getAttribute("aria-sort") !== direction) faults.push("aria-sort is not " + direction + ": " + head.textContent);
        if (table.tHead.querySelectorAll("[aria-sort]").length !== 1) faults.push("two columns claim to sort: " + head.textContent);
        const values = Array.from(table.tBodies[0].rows).map((row) => value(row, column)).filter((v) => v !== null && !Number.isNaN(v));
        for (let i = 1; i < values.length; ++i) {
          const good = direction === "ascending" ? values[i - 1] <= values[i] : values[i - 1] >= values[i];
          if (!good) { faults.push("not " + direction + ": " + table.id + " " + head.textContent); break; }
        }
      }
    });
    const after = Array.from(table.tBodies[0].rows).map((row) => row.textContent).sort().join("|");
    if (before !== after) faults.push("rows changed by sorting: " + table.id);
  }
  // What the page's script says of a time that the report was asked about is what the report says.
  counts.answers = 0;
  Runs.data.answers.forEach((metrics, clock) => Object.entries(metrics).forEach(([metric, targets]) => targets.forEach((times, target) => times.forEach(function (answer, i) {
    const own = Runs.standing(target, Number(metric), clock, Runs.data.times[i], true);
    counts.answers += answer !== null;
    const theirs = answer && own.all[answer[0]].mean;
    if (answer ? !own.best || Math.abs(own.best.mean - theirs) > 1e-3 * Math.abs(theirs) : own.best)
      faults.push("two answers: " + [clock, metric, target, Runs.data.times[i], answer, own.best && own.best.entrant.name, own.best && own.best.mean, theirs].join(" "));
  }))));
  for (const link of document.querySelectorAll("nav a, a.warned")) {
    if (!document.getElementById(link.hash.slice(1))) faults.push("leads nowhere: " + link.hash);
  }
  for (const control of document.querySelectorAll("button, input, select, canvas, [role=grid], [role=region]")) {
    const name = control.getAttribute("aria-label") || control.textContent.trim() || (control.labels && control.labels[0]) || control.getAttribute("aria-labelledby");
    if (!name) faults.push("has no name: " + control.outerHTML.slice(0, 100));
  }
  if (document.scripts.length !== 3) faults.push("scripts: " + document.scripts.length);
  if (document.querySelector("main script, main iframe, main object, main style, [onclick], [onerror], [onload]")) faults.push("foreign element in the text");
  for (const details of document.querySelectorAll("details")) details.open = false;
  return { faults, counts };
})()
"""

FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--remote-debugging-pipe",
]
KEYS = {"Tab": 9, "Enter": 13, " ": 32, "End": 35, "Home": 36, "ArrowLeft": 37, "ArrowUp": 38, "ArrowRight": 39, "ArrowDown": 40}


class Browser:
    """One page in headless Chromium, driven by its DevTools protocol over two pipes."""

    def __init__(self, chromium, folder):
        self.events = []
        self.buffer = b""
        self.count = 0
        self.session = None
        from_us, self.to_browser = os.pipe()
        self.from_browser, from_browser = os.pipe()
        # The browser reads from its file 3 and writes to its file 4.
        command = ["sh", "-c", f'exec 5<&{from_us} 6>&{from_browser}; exec "$@" 3<&5 4>&6', "sh", chromium, *FLAGS, f"--user-data-dir={folder}/profile"]
        self.process = subprocess.Popen(command, pass_fds=(from_us, from_browser), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(from_us)
        os.close(from_browser)
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.window(1400, 900)
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(domain + ".enable")
        self.call("Emulation.setFocusEmulationEnabled", enabled=True)

    def window(self, width, height):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def close(self):
        self.session = None
        self.call("Browser.close")
        self.process.wait(timeout=PATIENCE)

    def message(self, seconds):
        """The browser's next message."""
        end = time.monotonic() + seconds
        while b"\0" not in self.buffer:
            ready, _, _ = select.select([self.from_browser], [], [], max(0, end - time.monotonic()))
            part = os.read(self.from_browser, 1 << 20) if ready else b""
            if not part:
                raise RuntimeError("the browser does not answer")
            self.buffer += part
        text, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(text)

    def call(self, method, **parameters):
        self.count += 1
        request = {"id": self.count, "method": method, "params": parameters}
        if self.session:
            request["sessionId"] = self.session
        os.write(self.to_browser, json.dumps(request).encode() + b"\0")
        while True:
            message = self.message(PATIENCE)
            if message.get("id") == self.count:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']}")
                return message["result"]
            self.events.append(message)

    def open(self, page):
        self.events.clear()
        self.call("Page.navigate", url=page.resolve().as_uri())
        while not any(event.get("method") == "Page.loadEventFired" for event in self.events):
            self.events.append(self.message(PATIENCE))

    def value(self, expression):
        """What an expression of JavaScript gives in the page."""
        result = self.call("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in result:
            raise RuntimeError(f"{expression}: {result['exceptionDetails']}")
        return result["result"].get("value")

    def press(self, key, times=1):
        text = {"Enter": "\r", " ": " "}.get(key)
        for _ in range(times):
            down = {"type": "keyDown" if text else "rawKeyDown", "key": key, "code": "Space" if key == " " else key, "windowsVirtualKeyCode": KEYS[key]}
            self.call("Input.dispatchKeyEvent", **down, **({"text": text} if text else {}))
            self.call("Input.dispatchKeyEvent", **{**down, "type": "keyUp"})

    def frames(self):
        """Charts follow the pointer and the window at the next frames."""
        self.value("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(done))))")

    def focus(self, selector):
        self.value(f"document.querySelector({json.dumps(selector)}).focus()")

    def text(self, selector):
        return self.value(f"(document.querySelector({json.dumps(selector)}) || {{}}).textContent")

    def complaints(self):
        """Console messages, exceptions and requests for anything but the page."""
        faults = []
        for event in self.events:
            what, about = event.get("method"), event.get("params", {})
            if what == "Log.entryAdded":
                faults.append("log: " + about["entry"]["text"])
            elif what == "Runtime.exceptionThrown":
                faults.append("exception: " + json.dumps(about["exceptionDetails"])[:400])
            elif what == "Runtime.consoleAPICalled":
                faults.append("console: " + json.dumps(about["args"])[:400])
            elif what == "Network.requestWillBeSent" and not re.match("(file|data):", about["request"]["url"]):
                faults.append("network: " + about["request"]["url"])
        return faults


class Reader:
    """Uses the page and keeps a list of what is wrong."""

    def __init__(self, browser):
        self.browser = browser
        self.faults = []

    def expect(self, holds, fault):
        if not holds:
            self.faults.append(fault)

    def answers(self):
        rows = self.browser.value('Array.from(document.querySelectorAll(".answers tbody tr"), (row) => Array.from(row.cells, (cell) => cell.textContent))')
        self.expect(rows, "the answer has no rows")
        for row in rows:
            for cell in row[1:]:
                self.expect(re.search("certain|no sampler has draws", cell), f"an answer does not say whether it is certain: {row}")
        box = self.browser.value('(() => { const box = document.querySelector(".answers").getBoundingClientRect(); return box.bottom; })()')
        self.expect(box < 900, f"the answer ends {box} pixels below the top, which is not the first screen")

    def slider(self):
        browser = self.browser
        browser.focus("#time")
        browser.press("Home")
        first, early = browser.text("#matrix output"), browser.text(".matrix tbody")
        browser.press("End")
        last, late = browser.text("#matrix output"), browser.text(".matrix tbody")
        self.expect(first != last, "the keys do not move the slider")
        self.expect(early != late, "the matrix is the same at both ends of the slider")
        browser.press("ArrowLeft")
        self.expect(browser.text("#matrix output") != last, "an arrow does not move the slider")
        spoken = browser.value('document.getElementById("time").getAttribute("aria-valuetext")')
        self.expect(spoken == browser.text("#matrix output"), "the slider does not say its time: " + str(spoken))
        before = browser.text("#matrix h3")
        browser.focus('input[name="front-clock"]')
        browser.press("ArrowRight")
        self.expect(browser.value('document.querySelectorAll(\'input[name="front-clock"]\')[1].checked'), "the keys do not choose a clock")
        self.expect(browser.text("#matrix h3") != before, "the matrix keeps its clock: " + before)

    def grid(self, table, detail):
        """Arrows walk through the cells, and each tells of itself."""
        browser = self.browser
        if not browser.value(f'document.querySelector("{table} [data-cell]") !== null'):
            return
        stops = browser.value(f'document.querySelectorAll("{table} [tabindex=\\"0\\"]").length')
        self.expect(stops == 1, f"{table} has {stops} stops of the tab key")
        browser.focus(f'{table} [tabindex="0"]')
        first = browser.text(detail)
        browser.press("End")
        browser.press("ArrowDown")
        self.expect(browser.value(f'document.activeElement.closest("{table}") !== null'), f"the focus leaves {table}")
        cells = browser.value(f'document.querySelectorAll("{table} [data-cell]").length')
        self.expect(cells == 1 or browser.text(detail) != first, f"{table} tells nothing of the cell that has the focus")

    def lines(self, part):
        """A line goes off and on by the space key, the cursor says where it is, by key and by pointer."""
        browser = self.browser
        button = f"{part} .legend button[aria-pressed]"
        if not browser.value(f'document.querySelectorAll({json.dumps(button)}).length'):
            self.expect(browser.text(f"{part} .missing"), f"{part} has no lines and does not say why")
            return
        hidden = f'Chart.getChart(document.querySelector("{part} canvas")).data.datasets.filter((line) => line.hidden).length'
        browser.focus(button)
        self.expect(browser.value(hidden) == 0, f"{part} hides lines")
        browser.press(" ")
        self.expect(browser.value(hidden) > 0, f"{part}: the space key does not turn a line off")
        self.expect(browser.value(f"document.querySelector({json.dumps(button)}).getAttribute('aria-pressed')") == "false", f"{part}: the button does not say that its line is off")
        browser.press(" ")
        self.expect(browser.value(hidden) == 0, f"{part}: the space key does not turn a line on")
        browser.focus(f"{part} .cursor-row input")
        browser.press("Home")
        begin = browser.text(f"{part} .cursor-at")
        browser.press("End")
        end = browser.text(f"{part} .cursor-at")
        self.expect(begin != end, f"{part}: the keys do not move the cursor")
        box = browser.value(f'(() => {{ const canvas = document.querySelector("{part} canvas"); canvas.scrollIntoView(); const box = canvas.getBoundingClientRect(); return [box.x, box.y, box.width, box.height]; }})()')
        browser.call("Input.dispatchMouseEvent", type="mouseMoved", x=box[0] + box[2] / 2, y=box[1] + box[3] / 2)
        browser.frames()
        self.expect(browser.text(f"{part} .cursor-at") not in (begin, end), f"{part}: the pointer does not move the cursor")
        rows = browser.value(f'document.querySelectorAll("{part} details.numbers tbody tr").length')
        self.expect(rows == browser.value(f'document.querySelectorAll("{button}").length'), f"{part}: the table has {rows} lines")

    def keyboard(self):
        """The tab key reaches every kind of control, and the focus shows."""
        browser = self.browser
        browser.value("document.activeElement.blur(); scrollTo(0, 0)")
        seen = set()
        for _ in range(60):
            browser.press("Tab")
            kind, shows = browser.value('(() => { const node = document.activeElement; return [node.tagName + (node.type ? " " + node.type : ""), getComputedStyle(node).outlineStyle !== "none"]; })()')
            seen.add(kind)
            self.expect(shows or kind == "BODY", "the focus does not show: " + kind)
        for kind in ("SELECT select-one", "INPUT radio", "INPUT range", "BUTTON button", "TD"):
            self.expect(kind in seen, f"the tab key does not reach: {kind} (it does {sorted(seen)})")

    def sorting(self):
        browser = self.browser
        browser.value('document.querySelector("table.sortable").closest("details")?.setAttribute("open", "")')
        browser.focus("table.sortable thead button")
        for direction in ("ascending", "descending"):
            browser.press("Enter")
            self.expect(browser.value('document.querySelector("table.sortable thead th").getAttribute("aria-sort")') == direction, "the enter key does not sort")

    def print_form(self):
        browser = self.browser
        browser.call("Emulation.setEmulatedMedia", media="print")
        browser.value('dispatchEvent(new Event("beforeprint"))')
        shown = browser.value('Array.from(document.querySelectorAll("nav, .controls, .time, .cursor-row, summary, .files")).filter((node) => node.getClientRects().length).map((node) => node.outerHTML.slice(0, 80))')
        self.expect(not shown, f"controls are printed: {shown[:3]}")
        closed = browser.value('document.querySelectorAll("details:not([open])").length')
        self.expect(closed == 0, f"{closed} folded parts are not printed")
        self.expect(len(browser.call("Page.printToPDF")["data"]) > 10000, "the print is empty")
        browser.value('dispatchEvent(new Event("afterprint"))')
        browser.call("Emulation.setEmulatedMedia", media="")

    def narrow(self):
        browser = self.browser
        browser.window(400, 800)
        browser.frames()
        wide = browser.value("document.documentElement.scrollWidth")
        self.expect(wide <= 400, f"a window 400 pixels wide has a page of {wide}")
        browser.window(1400, 900)


def foreign_parts(page):
    """What pictures within the page would fetch: an image in a picture must stand in it."""
    faults = []
    for code in re.findall(r'src="data:image/svg\+xml;base64,([^"]*)"', page):
        picture = base64.b64decode(code).decode("utf-8")
        faults += ["a picture is not whole: " + link for link in re.findall(r"""href=["'](?!#|data:)([^"']*)""", picture)]
    return faults


def control(browser, text, folder):
    """Scripts that are not the page's own, as a label that was not escaped would bring, do nothing but complain."""
    page = pathlib.Path(folder) / "control.html"
    foreign = "<main><script>window.ran = 1</script><img src='data:,' onerror='window.ran = 2'><img src='https://example.org/x'>"
    page.write_text(text.replace("<main>", foreign, 1), encoding="utf-8")
    browser.open(page)
    if browser.value("window.ran") is not None:
        return ["a script that is not the page's own has run"]
    return [] if len(browser.complaints()) >= 3 else ["the test does not see complaints"]


def hostile(browser, text, folder):
    """Names that look like HTML stay words in all that the page's script makes of its data."""
    name = "</script><b>bold</b><img src='data:,' onerror='window.ran = 1'>\u2028&amp;"
    head, data, tail = re.fullmatch(r'(.*<script type="application/json" id="page-data">)(.*?)(</script>.*)', text, re.DOTALL).groups()
    data = json.loads(data)
    for part in ("targets", "samplers", "entrants", "metrics"):
        for one in data[part]:
            one["name"] = name + one["name"]
            one["text"] = name
    page = pathlib.Path(folder) / "hostile.html"
    page.write_text(head + json.dumps(data).replace("<", "\\u003c") + tail, encoding="utf-8")
    browser.open(page)
    faults = browser.complaints()
    browser.focus("#matrix [data-cell]")
    if browser.value("window.ran") is not None or browser.value('document.querySelector("#front b, #explore b, #front img, #explore img") !== null'):
        faults.append("a name is read as HTML")
    lines = [part + " .legend" for part in ("#profile", "#explore") if browser.text(part + " .legend")]
    for part in ("#front .answers", "#matrix .detail", "#explore .controls", *lines):
        if "<b>bold</b>" not in browser.text(part):
            faults.append("a name is missing: " + part)
    return faults


def use_page(arguments, folder):
    browser = Browser(arguments.chromium, folder)
    text = arguments.page.read_text(encoding="utf-8")
    try:
        browser.open(arguments.page)
        reader = Reader(browser)
        reader.answers()
        answer = browser.value(PROBE)
        reader.keyboard()
        reader.slider()
        reader.grid("#matrix .matrix", "#matrix .detail")
        reader.grid("#claims-matrix", "#claims-detail")
        for part in ("#profile", "#explore"):
            reader.lines(part)
        reader.sorting()
        reader.narrow()
        reader.print_form()
        faults = reader.faults + answer["faults"] + browser.complaints()
        faults += hostile(browser, text, folder) + control(browser, text, folder)
    finally:
        browser.close()
    return faults + foreign_parts(text), answer["counts"], text


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("page", type=pathlib.Path)
    parser.add_argument("--chromium", default=shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome"))
    arguments = parser.parse_args()
    if not arguments.chromium:
        print("no Chromium: not tested")
        return 77
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        faults, counts, text = use_page(arguments, folder)
    print(f"{counts['tables']} tables, {counts['columns']} columns, {counts['images']} figures, {counts['answers']} answers, {len(text.encode())} bytes")
    if counts["tables"] < 3:
        faults.append("fewer than three tables")
    if counts["answers"] < 3:
        faults.append("fewer than three answers")
    if counts["images"] != text.count("<img "):
        faults.append("figures are missing from the page")
    if len(text.encode()) > 3_000_000:
        faults.append("the page has more than 3 MB")
    for fault in faults:
        print("fault:", fault)
    return 1 if faults else 0


sys.exit(main())
