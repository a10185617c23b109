"""Compares what a published report prints with the records that it was made from.

Recomputes from records.jsonl.gz, in plain Python, the final mean of every metric in every cell, the half-width of its
95 % Student t interval and its median, from ten seeds on bootstrap intervals too, and holds report.md and the
tables/metrics.csv that the program makes from the records to them.

usage: published_numbers.py BIN FOLDER         every experiment in FOLDER that holds records.jsonl.gz; 77 if none does
       published_numbers.py BIN FOLDER --pack  a copy of the experiment FOLDER that the program BIN packs and publishes
"""

import argparse
import csv
import gzip
import json
import math
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import warnings

import numpy as np
from scipy import stats

NUMBER = r"-?\d[\d.]*"
ROUNDING = 1e-12  # of sums, relative
POWER = "×10([⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+)"
SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")


def number(value):
    """A number of a record; NaN and infinities stand as words."""
    return float(value) if isinstance(value, (int, float, str)) else None


class Records:
    """The last checkpoint of each finished run, by target, sampler and seed."""

    def __init__(self, folder):
        self.experiment = json.loads((folder / "experiment.json").read_text())
        self.runs, self.utc = {}, {}
        begin = last = None
        with gzip.open(folder / "records.jsonl.gz", "rt", encoding="utf-8") as lines:
            for line in map(json.loads, lines):
                if line["type"] == "begin":
                    begin, last = line, None
                elif line["type"] == "checkpoint":
                    last = line
                elif line["type"] == "end" and begin["kind"] == "run":
                    self.add(begin, last, line)

    def add(self, begin, last, end):
        keys = self.experiment.get("keys")
        if keys and begin["key"] not in keys:
            return
        job = begin["job"]
        place = (job["target"]["label"], job["sampler"]["label"], job["seed"])
        utc = begin["context"].get("utc", "")
        if utc < self.utc.get(place, ""):
            return
        self.utc[place] = utc
        self.runs[place] = last["metrics"] if last and end["status"] == "finished" else {}

    def values(self, metric, target, sampler):
        """The finite values of a cell over the experiment's seeds."""
        found = []
        for seed in self.experiment["seeds"]:
            value = number(self.runs.get((target, sampler, seed), {}).get(metric))
            if value is not None and math.isfinite(value):
                found.append(value)
        return found

    def cells(self):
        """(metric, target, sampler) -> count, mean, half-width and values."""
        names = [[entry["label"] for entry in self.experiment[kind]] for kind in ("metrics", "targets", "samplers")]
        for metric in names[0]:
            for target in names[1]:
                for sampler in names[2]:
                    values = self.values(metric, target, sampler)
                    n = len(values)
                    mean = math.fsum(values) / n if n else math.nan
                    half = math.inf
                    if n > 1:
                        half = stats.t.ppf(0.975, n - 1) * statistics.stdev(values) / math.sqrt(n)
                    yield (metric, target, sampler), (n, mean, half, values)


def near(printed, exact, tolerance):
    return printed == exact or abs(printed - exact) <= tolerance


def bootstrapped(values, row):
    """Bounds of the BCa intervals by SciPy's own resamples, each with the difference that two sets of resamples show."""
    if min(values) == max(values):
        return [(name, values[0], 0) for name in ("bca_low", "bca_high", "median_low", "median_high")]
    bounds = []
    for name, statistic in (("bca_", np.mean), ("median_", np.median)):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of a median that is the same in every resample
            found = stats.bootstrap((values,), statistic, method="BCa", n_resamples=4000,
                                    random_state=np.random.default_rng(5)).confidence_interval
        if not math.isfinite(found.low):
            continue
        increasing = sorted(values)
        width = max(found.high - found.low, float(row[name + "high"]) - float(row[name + "low"]))
        # A bound of the median is one of the values or halfway between two: the next one is as good.
        gap = max(b - a for a, b in zip(increasing, increasing[1:])) if name == "median_" else 0
        # Values that differ by rounding alone have an interval no wider than that.
        allowed = 0.2 * width + gap + ROUNDING * max(map(abs, values))
        bounds += [(name + "low", found.low, allowed), (name + "high", found.high, allowed)]
    return bounds


def made_tables(program, folder, out):
    """The tables that the program makes from the records of `folder`."""
    subprocess.run([program, "report", folder, "--out", out, "--no-figures"], check=True, stdout=subprocess.DEVNULL)
    return out / "tables/metrics.csv"


def csv_faults(table, cells):
    with open(table, encoding="utf-8", newline="") as file:
        rows = {(row["metric"], row["target"], row["sampler"]): row for row in csv.DictReader(file)}
    faults = [f"metrics.csv has no row {cell}" for cell in cells if cell not in rows]
    faults += [f"metrics.csv has a row too many: {cell}" for cell in rows if cell not in cells]
    for cell, (n, mean, half, values) in cells.items():
        row = rows.get(cell)
        if row is None:
            continue
        if int(row["values"]) != n:
            faults.append(f"metrics.csv {cell}: {row['values']} values instead of {n}")
        elif n > 0:
            tolerance = 1e-9 * (abs(mean) + (half if math.isfinite(half) else 0)) + 1e-300
            expected = [("mean", mean, tolerance), ("low", mean - half, tolerance), ("high", mean + half, tolerance)]
            if row.get("bca_low"):
                expected += bootstrapped(values, row)
            if row.get("median"):
                expected.append(("median", statistics.median(values), tolerance))
            for name, exact, allowed in expected:
                if not near(float(row[name]), exact, allowed):
                    faults.append(f"metrics.csv {cell}: {name} {row[name]} instead of {exact!r}")
        elif row["mean"]:
            faults.append(f"metrics.csv {cell}: a mean of no value")
    return faults


