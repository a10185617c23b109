#!/usr/bin/env python3
"""Training steps, draws and a report of two builds side by side, on one thread of one idle machine, in turns.

usage: libtorch.py FOLDER OTHER [ROUNDS]     each is a build, such as build/release and build/release-libtorch

Prints the CPU time of each piece of work, the median over rounds, and the ratio of the other build's time to the
first's: the median of the rounds' ratios, with their range. The builds take turns, and the one that begins changes from
round to round.
"""
import json
import os
import pathlib
import resource
import statistics
import subprocess
import sys
import tempfile

SOURCES = pathlib.Path(__file__).resolve().parents[2]
RECORDS = SOURCES / "results/paper-planar"
# Which benchmarks of which program.
WORK = {"perf_neural": "^(train/(dft_2_score_steps|kl_2_score_steps|dft_blur|stein_ksd)|draws)(/|$)",
        "perf_image_sampler": "^(train|draw)/",
        "perf_flow": "^gradient/.*/784/100(/|$)",
        "perf_mcmc": "^(ula/1000|hmc_free/100|nuts_free/100)(/|$)"}
MILLISECONDS = {"ns": 1e-6, "us": 1e-3, "ms": 1.0, "s": 1e3}
ENVIRONMENT = dict(os.environ, OMP_NUM_THREADS="1", MKL_NUM_THREADS="1")


def times_of(printed):
    """The CPU milliseconds of each benchmark in the JSON that a program of Google Benchmark prints.

    >>> times_of('{"benchmarks": [{"name": "ula/1000", "cpu_time": 1500.0, "time_unit": "us"}]}')
    {'ula/1000': 1.5}
    """
    return {one["name"]: one["cpu_time"] * MILLISECONDS[one["time_unit"]] for one in json.loads(printed)["benchmarks"]}


def row(name, first, other):
    """The line of one piece of work, from its times in each round.

    >>> row("draws", [2.0, 4.0, 2.0], [1.0, 1.0, 1.0])
    'draws                                            2.000     1.000   0.50   0.25 to 0.50'
    """
    ratios = sorted(b / a for a, b in zip(first, other))
    return (f"{name:<44} {statistics.median(first):>9.3f} {statistics.median(other):>9.3f} "
            f"{statistics.median(ratios):>6.2f}   {ratios[0]:.2f} to {ratios[-1]:.2f}")


def benchmarks(build, program):
    return subprocess.run([build / "tests/perf" / program, f"--benchmark_filter={WORK[program]}",
                           "--benchmark_format=json"],
                          check=True, capture_output=True, text=True, env=ENVIRONMENT).stdout


def report_milliseconds(build):
    def spent():
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        return usage.ru_utime + usage.ru_stime

    with tempfile.TemporaryDirectory() as out:
        before = spent()
        subprocess.run([build / "samplerbench", "report", RECORDS, "--no-figures", "--out", out], check=True,
                       capture_output=True, env=ENVIRONMENT)
        return (spent() - before) * 1e3


def timed(build):
    """The CPU milliseconds of all work by its name."""
    times = {}
    for program in WORK:
        for name, time in times_of(benchmarks(build, program)).items():
            times[f"{program.removeprefix('perf_')} {name}"] = time
    times[f"report {RECORDS.name}"] = report_milliseconds(build)
    return times


def described(build):
    """A line on a build: its version, its libraries, and the instructions that they use here."""
    printed = subprocess.run([build / "samplerbench", "--version"], check=True, capture_output=True, text=True).stdout
    context = json.loads(benchmarks(build, "perf_mcmc"))["context"]
    return (f"{build.name}: {printed.strip()}, LibTorch {context['LibTorch']}, {context['BLAS'].strip()}, "
            f"{context['instruction set']}")


def main():
    rounds = (sys.argv[3:] or ["5"])[0]
    if len(sys.argv) not in (3, 4) or not rounds.isdecimal() or int(rounds) == 0:
        print(__doc__, file=sys.stderr)
        sys.exit(2)
    first, other = (pathlib.Path(word).resolve() for word in sys.argv[1:3])
    print(f"{described(first)}\n{described(other)}\none thread, {rounds} rounds; CPU milliseconds, and the ratio\n",
          flush=True)
    print(f"{'work':<44} {'first':>9} {'other':>9} {'ratio':>6}   in rounds", flush=True)
    found = {first: [], other: []}
    for index in range(int(rounds)):
        for build in (first, other) if index % 2 == 0 else (other, first):
            found[build].append(timed(build))
    for name in found[first][0]:
        print(row(name, *([times[name] for times in found[build]] for build in (first, other))))


if __name__ == "__main__":
    main()
