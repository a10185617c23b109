#!/usr/bin/env python3
"""What goes into a paper: LaTeX tables that fit the page, and figures as PDF at the widths of a paper.

    paper_test.py PROGRAM SOURCES

Makes reports of published experiments, and of one whose labels are hostile. Always checks the syntax of every table; with
pdflatex (texlive-latex-recommended) compiles them in an A4 article with margins of 2.5 cm, with gnuplot draws the figures.
"""
import gzip
import json
import re
import shutil
import subprocess
import sys
import tempfile
import zlib
from pathlib import Path

PROGRAM, SOURCES = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
MOST_OVERFULL = 5  # pt
LEAST_LETTER = 7  # pt
WIDTHS = {"column": 8.4 / 2.54 * 72, "page": 17 / 2.54 * 72}  # pt
HOSTILE = ["50% & $x_1$ #{}~^<>\"[*] \\foo", "*star", "[br]acket", "W" * 140, "αβγ 日本語 éÿð«x»", "a_b" * 40, "--- ``''"]
DOCUMENT = r"""\documentclass[a4paper]{article}
\usepackage[utf8]{inputenc}
\usepackage[margin=2.5cm]{geometry}
\usepackage{booktabs,longtable,tabularx}
\begin{document}
%s
\end{document}
"""

failures = []


def check(condition, message):
    if not condition:
        failures.append(message)
        print("FAILED:", message)


def hostile_copy(source, target):
    """The same experiment whose samplers and targets have hostile labels."""
    target.mkdir()
    experiment = json.loads((source / "experiment.json").read_text())
    samplers = {one["label"]: label for one, label in zip(experiment["samplers"], HOSTILE)}
    targets = {one["label"]: label for one, label in zip(experiment["targets"], reversed(HOSTILE))}
    for one in experiment["samplers"]:
        one["label"] = samplers.get(one["label"], one["label"])
        one["settings"] = "x=" + "9" * 200
    for one in experiment["targets"]:
        one["label"] = targets.get(one["label"], one["label"])
    for part in ("claims", "figures", "reference"):
        experiment.pop(part, None)
    (target / "experiment.json").write_text(json.dumps(experiment))
    with gzip.open(source / "records.jsonl.gz", "rt") as old, gzip.open(target / "records.jsonl.gz", "wt") as new:
        for line in old:
            value = json.loads(line)
            job = value.get("job", {})
            for kind, labels in (("sampler", samplers), ("target", targets)):
                if kind in job:
                    job[kind]["label"] = labels.get(job[kind]["label"], job[kind]["label"])
            new.write(json.dumps(value) + "\n")
    return target


def report(results, out, *flags):
    done = subprocess.run([PROGRAM, "report", results, "--out", out, *flags], capture_output=True, text=True, timeout=600)
    check(done.returncode == 0, f"report {results}: {done.stderr}")


def columns_of(types):
    return len(re.findall(r"[lr]|p\{[0-9.]+pt\}", re.sub(r">\{(?:[^{}]|\{[^{}]*\})*\}", "", types)))


def check_syntax(path):
    text = path.read_text()
    plain = re.sub(r"\\[\\{}&%$#_]", lambda match: "" if match.group() != r"\\" else r"\\", text)
    plain = re.sub(r"(?m)^%.*$", "", plain)
    depth = 0
    for letter in plain:
        depth += (letter == "{") - (letter == "}")
        check(depth >= 0, f"{path.name}: a brace closes that was not open")
    check(depth == 0, f"{path.name}: braces do not match")
    check(plain.count("$") % 2 == 0, f"{path.name}: an odd number of dollars")
    stripped = re.sub(r"\\label\{[^}]*\}", "", plain)
    stripped = re.sub(r"\$[^$]*\$", "", stripped)
    check(not re.search(r"[%#_^~]", stripped), f"{path.name}: a letter is not escaped: {re.findall('.{20}[%#_^~]', stripped)[:3]}")
    stack = []
    for kind, name in re.findall(r"\\(begin|end)\{(\w+)\}", plain):
        if kind == "begin":
            stack.append(name)
        else:
            check(stack and stack.pop() == name, f"{path.name}: \\end{{{name}}} closes nothing")
    check(not stack, f"{path.name}: {stack} stay open")
    for types, body in re.findall(r"\\begin\{(?:tabular|longtable)\}\{((?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*)\}(.*?)"
                                  r"\\end\{(?:tabular|longtable)\}", plain, re.S):
        rows = [line for line in body.splitlines() if line.startswith("    ") and line.endswith(r"\\")
                and "\\caption" not in line]
        check(rows, f"{path.name}: a table has no rows")
        for row in rows:
            check(row.count("&") + 1 == columns_of(types), f"{path.name}: {row.count('&') + 1} cells in a row of "
                  f"{columns_of(types)} columns: {row[:100]}")
    check("Settings that differ" not in text or path.name == "settings.tex", f"{path.name}: settings under a table")


