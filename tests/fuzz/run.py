#!/usr/bin/env python3
"""Runs libFuzzer on every reader for some CPU seconds each.

usage: run.py BUILD SECONDS [--readers NAME ...]

BUILD is the build folder of the preset fuzz. Inputs that libFuzzer found to be of interest stay in BUILD/corpus and are
gone on from; findings go to BUILD/findings. BUILD/fuzz.json says what was run. Exit code 1 where there is a finding.
"""
import argparse
import json
import os
import pathlib
import re
import resource
import subprocess
import sys

MEMORY_MIB = 2048
SECONDS_OF_ONE = 30  # after which a reader hangs


def cpu_seconds():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


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
    begin, inputs, memory, failed = cpu_seconds(), 0, 0, False
    while not failed and (left := seconds - (cpu_seconds() - begin)) >= 1:
        ended = subprocess.run(
            [programs / f"fuzz_{reader}", f"-max_total_time={int(left)}", f"-timeout={SECONDS_OF_ONE}",
             f"-rss_limit_mb={MEMORY_MIB}", "-max_len=65536", "-print_final_stats=1",
             f"-artifact_prefix={findings}/{reader}-", corpus],
            env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        output = ended.stdout.decode(errors="replace")
        inputs += statistic(output, "number_of_executed_units")
        memory = max(memory, statistic(output, "peak_rss_mb"))
        failed = ended.returncode != 0
        if failed:
            (findings / f"{reader}.log").write_text(output)
    found = sorted({path.name for path in findings.glob(f"{reader}-*")} - before)
    return {"reader": reader, "cpu_s": round(cpu_seconds() - begin, 1), "inputs": inputs,
            "corpus": len(list(corpus.iterdir())), "peak_memory_mib": memory, "failed": failed, "findings": found}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("seconds", type=int)
    parser.add_argument("--readers", nargs="*")
    arguments = parser.parse_args()
    build = arguments.build.resolve()
    known = sorted(path.name.removeprefix("fuzz_") for path in (build / "tests" / "fuzz").glob("fuzz_*")
                   if path.is_file() and os.access(path, os.X_OK))
    if not known:
        sys.exit(f"run.py: {build}: no programs of the preset fuzz are there")
    rows = []
    for reader in arguments.readers or known:
        rows.append(fuzz(build, reader, arguments.seconds))
        row = rows[-1]
        print(f"{reader}: {row['inputs']} inputs in {row['cpu_s']} CPU seconds, "
              f"{'a finding: ' + ', '.join(row['findings']) if row['failed'] else 'no finding'}", flush=True)
    (build / "fuzz.json").write_text(json.dumps({"seconds": arguments.seconds, "readers": rows}, indent=1) + "\n")
    return 1 if any(row["failed"] for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
