#!/usr/bin/env python3
"""Runs libFuzzer on every reader for some CPU seconds each, as many readers at once as there are cores.

usage: run.py BUILD SECONDS [--readers NAME ...] [--jobs N]

BUILD is the build folder of the preset fuzz. Inputs that libFuzzer found to be of interest stay in BUILD/corpus and are
gone on from; findings go to BUILD/findings. BUILD/fuzz.json says what was run; a reader that it names with the same
program and as many seconds, and without a finding, is not run again. Exit code 1 where there is a finding.
"""
import argparse
import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys

MEMORY_MIB = 2048
SECONDS_OF_ONE = 30  # after which a reader hangs


def ended(words, environment):
    """Exit code, output and CPU seconds of a program. The seconds are its own: others run at the same time."""
    with subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        output = process.stdout.read().decode(errors="replace")
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, output, used.ru_utime + used.ru_stime


def statistic(output, name):
    """The last value that libFuzzer prints of `name`.

    >>> statistic("stat::number_of_executed_units: 12\\nstat::peak_rss_mb: 30", "number_of_executed_units")
    12
    >>> statistic("", "peak_rss_mb")
    0
    """
    found = re.findall(rf"^stat::{name}:\s*(\d+)", output, re.MULTILINE)
    return int(found[-1]) if found else 0


def fuzz(build, reader, seconds):
    """What came of fuzzing one reader."""
    programs = build / "tests" / "fuzz"
    corpus, findings = build / "corpus" / reader, build / "findings"
    for folder in (corpus, findings):
        folder.mkdir(parents=True, exist_ok=True)
    subprocess.run([programs / f"replay_{reader}", "--corpus", corpus], check=True)
    before = {path.name for path in findings.glob(f"{reader}-*")}
    # LibTorch is not compiled with the sanitizer, which then mistakes vectors that both sides change.
    environment = os.environ | {"ASAN_OPTIONS": "detect_container_overflow=0", "OMP_NUM_THREADS": "1"}
    spent, inputs, memory, failed = 0.0, 0, 0, False
    while not failed and (left := seconds - spent) >= 1:
        code, output, cpu_s = ended(
            [programs / f"fuzz_{reader}", f"-max_total_time={int(left)}", f"-timeout={SECONDS_OF_ONE}",
             f"-rss_limit_mb={MEMORY_MIB}", "-max_len=65536", "-print_final_stats=1",
             f"-artifact_prefix={findings}/{reader}-", corpus], environment)
        spent += cpu_s
        inputs += statistic(output, "number_of_executed_units")
        memory = max(memory, statistic(output, "peak_rss_mb"))
        failed = code != 0
        if failed:
            (findings / f"{reader}.log").write_text(output)
    found = sorted({path.name for path in findings.glob(f"{reader}-*")} - before)
    return {"reader": reader, "program": program_hash(build, reader), "seconds": seconds, "cpu_s": round(spent, 1),
            "inputs": inputs, "corpus": len(list(corpus.iterdir())), "peak_memory_mib": memory, "failed": failed,
            "findings": found}


def program_hash(build, reader):
    return hashlib.sha256((build / "tests" / "fuzz" / f"fuzz_{reader}").read_bytes()).hexdigest()


def runs_before(build):
    """The rows of BUILD/fuzz.json by reader."""
    path = build / "fuzz.json"
    return {row["reader"]: row for row in json.loads(path.read_text())["readers"]} if path.exists() else {}


def keep(build, rows):
    path, part = build / "fuzz.json", build / "fuzz.json.part"
    part.write_text(json.dumps({"readers": [rows[reader] for reader in sorted(rows)]}, indent=1) + "\n")
    part.replace(path)


def is_done(build, row, reader, seconds):
    return (bool(row) and not row["failed"] and row["seconds"] == seconds
            and row["program"] == program_hash(build, reader))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("seconds", type=int)
    parser.add_argument("--readers", nargs="*")
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)))
    arguments = parser.parse_args()
    build = arguments.build.resolve()
    known = sorted(path.name.removeprefix("fuzz_") for path in (build / "tests" / "fuzz").glob("fuzz_*")
                   if path.is_file() and os.access(path, os.X_OK))
    if not known:
        sys.exit(f"run.py: {build}: no programs of the preset fuzz are there")
    rows = {reader: row for reader, row in runs_before(build).items() if reader in known}
    readers = arguments.readers or known
    ahead = [one for one in readers if not is_done(build, rows.get(one), one, arguments.seconds)]
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        runs = [pool.submit(fuzz, build, reader, arguments.seconds) for reader in ahead]
        for run in concurrent.futures.as_completed(runs):
            row = run.result()
            rows[row["reader"]] = row
            keep(build, rows)
            print(f"{row['reader']}: {row['inputs']} inputs in {row['cpu_s']} CPU seconds, "
                  f"{'a finding: ' + ', '.join(row['findings']) if row['failed'] else 'no finding'}", flush=True)
    return 1 if any(rows[reader]["failed"] for reader in readers) else 0


if __name__ == "__main__":
    sys.exit(main())
