"""A results folder of 200,000 finished runs, packed by two shards, is planned, resumed and reported within 1 GiB each.

Its records are made of those of one real run and one real noise floor, under the keys of the plan and with values of
their own. One run is left out, which the resumed command makes. Seconds are printed and not judged.
usage: many_runs_test.py PROGRAM
"""
import csv
import gzip
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import time

TARGETS, SAMPLERS, SEEDS, SHARDS = 5, 10, 4000, 2
RUNS = TARGETS * SAMPLERS * SEEDS
PEAK_KIB = 1 << 20
MEMBER = 2000  # records of a gzip member

SPEC = """name = "many"
seeds = {seeds}
draws = 50
checkpoints = 2
floor_replications = 20
start = false
keep = "none"
metrics = ["mmd", "sliced_wasserstein"]
budget = {{ steps = 20 }}
targets = [{targets}]
samplers = [{samplers}]
"""
METRICS = ("mmd", "sliced_wasserstein")


def spec(targets, samplers, seeds):
    target = '{{ name = "gaussian", label = "gaussian {0}", options = {{ correlation = 0.{0} }} }}'
    sampler = '{{ name = "ula", label = "ula {0}", options = {{ chains = 20, step_size = 0.0{0:02} }} }}'
    return SPEC.format(seeds=seeds, targets=", ".join(target.format(i) for i in range(1, targets + 1)),
                       samplers=", ".join(sampler.format(i) for i in range(1, samplers + 1)))


def measured(program, words, output):
    """Carries the command out, whose standard output goes to a file; its peak memory in KiB."""
    began = time.monotonic()
    with open(output, "wb") as out:
        process = subprocess.Popen([str(word) for word in [program, *words]], stdout=out)
        status, usage = os.wait4(process.pid, 0)[1:]
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, f"{words[0]}: exit code {process.returncode}"
    print(f"{words[0]} {words[-1]}: {time.monotonic() - began:.1f} s, {usage.ru_maxrss / 1024:.0f} MiB", flush=True)
    return usage.ru_maxrss


def jobs_of(plan):
    """The jobs of a plan in JSON, which stand on a line each."""
    with open(plan, encoding="utf-8") as lines:
        for line in lines:
            text = line.strip("[],\n")
            if text:
                yield json.loads(text)


def dumped(document):
    return json.dumps(document, separators=(",", ":"), sort_keys=True, ensure_ascii=False)


class Template:
    """The lines of one real record, from which others follow."""

    def __init__(self, file):
        self.begin, *self.others = [json.loads(line) for line in file.read_text().splitlines()]
        assert self.others[-1]["status"] == "finished", f"the template ended as {self.others[-1]}"

    def begin_of(self, target, sampler):
        """The first line of a run in three parts, between which its seed and its key stand."""
        begin = json.loads(json.dumps(self.begin))
        begin["key"], begin["job"]["seed"] = "@KEY@", "@SEED@"
        begin["job"]["target"]["label"], begin["job"]["sampler"]["label"] = target, sampler
        before, rest = dumped(begin).split('"@SEED@"')
        return (before, *rest.split("@KEY@"))

    def rest_with_values(self):
        """The other lines, a form for the values of their metrics."""
        lines = []
        for line in self.others:
            line = json.loads(json.dumps(line))
            for metric in METRICS if line["type"] == "checkpoint" else ():
                line["metrics"][metric] = "@VALUE@"
            lines.append(dumped(line).replace("%", "%%").replace('"@VALUE@"', "%.9g"))
        return "\n".join(lines) + "\n"


