"""Opens a report's page in headless Chromium and checks it as a reader meets it: no console error, every figure
shows, every column of every table sorts both ways (by click and from the keyboard), nothing came from a network.

usage: page_test.py INDEX_HTML [--chromium PROGRAM]      exit status 0 where all holds, 77 where there is no Chromium
"""

import argparse
import base64
import html
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

PROBE = """
<script>
window.addEventListener("load", async function () {
  const faults = [];
  const counts = { tables: 0, columns: 0, images: 0 };
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
  for (const link of document.querySelectorAll("nav a")) {
    if (!document.getElementById(link.hash.slice(1))) faults.push("leads nowhere: " + link.hash);
  }
  if (document.scripts.length !== 2) faults.push("scripts: " + document.scripts.length);
  if (document.querySelector("main script, main iframe, main object, main style")) faults.push("foreign element in the text");
  if (performance.getEntriesByType("resource").some((entry) => /^(https?|ftp):/.test(entry.name))) faults.push("network was used");
  const verdict = document.createElement("pre");
  verdict.id = "verdict";
  verdict.textContent = JSON.stringify({ faults: faults, counts: counts });
  document.body.appendChild(verdict);
});
</script>
"""

FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--enable-logging=stderr",
    "--virtual-time-budget=20000", "--dump-dom",
]


def foreign_parts(page):
    """What pictures within the page would fetch: an image in a picture must stand in it."""
    faults = []
    for code in re.findall(r'src="data:image/svg\+xml;base64,([^"]*)"', page):
        picture = base64.b64decode(code).decode("utf-8")
        faults += ["a picture is not whole: " + link for link in re.findall(r"""href=["'](?!#|data:)([^"']*)""", picture)]
    return faults


def open_page(chromium, page):
    with tempfile.TemporaryDirectory() as folder:
        copy = pathlib.Path(folder) / "page.html"
        text = page.read_text(encoding="utf-8")
        copy.write_text(text.replace("</body>", PROBE + "</body>"), encoding="utf-8")
        command = [chromium, *FLAGS, f"--user-data-dir={folder}/profile", copy.as_uri()]
        return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("page", type=pathlib.Path)
    parser.add_argument("--chromium", default=shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome"))
    arguments = parser.parse_args()
    if not arguments.chromium:
        print("no Chromium: not tested")
        return 77
    result = open_page(arguments.chromium, arguments.page)
    faults = [line for line in result.stderr.splitlines() if "CONSOLE" in line]
    verdict = re.search(r'<pre id="verdict">(.*?)</pre>', result.stdout, re.DOTALL)
    if not verdict:
        print(result.stderr[-2000:])
        print("the page did not reach its end")
        return 1
    answer = json.loads(html.unescape(verdict.group(1)))
    faults += answer["faults"]
    counts = answer["counts"]
    print(f"{counts['tables']} tables, {counts['columns']} columns, {counts['images']} figures")
    if counts["tables"] < 3:
        faults.append("fewer than three tables")
    text = arguments.page.read_text(encoding="utf-8")
    faults += foreign_parts(text)
    if counts["images"] != text.count("<img "):
        faults.append("figures are missing from the page")
    for fault in faults:
        print("fault:", fault)
    return 1 if faults else 0


sys.exit(main())