def sampler_labels(report):
    """The label of each sampler by its name in tables; none in reports that call samplers by their labels."""
    rows = re.findall(r"^\| (.*?) \| (.*?) \| ", report.partition("\n### Samplers\n")[2].partition("\n#")[0], re.M)
    return {plain(name): plain(label) for name, label in rows[1:]}


def metric_tables(report):
    """Label -> rows of cells, header first, of the tables in the section "Metrics". A title is "NAME (LABEL)"."""
    labels = sampler_labels(report)
    section = report.split("\n## Metrics\n", 1)[1].split("\n## ", 1)[0]
    tables = {}
    for part in section.split("\n### ")[1:]:
        title, _, rest = part.partition("\n")
        rows = [line for line in rest.splitlines() if line.startswith("|")]
        title = plain(title)
        named = re.fullmatch(r".+ \(([a-z0-9_]+(?::.*)?)\)", title)
        label = named[1] if named else title
        tables[label] = [[labels.get(plain(cell), plain(cell)) for cell in re.split(r"(?<!\\)\|", row)[1:-1]]
                         for row in rows[:1] + rows[2:]]
    return tables


def plain(text):
    """Markdown as the words that it shows."""
    text = re.sub(r"(?<!\\)\*", "", text.strip())
    text = re.sub(r"\\(.)", r"\1", text)
    return re.sub(" [§¶‖]", "", text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))


def parsed(digits, power):
    """A printed number and the unit of its last digit."""
    scale = 10.0 ** int(power.translate(SUPERSCRIPTS)) if power else 1.0
    unit = 10.0 ** -len(digits.partition(".")[2]) if "." in digits else 1.0
    return float(digits) * scale, unit * scale


def shown(text):
    """The mean and the half-width that a cell shows, each with the unit of its last digit; None where it shows none."""
    if match := re.match(rf"\(({NUMBER}) ± ({NUMBER})\){POWER}", text):
        return parsed(match[1], match[3]), parsed(match[2], match[3])
    if match := re.match(rf"({NUMBER})(?:{POWER})?(?: ± ({NUMBER})(?:{POWER})?)?", text):
        return parsed(match[1], match[2]), parsed(match[3], match[4]) if match[3] else None
    return None


def report_faults(folder, cells):
    tables = metric_tables((folder / "report.md").read_text(encoding="utf-8"))
    faults = []
    for (metric, target, sampler), (n, mean, half, _) in cells.items():
        if metric not in tables:
            faults.append(f"report.md has no table of {metric}")
            continue
        head, *rows = tables[metric]
        by_name = {row[0]: row for row in rows}
        row, column = (target, sampler) if target in by_name else (sampler, target)
        pair = shown(by_name[row][head.index(column)])
        where = f"report.md, {metric} of {sampler} on {target}"
        if n == 0:
            continue
        if pair is None:
            faults.append(f"{where}: no number instead of {mean!r}")
            continue
        for name, printed, exact in (("mean", pair[0], mean), ("half-width", pair[1], half)):
            if printed is not None and abs(printed[0] - exact) > 0.51 * printed[1] + ROUNDING * abs(mean):
                faults.append(f"{where}: {name} {printed[0]!r} instead of {exact!r}")
        if pair[1] is None and n > 1 and half > 0:
            faults.append(f"{where}: no interval")
    return faults


def check(program, folder):
    cells = dict(Records(folder).cells())
    with tempfile.TemporaryDirectory() as out:
        table = made_tables(program, folder, pathlib.Path(out))
        faults = csv_faults(table, cells) + report_faults(folder, cells)
    print(f"{folder.name}: {len(cells)} cells, {len(faults)} faults")
    return faults


def is_blind(folder, table):
    """Whether numbers that are a thousandth off go unnoticed: a check that cannot fail."""
    cells = dict(Records(folder).cells())
    off = {cell: (n, mean * 1.001, half, values) for cell, (n, mean, half, values) in cells.items()}
    wide = {cell: (n, mean, half * 1.5, values) for cell, (n, mean, half, values) in cells.items()}
    return not (csv_faults(table, off) and csv_faults(table, wide) and report_faults(folder, wide))


def packed_copy(program, source, folder):
    copy = pathlib.Path(folder) / source.name
    shutil.copytree(source, copy, ignore=shutil.ignore_patterns("report"))
    for command in (["pack", copy], ["report", copy, "--publish", "--accept-dirty", "--no-figures"]):
        subprocess.run([program, *command], check=True, stdout=subprocess.DEVNULL)
    loose = list(copy.rglob("*.jsonl"))
    if loose:
        sys.exit(f"packing left {loose[0]}")
    return copy


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program", metavar="BIN")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--pack", action="store_true", help="of loose records, packed first")
    arguments = parser.parse_args()
    program = arguments.program
    if arguments.pack:
        with tempfile.TemporaryDirectory() as scratch:
            folder = packed_copy(program, arguments.folder, scratch)
            faults = check(program, folder)
            if is_blind(folder, made_tables(program, folder, pathlib.Path(scratch) / "made")):
                faults.append("numbers that are wrong go unnoticed")
    else:
        folders = sorted(path.parent for path in arguments.folder.glob("*/records.jsonl.gz"))
        if not folders:
            print("no packed experiment: nothing to compare")
            return 77
        faults = [f"{folder.name}: {fault}" for folder in folders for fault in check(program, folder)]
    for fault in faults[:40]:
        print("fault:", fault)
    return 1 if faults else 0


sys.exit(main())
