"""Compares the tables over time of a report with the records that it was made from.

Recomputes from records.jsonl.gz with NumPy, without the program's own analysis: who is best at each time and by how
much, the time to quality with the expected running time, and the profile. Means, times and shares must agree but for
rounding; intervals, which are of other random numbers, about.

usage: time_numbers.py BIN FOLDER    the program, and a folder with experiment.json and records.jsonl.gz
"""

import collections
import csv
import gzip
import json
import math
import pathlib
import re
import subprocess
import sys
import tempfile
from statistics import NormalDist

import numpy as np

GRADIENTS = ("score", "hessian_vector")
STUDENT = {2: 12.7062, 3: 4.30265, 4: 3.18245, 5: 2.77645, 10: 2.26216, 20: 2.09302}  # 97.5 % quantiles by seeds
FLOORS = 2
ROUNDING = 1e-9
RESAMPLES = 4000
FEWEST = 3  # cells that must have been compared in each table


class Records:
    def __init__(self, folder):
        self.experiment = json.loads((folder / "experiment.json").read_text(encoding="utf-8"))
        self.runs, self.floors, self.better = {}, collections.defaultdict(dict), {}
        keys = set(self.experiment.get("keys", []))
        with gzip.open(folder / "records.jsonl.gz", "rt", encoding="utf-8") as lines:
            for line in map(json.loads, lines):
                if line["type"] == "begin":
                    begin, points = line, []
                elif line["type"] == "checkpoint":
                    points.append(line)
                elif line["type"] == "floor":
                    floor = line
                elif line["type"] == "end" and (not keys or begin["key"] in keys):
                    self.add(begin, points, floor if begin["kind"] == "floor" else None, line["status"])
        self.targets = [one["label"] for one in self.experiment["targets"]]
        self.metrics = [one["label"] for one in self.experiment["metrics"]]
        self.seeds = self.experiment["seeds"]

    def add(self, begin, points, floor, status):
        target = begin["job"]["target"]["label"]
        for label, convention in begin.get("conventions", {}).items():
            self.better[label] = convention["better"] if convention.get("floor", True) else "neither"
        if floor:
            self.floors[target] = floor["metrics"]
        elif begin["kind"] == "run":
            self.runs[target, begin["job"]["sampler"]["label"], begin["job"]["seed"]] = (points, status)

    def entrants(self):
        """Name -> labels of the samplers that are variants of one method."""
        found = collections.OrderedDict()
        for one in self.experiment["samplers"]:
            match = re.fullmatch(r"(.*[^-])-\d+", one["label"])
            stem = match[1] if match and not re.search(r"\d[eE]$", match[1]) else one["label"]
            key = ("", one["entrant"]) if one.get("entrant") else (one["name"], stem)
            found.setdefault(key, []).append(one)
        return {stem if len(own) > 1 or not name else own[0]["label"]: own for (name, stem), own in found.items()
                if not any(one.get("oracle") for one in own)}


def spent(point, clock):
    if clock == "gradients":
        return sum(point[part].get(name, 0) for part in ("train", "draw") for name in GRADIENTS)
    name = {"CPU s": "cpu_s", "wall-clock s": "wall_s"}[clock]
    return point["train"][name] + point["draw"][name]


def value_of(point, metric):
    value = point["metrics"].get(metric)
    if isinstance(value, dict) or value is None:
        return math.nan
    value = float(value)
    return value if math.isfinite(value) else math.nan


def value_at(run, metric, clock, time):
    """By the last checkpoint that the time pays for; NaN where there is none."""
    if run is None:
        return math.nan
    points, status = run
    paid = [point for point in points if spent(point, clock) <= time]
    if not paid:
        return math.nan
    broke_off = status not in ("finished", "timeout")
    if broke_off and paid[-1] is points[-1] and spent(points[-1], clock) < time:
        return math.nan
    return value_of(paid[-1], metric)