def write_shards(folder, plan, run, floor):
    """Every record of the plan but the last run's: runs packed, noise floors loose. The mean of the last value of the
    first metric by target and sampler, without the run that is left out, and the loose records."""
    random_numbers = random.Random(1)
    rest, begins, sums, loose = run.rest_with_values(), {}, {}, []
    shards = [folder / f"records-{shard + 1}-of-{SHARDS}.jsonl.gz" for shard in range(SHARDS)]
    open_records = [[] for _ in shards]

    def flush(shard):
        with gzip.open(shards[shard], "ab", 1) as file:
            file.write("".join(open_records[shard]).encode())
        open_records[shard] = []

    made = 0
    for job in jobs_of(plan):
        target, sampler, *seed = job["title"].split(" / ")
        if not seed:
            begin = json.loads(json.dumps(floor.begin))
            begin["key"], begin["job"]["target"]["label"] = job["key"], target
            place = folder.parent / job["record"]
            place.parent.mkdir(parents=True)
            place.write_text("\n".join(dumped(line) for line in [begin, *floor.others]) + "\n")
            loose.append(place)
            continue
        made += 1
        if made == RUNS:
            break
        if (target, sampler) not in begins:
            begins[target, sampler] = run.begin_of(target, sampler)
        before, between, after = begins[target, sampler]
        scale = 0.1 * float(sampler.split()[1])
        values = [scale * (1 + 0.2 * random_numbers.gauss(0, 1)) for _ in range(2 * len(METRICS))]
        total, count = sums.get((target, sampler), (0.0, 0))
        sums[target, sampler] = total + float("%.9g" % values[len(METRICS)]), count + 1
        record = before + seed[0].split()[1] + between + job["key"] + after + "\n" + rest % tuple(values)
        shard = made % SHARDS
        open_records[shard].append(record)
        if len(open_records[shard]) == MEMBER:
            flush(shard)
    for shard in range(SHARDS):
        flush(shard)
    assert made == RUNS, f"{made} runs are planned"
    return {cell: total / count for cell, (total, count) in sums.items()}, loose


def check_report(folder, means):
    with open(folder / "report" / "tables" / "metrics.csv", encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["metric"] == "mmd"]
    assert len(rows) == TARGETS * SAMPLERS, f"{len(rows)} cells are reported"
    for row in rows:
        mean = means[row["target"], row["sampler"]]
        assert float(row["values"]) == SEEDS, row
        # One run of a cell is real, and its value at most a few.
        assert abs(float(row["mean"]) - mean) < 0.001 * mean + 5 / SEEDS, (row, mean)
    assert len({round(mean, 2) for mean in means.values()}) >= SAMPLERS, "the samplers cannot be told apart"


def main():
    program = pathlib.Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as name:
        scratch = pathlib.Path(name)
        (scratch / "one.toml").write_text(spec(1, 1, 1))
        (scratch / "many.toml").write_text(spec(TARGETS, SAMPLERS, SEEDS))
        subprocess.run([program, "run", scratch / "one.toml", "--results", scratch / "one", "--no-report"], check=True,
                       capture_output=True)
        records = [Template(file) for file in (scratch / "one").rglob("*.jsonl")]
        floor, = [one for one in records if one.begin["kind"] == "floor"]
        run, = [one for one in records if one.begin["kind"] == "run"]

        grid = [scratch / "many.toml", "--results", scratch / "out"]
        plan, output, folder = scratch / "plan.json", scratch / "output", scratch / "out" / "many"
        peaks = {"plan of an empty folder": measured(program, ["run", *grid, "--json", "--dry-run"], plan)}
        folder.mkdir(parents=True)
        means, loose = write_shards(folder, plan, run, floor)
        peaks["plan"] = measured(program, ["run", *grid, "--json", "--dry-run"], plan)
        waiting = [job["title"] for job in jobs_of(plan) if not job["finished"]]
        assert len(waiting) == 1, f"{len(waiting)} runs wait, such as {waiting[:3]}"

        peaks["resume"] = measured(program, ["run", *grid, "--json", "--no-report", "--pack"], output)
        summary = json.loads(output.read_text())
        assert summary["found"] == RUNS + TARGETS - 1 and summary["statuses"] == {"finished": 1}, summary
        assert sorted(folder.rglob("*.jsonl")) == sorted(loose), "a run stands loose"
        assert not list(folder.glob("*.part")), "a lock is left"

        peaks["report"] = measured(program, ["report", folder], output)
        assert f"{RUNS} runs" in output.read_text(), output.read_text()
        check_report(folder, means)
        for step, peak in peaks.items():
            assert peak <= PEAK_KIB, f"{step}: {peak} KiB at its peak, and {PEAK_KIB} KiB are valid"


if __name__ == "__main__":
    sys.exit(main())
