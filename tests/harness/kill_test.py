"""Kills the program with SIGKILL at random moments of run, report, draw, fit and data fetch.

Nothing that was finished may be lost or changed, and the same command, given again, must finish as one that nobody
disturbed. usage: kill_test.py PROGRAM [--mirror DIR] [--moments N] [--seed S] [--only COMMAND]
"""
import argparse
import hashlib
import json
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

SPEC = """name = "tiny"
seeds = 2
draws = 200
checkpoints = 3
floor_replications = 3
keep = "all"
targets = ["gaussian"]
metrics = ["ksd_imq_v", "mmd"]
budget = { steps = 60 }
samplers = ["ula", "hmc:warmup=10", {name="kl", options={batch=16,width=8}}]
"""
FIT = """name = "tiny-fit"
summary = "a small classifier"
fit = "image-classifier"
options = { data = "strokes", channels = 2, features = 8 }
steps = 60
evaluate_every = 20
"""
DATA_SET = "mnist"


def sha(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def is_finished(record):
    try:
        return json.loads(record.read_text().splitlines()[-1])["type"] == "end"
    except (ValueError, IndexError, KeyError):
        return False


class Case:
    """A command, the finished work in its folder and what it leaves."""

    def __init__(self, program, common):
        self.program, self.common = program, common

    def prepare(self, folder):
        pass

    def finished(self, folder):
        return {}


class Run(Case):
    name = "run"

    def words(self, folder):
        return ["run", self.common / "tiny.toml", "--results", folder / "out", "--jobs", "1"]

    def finished(self, folder):
        return {path: sha(path) for path in folder.rglob("*.jsonl") if is_finished(path)}

    def left(self, folder):
        records = sorted(folder.rglob("*.jsonl"))
        assert all(is_finished(path) for path in records), "a record is not finished"
        tables = [path.name for path in folder.rglob("tables/*.csv") if path.name not in OVER_TIME]
        return [path.name for path in records], sorted(tables)


# Tables that a report leaves out where other load made the calibrations of a run and its continuation differ.
OVER_TIME = {"best-by-property.csv", "draws-wanted.csv", "profile.csv", "target-properties.csv", "time-to-quality.csv"}


class Report(Case):
    name = "report"

    def prepare(self, folder):
        shutil.copytree(self.common / "results" / "tiny", folder / "tiny")
        shutil.rmtree(folder / "tiny" / "report")

    def words(self, folder):
        return ["report", folder / "tiny"]

    def finished(self, folder):
        return {path: sha(path) for path in folder.rglob("*.jsonl")}

    def left(self, folder):
        report = folder / "tiny" / "report"
        return {str(path.relative_to(report)): sha(path) for path in report.rglob("*")
                if path.suffix in (".csv", ".md", ".tex", ".dat", ".gp")}


class Draw(Case):
    name = "draw"

    def prepare(self, folder):
        (folder / "draws.npy").write_bytes(b"kept until the new draws are whole")

    def words(self, folder):
        record = next(path for path in sorted((self.common / "results").rglob("*.jsonl"))
                      if path.with_suffix(".safetensors").exists())
        return ["draw", record, "-n", "200000", "--out", folder / "draws.npy"]

    def left(self, folder):
        return sha(folder / "draws.npy")

    def check_killed(self, folder, reference):
        whole = {reference, hashlib.sha256(b"kept until the new draws are whole").hexdigest()}
        assert sha(folder / "draws.npy") in whole, "half of the draws replaced the file"


class Fit(Case):
    name = "fit"

    def words(self, folder):
        return ["fit", self.common / "tiny-fit.toml", "--models", folder / "models"]

    def left(self, folder):
        return sha(folder / "models" / "tiny-fit.safetensors")

    def finished(self, folder):
        return {path: sha(path) for path in folder.rglob("*.safetensors")}


class Fetch(Case):
    name = "data fetch"

    def words(self, folder):
        return ["data", "fetch", DATA_SET, "--from", (self.common / "mirror").as_uri(),
                "--data", folder / "data"]

    def left(self, folder):
        return {path.name: sha(path) for path in (folder / "data").rglob("*") if path.is_file()}

    def check_killed(self, folder, reference):
        for path in (folder / "data").rglob("*") if (folder / "data").exists() else []:
            if path.is_file() and path.name in reference:
                assert sha(path) == reference[path.name], f"{path} is not whole"


def start(case, folder):
    words = [str(word) for word in [case.program, *case.words(folder)]]
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True)


def finish(case, folder):
    began = time.monotonic()
    process = start(case, folder)
    output = process.communicate(timeout=300)[0].decode(errors="replace")
    assert process.returncode == 0, f"{case.name}: exit code {process.returncode}\n{output}"
    return time.monotonic() - began


def kill_once(case, reference, seconds, random_numbers):
    """True where the command was killed before its end."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        case.prepare(folder)
        process = start(case, folder)
        time.sleep(random_numbers.random() * seconds)
        killed = process.poll() is None
        process.send_signal(signal.SIGKILL)
        process.communicate()
        before = case.finished(folder)
        if hasattr(case, "check_killed"):
            case.check_killed(folder, reference)
        finish(case, folder)
        for path, digest in before.items():
            assert path.exists() and sha(path) == digest, f"{path}: finished work was lost or changed"
        assert case.left(folder) == reference, f"{case.name}: left {case.left(folder)}, not {reference}"
        return killed


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program", type=pathlib.Path)
    parser.add_argument("--mirror", type=pathlib.Path, help="a folder of data files, for data fetch")
    parser.add_argument("--moments", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only")
    arguments = parser.parse_args()
    random_numbers = random.Random(arguments.seed)
    with tempfile.TemporaryDirectory() as name:
        common = pathlib.Path(name)
        (common / "tiny.toml").write_text(SPEC)
        (common / "tiny-fit.toml").write_text(FIT)
        subprocess.run([arguments.program, "run", common / "tiny.toml", "--results", common / "results"], check=True,
                       capture_output=True)
        kinds = [Run, Report, Draw, Fit]
        if arguments.mirror and (arguments.mirror / DATA_SET).is_dir():
            (common / "mirror").symlink_to(arguments.mirror.resolve())
            kinds.append(Fetch)
        cases = [kind(arguments.program, common) for kind in kinds]
        cases = [case for case in cases if arguments.only in (None, case.name)]
        for case in cases:
            with tempfile.TemporaryDirectory() as undisturbed:
                folder = pathlib.Path(undisturbed)
                case.prepare(folder)
                seconds = finish(case, folder)
                reference = case.left(folder)
            moments = arguments.moments // len(cases)
            killed = sum(kill_once(case, reference, seconds, random_numbers) for _ in range(moments))
            print(f"{case.name}: {moments} moments of {seconds:.2f} s, {killed} before its end, nothing lost", flush=True)


if __name__ == "__main__":
    sys.exit(main())