def standings(records, target, metric, clock, time):
    """(mean, entrant, sampler, values) of those with a value of every seed, the best first."""
    sign = -1 if records.better[metric] == "higher" else 1
    found = []
    for place, (name, samplers) in enumerate(records.entrants().items()):
        own = []
        for one in samplers:
            values = np.array([value_at(records.runs.get((target, one["label"], seed)), metric, clock, time)
                               for seed in records.seeds])
            if not np.isnan(values).any():
                own.append((sign * values.mean(), place, name, one["label"], values))
        if own:
            found.append(min(own, key=lambda one: one[0]))
    return sorted(found, key=lambda one: one[:2])


def interval(best, second, lead):
    """Percentile interval, expanded for few seeds (Hesterberg 2015)."""
    n = len(best)
    tail = NormalDist().cdf(-math.sqrt(n / (n - 1)) * STUDENT[n])
    chosen = np.random.default_rng(1).integers(0, n, (RESAMPLES, n))
    return np.quantile(lead(best[chosen].mean(1), second[chosen].mean(1)), [tail, 1 - tail])


def near(a, b, tolerance=ROUNDING):
    return a == b or abs(a - b) <= tolerance * max(abs(a), abs(b))


def best_faults(records, rows):
    faults, compared = [], 0
    for row in rows:
        where = f"best, {row['target']} at {row['time']} {row['clock']} by {row['metric']}"
        found = standings(records, row["target"], row["metric"], row["clock"], float(row["time"]))
        if not found:
            if row["best"]:
                faults.append(f"{where}: {row['best']} instead of nobody")
            continue
        _, _, name, sampler, values = found[0]
        if (row["best"], row["sampler"]) != (name, sampler) or not near(float(row["mean"]), values.mean()):
            faults.append(f"{where}: {row['best']} {row['sampler']} {row['mean']} instead of "
                          f"{name} {sampler} {values.mean()}")
        if len(found) < 2 or faults:
            continue
        compared += 1
        other = found[1][4]
        if row["lead_is"] == "ratio":
            lead = lambda own, second: second / own
        elif records.better[row["metric"]] == "higher":
            lead = lambda own, second: own - second
        else:
            lead = lambda own, second: second - own
        exact = lead(values.mean(), other.mean())
        if row["second"] != found[1][2] or not near(float(row["lead"]), exact, 1e-7):
            faults.append(f"{where}: {row['second']} {row['lead']} behind instead of {found[1][2]} {exact}")
        if len(values) < 5:
            continue  # not resampled
        low, high = interval(values, other, lead)
        width = high - low
        # The ends lie beyond a thousandth of the resamples, and vary with them.
        if max(abs(float(row["lead_low"]) - low), abs(float(row["lead_high"]) - high)) > 0.25 * width:
            faults.append(f"{where}: [{row['lead_low']}, {row['lead_high']}] instead of [{low}, {high}]")
    return faults, compared


def is_good(records, target, point):
    judged = False
    for metric, floor in records.floors[target].items():
        better = records.better.get(metric, "neither")
        if metric not in records.metrics or better == "neither":
            continue
        outcome = point["metrics"].get(metric)
        if isinstance(outcome, dict) and "skipped" in outcome:
            continue
        value = value_of(point, metric)
        if better == "higher":
            if "q05" not in floor:
                continue
            limit = floor["mean"] - FLOORS * (floor["mean"] - floor["q05"])
            good = value >= limit
        elif floor["q95"] > 0:
            good = value <= FLOORS * floor["q95"]
        else:
            continue
        judged = True
        if not good:  # NaN too
            return False
    return judged


def solving(records, target, sampler, seed, clock):
    """(seconds until the run stays good, or infinity; what it spent), or nothing where there is no record."""
    run = records.runs.get((target, sampler, seed))
    if run is None:
        return None
    points, status = run
    first = math.inf
    if status in ("finished", "timeout"):
        for point in reversed(points):
            if not is_good(records, target, point):
                break
            first = spent(point, clock)
    return first, spent(points[-1], clock) if points else 0.0


def known_runs(records, target, sampler, clock):
    runs = [solving(records, target, sampler, seed, clock) for seed in records.seeds]
    return [run for run in runs if run is not None]