def compile_tables(tables, folder):
    if not shutil.which("pdflatex"):
        print("paper: pdflatex was not found (apt-get install texlive-latex-recommended): tables were not compiled")
        return
    inputs = "\n".join(f"\\typeout{{TABLE {i}}}\\input{{{table}}}\\clearpage" for i, table in enumerate(tables))
    (folder / "main.tex").write_text(DOCUMENT % inputs)
    for _ in range(2):
        done = subprocess.run(["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "main.tex"], cwd=folder,
                              capture_output=True, timeout=300)
    log = (folder / "main.log").read_text(errors="replace")
    check(done.returncode == 0, "pdflatex: " + "\n".join(re.findall(r"(?m)^!.*\n.*", log))[:500])
    table = None
    for line in log.splitlines():
        if line.startswith("TABLE "):
            table = tables[int(line.split()[1])]
        wide = re.match(r"Overfull \\hbox \(([0-9.]+)pt", line)
        check(not wide or float(wide.group(1)) <= MOST_OVERFULL, f"{table}: {line}")


def letters_of(pdf):
    """Sizes in pt of the letters that cairo's PDFs set."""
    sizes = []
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.S):
        try:
            text = zlib.decompress(stream)
        except zlib.error:
            continue
        for a, b in re.findall(rb"BT\s+([-0-9.]+) ([-0-9.]+) [-0-9.]+ [-0-9.]+ [-0-9.]+ [-0-9.]+ Tm", text):
            sizes.append((float(a) ** 2 + float(b) ** 2) ** 0.5)
    return sizes


def check_figures(results, out):
    if not shutil.which("gnuplot"):
        print("paper: gnuplot was not found: figures were not drawn")
        return
    report(results, out, "--format", "pdf")
    figures = out / "figures"
    for width, points in WIDTHS.items():
        drawn = sorted(figures.glob(f"*-{width}.pdf"))
        check(len(drawn) == len(list(figures.glob("*.svg"))) > 0, f"figures as wide as a {width}: {len(drawn)}")
        for path in drawn:
            pdf = path.read_bytes()
            box = [float(one) for one in re.search(rb"/MediaBox\s*\[\s*([-0-9. ]+)\]", pdf).group(1).split()]
            check(abs(box[2] - points) < 1.5, f"{path.name} is {box[2]} pt wide, not {points:.1f}")
            sizes = letters_of(pdf)
            check(sizes and min(sizes) >= LEAST_LETTER - 0.05, f"{path.name}: the smallest letter has {min(sizes or [0])} pt")
    check(not list(figures.glob("*.png")), "--format pdf draws PNGs")
    page = (out / "index.html").read_text()
    for link in re.findall(r'href="(figures/[^"]+)"', page):
        check((out / link).exists(), f"the page links to {link}, which is not there")


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        published = [SOURCES / "results" / one for one in ("paper-planar", "blr-small")]
        tables = []
        for results in published + [hostile_copy(SOURCES / "results" / "blr-small", folder / "hostile")]:
            out = folder / f"report-{results.name}"
            report(results, out, "--no-figures")
            made = sorted((out / "tables").glob("*.tex"))
            check(any(table.name == "settings.tex" for table in made), f"{results.name}: no table of settings")
            tables += made
        for table in tables:
            check_syntax(table)
        text = (folder / "report-paper-planar/tables/metric-ksd_imq_v.tex").read_text().replace(r"\hspace{0pt}", "")
        check("KSD (IMQ) $\\downarrow$" in text and "SVGD-50" in text, "names for readers")
        compile_tables(tables, folder)
        check_figures(SOURCES / "results" / "blr-small", folder / "figures")
        refused = subprocess.run([PROGRAM, "report", published[0], "--format", "bmp"], capture_output=True, text=True)
        check(refused.returncode == 2 and "--format bmp" in refused.stderr, f"--format bmp: {refused.stderr}")
    print("paper:", "failed" if failures else "passed")
    return 1 if failures else 0


sys.exit(main())