def expected(runs):
    solved = sum(math.isfinite(first) for first, _ in runs)
    total = sum(first if math.isfinite(first) else budget for first, budget in runs)
    return total / solved if solved else math.inf


def goal_faults(records, rows):
    faults, compared = [], 0
    for row in rows:
        for clock, name in (("CPU s", "cpu_s"), ("wall-clock s", "wall_s"), ("gradients", "gradients")):
            runs = known_runs(records, row["target"], row[name + "_sampler"], clock)
            times = sorted(first for first, _ in runs)
            budgets = sorted(budget for _, budget in runs)
            exact = {"_median": times[len(times) // 2], "_budget": budgets[len(budgets) // 2],
                     "_expected": expected(runs)}
            for what, value in exact.items():
                if not near(float(row[name + what]), value):
                    faults.append(f"time to quality, {row['entrant']} on {row['target']}: {name + what} "
                                  f"{row[name + what]} instead of {value}")
            least = min(expected(known_runs(records, row["target"], one["label"], clock))
                        for one in records.entrants()[row["entrant"]])
            if not near(float(row[name + "_expected"]), least):
                faults.append(f"time to quality, {row['entrant']} on {row['target']}: not the least of its lengths")
            compared += math.isfinite(exact["_expected"])
    return faults, compared


def profile_faults(records, rows):
    faults, compared = [], 0
    entrants = records.entrants()
    known = {}
    for row in rows:
        name, time = row["entrant"], float(row["cpu_s"])
        if name not in entrants:
            continue  # an oracle
        solved = pairs = 0
        for target in records.targets:
            if not records.floors[target]:
                continue
            most = 0
            counts = []
            for one in entrants[name]:
                place = (target, one["label"])
                if place not in known:
                    known[place] = known_runs(records, *place, "CPU s")
                counts.append(len(known[place]))
                # The grid's own times are rounded.
                most = max(most, sum(first <= time * (1 + 1e-12) for first, _ in known[place]))
            solved += most
            pairs += max(counts)
        compared += solved > 0
        if int(row["pairs"]) != pairs or not near(float(row["share"]), solved / pairs):
            faults.append(f"profile of {name} at {time}: {row['share']} of {row['pairs']} instead of "
                          f"{solved / pairs} of {pairs}")
        elif not float(row["low"]) <= float(row["share"]) + 1e-12 <= float(row["high"]) + 2e-12:
            faults.append(f"profile of {name} at {time}: its band leaves it out")
    return faults, compared


def read(folder, stem):
    """The rows of all tables in a file, each below a header of its own."""
    with open(folder / "tables" / (stem + ".csv"), encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [row for row in rows if row[next(iter(row))] != next(iter(row))]


def worse(rows, columns):
    """The rows with numbers that are a thousandth off."""
    return [{name: str(float(text) * 1.001) if name in columns and text else text for name, text in row.items()}
            for row in rows]


def main():
    program, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    records = Records(folder)
    with tempfile.TemporaryDirectory() as scratch:
        subprocess.run([program, "report", folder, "--out", scratch, "--no-figures"], check=True,
                       stdout=subprocess.DEVNULL)
        tables = {stem: read(pathlib.Path(scratch), stem) for stem in ("best", "time-to-quality", "profile")}
    checks = {"best": (best_faults, {"mean"}), "time-to-quality": (goal_faults, {"cpu_s_expected"}),
              "profile": (profile_faults, {"share"})}
    faults = []
    for stem, (check, columns) in checks.items():
        found, compared = check(records, tables[stem])
        print(f"{stem}: {compared} cells, {len(found)} faults")
        faults += found
        if compared < FEWEST:
            faults.append(f"{stem}: only {compared} cells were compared")
        if not check(records, worse(tables[stem], columns))[0]:
            faults.append(f"{stem}: numbers that are wrong go unnoticed")
    for fault in faults[:40]:
        print("fault:", fault)
    return 1 if faults else 0


sys.exit(main())
